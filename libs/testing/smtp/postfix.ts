// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../process/free-port.ts';
import { spawnTied } from '../process/tied-process.ts';

const run = promisify(execFile);
const POSTFIX = '/usr/sbin/postfix';
const PATHS = '/usr/sbin:/usr/bin:/bin';
const DAEMONS = '/usr/lib/postfix/sbin';
/** Of `nobody`, who has the mailboxes. */
const NOBODY = 65_534;

export interface PostfixOptions {
  /** What it calls itself. */
  name: string;
  /** Whose mail it takes. */
  domains: readonly string[];
  /** For STARTTLS, without which it takes nothing; null: it offers none. */
  tls: { certificatePem: string; keyPem: string } | null;
  /** PEM of the authority of which whoever hands in mail needs a certificate. */
  clientAuthority?: string;
  /**
   * More lines of main.cf, files beside it, and commands of a shell, one a line, that change its configuration before it
   * starts (`postconf …`). `/etc/postfix` stands for the folder that it gets, `submission/inet` for its second service.
   */
  more?: { main: string; files: Record<string, string>; commands?: string };
}

export interface RunningPostfix {
  host: string;
  port: number;
  /** Of a second service, for its own people. */
  submissionPort: number;
  /** What lies in its mailboxes, whoever it is for. */
  mails(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Whether this machine has Postfix (`apt install postfix`), and we are root, as its master has to be. */
export const postfixIsThere = (): boolean =>
  existsSync(POSTFIX) && existsSync(join(DAEMONS, 'smtpd')) && process.getuid?.() === 0;

/** Starts a Postfix of its own, beside any other, that delivers what it takes into mailboxes. */
export async function startPostfix({
  name,
  domains,
  tls,
  clientAuthority,
  more = { main: '', files: {} },
}: PostfixOptions): Promise<RunningPostfix> {
  const folder = await mkdtemp(join(tmpdir(), 'postfix-'));
  await chmod(folder, 0o755);
  const path = (...parts: string[]) => join(folder, ...parts);
  const here = (text: string) => text.replaceAll('/etc/postfix', folder);
  for (const each of ['etc', 'spool', 'data', 'mail']) await mkdir(path(each));
  await chown(path('mail'), NOBODY, NOBODY);
  const { stdout: owner } = await run('id', ['-u', 'postfix']);
  await chown(path('data'), Number(owner), 0);
  if (tls !== null) {
    await writeFile(path('certificate.pem'), tls.certificatePem);
    await writeFile(path('key.pem'), tls.keyPem, { mode: 0o600 });
  }
  if (clientAuthority !== undefined) await writeFile(path('clients.pem'), clientAuthority);
  const [port, submissionPort] = [await freePort(), await freePort()];
  await writeFile(
    path('etc', 'main.cf'),
    mainOf(path, name, domains, tls !== null, clientAuthority !== undefined) + here(more.main),
  );
  for (const [file, text] of Object.entries(more.files)) await writeFile(path(file), here(text));
  await writeFile(path('etc', 'master.cf'), masterOf(port, submissionPort));
  const commands = (more.commands ?? '').replaceAll('submission/inet', `127.0.0.1:${submissionPort}/inet`);
  await run('sh', ['-e', '-c', here(commands)], { env: { PATH: PATHS, MAIL_CONFIG: path('etc') } });
  const program = await spawnTied(POSTFIX, ['-c', path('etc'), 'start-fg'], { farewell: 'TERM' });
  const log = () => readFile(path('log'), 'utf8').catch(() => '');
  while (!(await log()).includes('daemon started')) {
    if (program.hasExited()) throw new Error(`Postfix ended: ${program.lastWords()} ${await log()}`);
    await sleep(50);
  }
  return {
    host: '127.0.0.1',
    port,
    submissionPort,
    async mails() {
      const files = await readdir(path('mail', 'box', 'new')).catch(() => []);
      return await Promise.all(files.map((file) => readFile(path('mail', 'box', 'new', file), 'latin1')));
    },
    async stop() {
      await run(POSTFIX, ['-c', path('etc'), 'stop']).catch(() => undefined);
      await program.stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function mainOf(
  path: (...parts: string[]) => string,
  name: string,
  domains: readonly string[],
  offersTls: boolean,
  wantsClientCertificate: boolean,
): string {
  const settings = {
    compatibility_level: '3.6',
    queue_directory: path('spool'),
    data_directory: path('data'),
    command_directory: '/usr/sbin',
    daemon_directory: DAEMONS,
    mail_owner: 'postfix',
    setgid_group: 'postdrop',
    maillog_file_prefixes: path('log'),
    maillog_file: path('log'),
    myhostname: name,
    mydestination: '',
    alias_maps: '',
    inet_interfaces: '127.0.0.1',
    virtual_mailbox_domains: domains.join(', '),
    virtual_mailbox_base: path('mail'),
    virtual_mailbox_maps: 'static:box/',
    virtual_uid_maps: `static:${NOBODY}`,
    virtual_gid_maps: `static:${NOBODY}`,
    smtpd_recipient_restrictions: 'reject_unauth_destination',
    ...(offersTls
      ? {
          smtpd_tls_security_level: 'encrypt',
          smtpd_tls_cert_file: path('certificate.pem'),
          smtpd_tls_key_file: path('key.pem'),
        }
      : {}),
    ...(wantsClientCertificate ? { smtpd_tls_req_ccert: 'yes', smtpd_tls_CAfile: path('clients.pem') } : {}),
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
}

/** The daemons that taking mail, sending it on and putting it into mailboxes needs, none of them in a chroot. */
const masterOf = (port: number, submissionPort: number): string => `127.0.0.1:${port} inet n - n - - smtpd
127.0.0.1:${submissionPort} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
`;
