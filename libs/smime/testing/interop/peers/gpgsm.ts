// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity, OpensslWorkshop } from '../../openssl-workshop.ts';
import { runProgram } from '../../run-program.ts';
import { NotOffered, PeerRefused, type Peer } from '../peer.ts';
import { PKCS12_PASSWORD, writePkcs12, type Person } from '../people.ts';

/** No terminal, no window, no network, no question. */
const QUIETLY = [
  ...['--batch', '--no-tty', '--yes', '--disable-crl-checks', '--disable-dirmngr'],
  ...['--pinentry-mode', 'loopback', '--passphrase-fd', '0', '--status-fd', '1'],
];
const CIPHERS: Readonly<Partial<Record<string, string>>> = { 'aes-128-cbc': 'AES', 'aes-256-cbc': 'AES256' };

/** GnuPG's gpgsm with a home of its own, which trusts one authority; null where it is not installed. */
export async function gpgsmPeer(workshop: OpensslWorkshop, authority: Identity): Promise<Peer | null> {
  const answer = await runProgram('gpgsm', ['--version']);
  const version = /^gpgsm \(GnuPG\) (\d+\.\d+\.\d+)/.exec(answer?.out.toString() ?? '')?.[1];
  if (version === undefined || (await runProgram('gpg-agent', ['--version'])) === null) return null;
  const home = await mkdtemp(join(tmpdir(), 'gpgsm-'));
  const env = { GNUPGHOME: home };

  /** Its exit code tells of every warning; what became of a decryption is told by its status lines. */
  const run = async (...args: string[]): Promise<void> => {
    const ran = await runProgram('gpgsm', [...QUIETLY, ...args], { env, input: `${PKCS12_PASSWORD}\n` });
    const done = ran?.code === 0 || ran?.out.includes('[GNUPG:] DECRYPTION_OKAY') === true;
    if (!done) throw new PeerRefused(reasonIn(ran?.complaint ?? ''));
  };
  /** Runs `gpgsm`, with its result in a file. */
  const gpgsm = async (...args: string[]): Promise<Buffer> => {
    const out = workshop.path('out');
    await run('-o', out, ...args);
    return await readFile(out);
  };
  const fingerprint = authority.certificate.x509.fingerprint;
  await writeFile(join(home, 'trustlist.txt'), `${fingerprint} S relax\n`);
  await writeFile(join(home, 'gpg-agent.conf'), 'allow-loopback-pinentry\n');
  await run('--import', authority.certificatePath);

  const known = new Map<string, Promise<void>>();
  /** Imports a file once. */
  const meet = (file: string): Promise<void> => {
    const met = known.get(file) ?? run('--import', file);
    known.set(file, met);
    return met;
  };
  /** Of sixty PKCS#12 files it cannot read about one, for what their salts make of them: then it gets another. */
  const importKey = async (person: Person, file: string, attempts = 5): Promise<void> => {
    try {
      await run('--import', file);
    } catch (error) {
      if (attempts === 1 || !(error instanceof PeerRefused)) throw error;
      await writePkcs12(person);
      await importKey(person, file, attempts - 1);
    }
  };
  const meetWithKey = async (person: Person): Promise<void> => {
    const { pkcs12Path } = person;
    if (pkcs12Path === null) throw new NotOffered('no PKCS#12 file carries this key to it');
    const met = known.get(pkcs12Path) ?? importKey(person, pkcs12Path);
    known.set(pkcs12Path, met);
    await met;
  };

  return {
    name: 'gpgsm',
    version,
    verify: async (cms, content) => {
      const file = await workshop.write('cms', cms);
      if (content === null) return await gpgsm('--verify', file);
      await run('--verify', file, await workshop.write('content', content));
      return content;
    },
    decrypt: async (cms, reader) => {
      await meetWithKey(reader);
      return await gpgsm('--decrypt', await workshop.write('cms', cms));
    },
    sign: async (content, signer, { algorithm, form }) => {
      await meetWithKey(signer);
      const digest = algorithm === 'ed25519' ? 'SHA512' : algorithm.slice(-'sha256'.length).toUpperCase();
      const options = [
        '--digest-algo',
        digest,
        '-u',
        signer.certificate.x509.fingerprint.replaceAll(':', ''),
      ];
      const file = await workshop.write('content', content);
      return await gpgsm('--sign', ...options, ...(form === 'detached' ? ['--detach-sign'] : []), file);
    },
    encrypt: async (content, recipients, contentEncryption) => {
      const cipher = CIPHERS[contentEncryption];
      if (cipher === undefined) throw new NotOffered('it has no option for this cipher');
      for (const { person } of recipients) await meet(person.certificatePath);
      const names = recipients.flatMap(({ person }) => [
        '-r',
        person.certificate.x509.fingerprint.replaceAll(':', ''),
      ]);
      const file = await workshop.write('content', content);
      return await gpgsm('--encrypt', '--cipher-algo', cipher, ...names, file);
    },
    async close() {
      await runProgram('gpgconf', ['--kill', 'all'], { env });
      await rm(home, { recursive: true, force: true });
    },
  };
}

const BESIDE_THE_MATTER = /^\s|^(CRLs not checked|DBG:|total number|Signature made|encrypted to|Note:)/;

/** The last two things it says of the matter: the first of them is often the cause. */
function reasonIn(complaint: string): string {
  const said = complaint
    .split('\n')
    .filter((line) => line.startsWith('gpgsm: '))
    .map((line) => line.slice('gpgsm: '.length).replace(/, offset \d+/, ''))
    .filter((line) => !BESIDE_THE_MATTER.test(line));
  return said.length === 0 ? 'nothing' : said.slice(-2).join('; ');
}
