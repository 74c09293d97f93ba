// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readCertificates } from '@securemail/smime';
import { expired, missing, type Issued } from '@securemail/testing';
import { inLayers, messageAround } from './testing/outside-mail.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const ENTITY = 'Content-Type: text/plain\r\n\r\nHello\r\n';
const run = promisify(execFile);
const hasNss = await run('certutil', ['--help']).then(
  () => true,
  (error: unknown) => (error as { code?: unknown }).code !== 'ENOENT',
);
if (!hasNss) missing('cmsutil', 'apt-get install libnss3-tools');

let world: CryptoWorld;
let crypto: { close(): Promise<void> };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'separate-certificates-'));
  world = await openCryptoWorld();
  crypto = await world.start();
});
afterAll(async () => {
  await crypto.close();
  await world.close();
  await rm(folder, { recursive: true });
});

let people = 0;
/** Who has one certificate to sign, and others; each with another address. */
async function somebody() {
  people += 1;
  const email = `two${people}@citizen.example`;
  const { authority } = world.cast;
  return {
    email,
    signing: await authority.issuePerson({ email, name: 'Two', keyUsage: ['digitalSignature'] }),
    reading: (more = {}) =>
      authority.issuePerson({ email, name: 'Two', keyUsage: ['keyEncipherment'], ...more }),
  };
}

/** @returns what mail to whom it is from is encrypted for afterwards; null where it is not. */
async function learntFrom(from: string, entity: string): Promise<string | null> {
  const emailId = await world.accept({
    from,
    to: ['anna@demo.example'],
    message: messageAround(entity, { from }),
    inbound: {},
  });
  const [opened] = named(await world.outcome(emailId), 'EmailOpened');
  expect(opened?.data.verdict).toBe('valid');
  const answer = await world.outcome(await world.accept({ to: [from] }));
  return named(answer, 'EmailProtected')[0]?.data.encryption?.certificateSha256.join() ?? null;
}

const fingerprint = ({ certificatePem }: Issued) => readCertificates(certificatePem)[0]!.sha256;

async function signedBeside(signing: Issued, others: readonly Issued[]): Promise<string> {
  const file = join(folder, 'others.pem');
  await writeFile(file, others.map(({ certificatePem }) => certificatePem).join('\n'));
  return await inLayers(ENTITY, [{ sign: signing, options: ['-certfile', file] }]);
}

describe('to who signs with one certificate and reads with another', () => {
  it('mail is encrypted for the one that came along', async () => {
    const { email, signing, reading } = await somebody();
    const read = await reading();
    expect(await learntFrom(email, await signedBeside(signing, [read]))).toBe(fingerprint(read));
  });

  it('mail is not encrypted for one of two that came along, of which he says nothing', async () => {
    const { email, signing, reading } = await somebody();
    const two = [await reading(), await reading()];
    expect(await learntFrom(email, await signedBeside(signing, two))).toBeNull();
  });

  it.each([
    ['of another address', async () => (await somebody()).reading()],
    [
      'that is over',
      async (his: Awaited<ReturnType<typeof somebody>>) => his.reading({ validity: expired() }),
    ],
    ['of somebody who is trusted by nobody', () => Promise.resolve(world.cast.issued.untrusted)],
  ])('mail is not encrypted for one %s', async (_, other) => {
    const his = await somebody();
    expect(await learntFrom(his.email, await signedBeside(his.signing, [await other(his)]))).toBeNull();
  });

  (hasNss ? it : it.skip)('mail is encrypted for the one that he names, as NSS does it', async () => {
    const { email } = await somebody();
    const signing = await world.cast.authority.issuePerson({ email, name: 'Signing' });
    const preferred = await world.cast.authority.issuePerson({ email, name: 'Reading' });
    expect(await learntFrom(email, await signedByNss(signing, preferred))).toBe(fingerprint(preferred));
  });
});

async function signedByNss(signing: Issued, preferred: Issued): Promise<string> {
  const database = ['-d', `sql:${await mkdtemp(join(folder, 'nss-'))}`];
  const file = async (name: string, content: string | Buffer) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const know = async (name: string, { certificatePem }: Pick<Issued, 'certificatePem'>, trust: string) =>
    await run('certutil', [
      ...['-A', '-n', name, '-t', trust, '-i', await file(`${name}.pem`, certificatePem)],
      ...database,
    ]);
  const own = async (name: string, issued: Issued) => {
    await know(name, issued, ',,');
    const key = await file(`${name}.p12`, issued.pkcs12('password'));
    await run('pk12util', ['-i', key, '-W', 'password', '-K', '', ...database]);
  };
  await run('certutil', ['-N', '--empty-password', ...database]);
  await know('authority', world.cast.authority, ',C,');
  await own('signing', signing);
  await own('reading', preferred);
  const [content, cms] = [await file('content', ENTITY), join(folder, 'cms')];
  await run('cmsutil', ['-S', '-N', 'signing', '-Y', 'reading', '-G', '-i', content, '-o', cms, ...database]);
  const lines = (await readFile(cms)).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  return `Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`;
}
