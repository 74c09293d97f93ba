// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Address, domainOf, readDomain, TenantId } from '@securemail/contracts';
import { createPool, type Pool } from '@securemail/event-store';
import { issueCertificate, newPrivateKey, writePkcs12, type Certificate } from '@securemail/smime';
import { createLogger } from '@securemail/telemetry';
import { readCertificateFolder } from './adapters/certificate-folder.ts';
import { newAuthority } from './adapters/internal-authority.ts';
import { readingOnce } from './adapters/reading.ts';
import { watchCertificateFolder } from './adapters/watched-folder.ts';
import type { Directory } from './domain/directory.ts';
import { namesFor } from './domain/import-item.ts';
import { importKey, ownName, type KeysOf } from './own-keys.ts';
import { openCryptoWorld } from './testing/running-crypto.ts';

const at = new Date();
const IN_A_LABELS = 'xn--rd-lka.example';
const authority = await newAuthority(at);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'international-names-'));
  await write('authorities/trusted.pem', authority.certificate.x509.toString());
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

/** What its certificate writes beyond ASCII is a SmtpUTF8Mailbox. */
async function issue(
  email: string,
  days = 1,
): Promise<{ certificate: Certificate; pem: string; file: Buffer }> {
  const key = await newPrivateKey('p-256');
  const validity = { notBefore: at, notAfter: new Date(at.getTime() + days * 86_400_000) };
  const certificate = issueCertificate(authority, key, { commonName: 'Somebody', emails: [email] }, validity);
  const file = writePkcs12({ key, certificate, chain: [authority.certificate] }, 'secret');
  return { certificate, pem: certificate.x509.toString(), file };
}

/** As mail may write the mailbox: whatever it says, inside it is the same address. */
const WRITTEN = ['søren@rød.example', `søren@${IN_A_LABELS}`, 'søren@RØD.Example', 'søren@rød。example'];
const IN_CERTIFICATES = ['søren@rød.example', `søren@${IN_A_LABELS}`, 'søren@RØD.example'];

describe.each(IN_CERTIFICATES)('a certificate for %s', (named) => {
  it.each(WRITTEN)('is found for mail to %s', async (written) => {
    const { certificate, pem } = await issue(named);
    await write('people/soren.pem', pem);
    const directory = await readCertificateFolder(folder);
    expect(directory.person(Address.parse(written), at)).toMatchObject({
      ok: true,
      certificate: { sha256: certificate.sha256 },
    });
    expect(directory.fromFolder().map(({ name }) => name)).toEqual([`søren@${IN_A_LABELS}`]);
  });

  it.each(WRITTEN)('signs for, and opens for, %s', async (written) => {
    const { certificate, file } = await issue(named);
    await write('keys/people/soren.p12', file);
    await write('keys/people/soren.p12.password', 'secret');
    const directory = await readCertificateFolder(folder);
    const address = Address.parse(written);
    expect(directory.signerFor(address, at)?.signer.certificate.sha256).toBe(certificate.sha256);
    const unwrappers = directory.unwrappersFor(address, []);
    expect(unwrappers.map((each) => each.certificate.sha256)).toEqual([certificate.sha256]);
    expect(directory.anySignerWithin(domainOf(address), at)).toBe(true);
  });
});

/** What is told of the folder, by the path in it. */
async function noticed(): Promise<{ directory: Directory; notices: string[] }> {
  const notices: string[] = [];
  const reading = readingOnce((notice) => notices.push(notice.replaceAll(`${folder}/`, '')));
  return { directory: await readCertificateFolder(folder, {}, { reading }), notices };
}

describe.each([
  ['letters', 'rød.example'],
  ['A-labels', IN_A_LABELS],
  ['capital letters', 'RØD.example'],
  ['letters taken apart, as macOS may write them', 'blåbær.example'.normalize('NFD')],
])('a file of an organisation that is called in %s', (_, called) => {
  const domain = readDomain(called) ?? '';

  it('is for all mail to its domain', async () => {
    const { certificate, pem } = await issue(`securemail@${domain}`);
    await write(`organisations/${called}.pem`, pem);
    const { directory, notices } = await noticed();
    expect(directory.organisation(domain, at)).toMatchObject({
      ok: true,
      certificate: { sha256: certificate.sha256 },
    });
    expect(notices).toEqual([]);
  });

  it.each(['', '+2027'])('signs and opens for its domain, also where it ends with "%s"', async (rest) => {
    const { certificate, file } = await issue(`securemail@${called.normalize('NFC')}`);
    await write(`keys/organisations/${called}${rest}.p12`, file);
    await write(`keys/organisations/${called}${rest}.p12.password`, 'secret');
    const { directory, notices } = await noticed();
    expect(directory.organisationSigner(domain, at)?.certificate.sha256).toBe(certificate.sha256);
    expect(directory.unwrappersFor(Address.parse(`bo@${domain}`), [domain])).toHaveLength(1);
    expect(notices).toEqual([]);
  });
});

describe('of the folder is told', () => {
  it('that two files are called alike, and both count', async () => {
    const longer = await issue('securemail@rød.example', 2);
    await write('organisations/rød.example.pem', longer.pem);
    await write(`organisations/${IN_A_LABELS}.crt`, (await issue('securemail@rød.example')).pem);
    const { directory, notices } = await noticed();
    expect(notices).toEqual([
      expect.stringMatching(
        /^organisations\/rød\.example\.pem and organisations\/xn--rd-lka\.example\.crt are called alike/,
      ),
    ]);
    expect(directory.organisation(IN_A_LABELS, at)).toMatchObject({
      certificate: { sha256: longer.certificate.sha256 },
    });
  });

  it.each(['hospital', '*.hospital.example', 'The hospital', 'bo@hospital.example'])(
    'that no organisation is called %s',
    async (called) => {
      await write(`organisations/${called}.pem`, (await issue('securemail@hospital.example')).pem);
      const { directory, notices } = await noticed();
      expect(notices).toEqual([expect.stringContaining(`organisations/${called}.pem is not used`)]);
      expect(directory.fromFolder()).toEqual([]);
    },
  );

  it('that a pattern is nobody, in the name of a file and in a certificate', async () => {
    await write('people/*@hospital.example.pem', (await issue('doctor@hospital.example')).pem);
    await write('people/all.pem', (await issue('*@hospital.example')).pem);
    const { directory, notices } = await noticed();
    expect(notices).toEqual([
      expect.stringMatching(/people\/\*@hospital\.example\.pem is not used: .*among the organisations/),
      expect.stringContaining('people/all.pem is for nobody'),
    ]);
    expect(directory.fromFolder()).toEqual([]);
  });

  it('by who watches it, without naming persons', async () => {
    await write('people/*@hospital.example.pem', (await issue('doctor@hospital.example')).pem);
    await write('organisations/anna@hospital.example.pem', (await issue('x@hospital.example')).pem);
    let said = '';
    const logger = createLogger('crypto', {
      level: 'warn',
      destination: { write: (line) => (said += line) },
    });
    const { close } = await watchCertificateFolder(folder, { rereadMs: 60_000, logger });
    close();
    expect(said).toContain('people/***@hospital.example.pem is not used');
    expect(said).toContain('organisations/***@hospital.example.pem is not used');
    expect(said).not.toContain('anna');
  });
});

it('a certificate for everybody of a domain is imported for the domain alone', async () => {
  const { certificate } = await issue('*@hospital.example');
  expect(namesFor({ domain: null, certificate })).toMatchObject({ ok: false });
  expect(namesFor({ domain: 'Hospital.example', certificate })).toEqual({
    ok: true,
    names: [{ kind: 'organisation', name: 'hospital.example' }],
  });
});

it('a certificate whose domain merely looks alike is nobody’s here', async () => {
  // The second letter is Cyrillic.
  await write('people/lookalike.pem', (await issue('bo@rоd.example')).pem);
  const directory = await readCertificateFolder(folder);
  expect(directory.person(Address.parse('bo@rod.example'), at)).toMatchObject({ ok: false });
});

describe('a key whose certificate writes the domain in letters', () => {
  let pool: Pool;
  beforeAll(async () => {
    const world = await openCryptoWorld();
    pool = createPool({ url: world.settings().database.url, schema: 'crypto' });
    await world.close();
  });
  afterAll(() => pool.end());

  it.each<[string, string | null]>([
    ['whom it names', null],
    ['the mailbox in letters', 'søren@rød.example'],
    ['the mailbox in A-labels', `søren@${IN_A_LABELS}`],
  ])('is taken in for %s, and signs from then on', async (_, who) => {
    const { certificate, file } = await issue('søren@rød.example');
    const tenant = { id: TenantId.parse('demo'), domains: [IN_A_LABELS] };
    const keys: KeysOf = { pool, folder, trustAnchors: [authority.certificate], tenant };
    const of = who === null ? null : ownName(who, tenant);
    const taken = await importKey(
      keys,
      { tenantId: tenant.id, by: 'ops', reason: 'a test', at },
      { bytes: file, password: () => Promise.resolve('secret'), of, forOpening: false },
    );
    expect(taken.entries).toEqual([{ kind: 'person', name: `søren@${IN_A_LABELS}` }]);
    const directory = await readCertificateFolder(folder);
    const found = directory.signerFor(Address.parse('søren@rød.example'), at);
    expect(found).toMatchObject({ whose: 'person' });
    expect(found?.signer.certificate.sha256).toBe(certificate.sha256);
  });
});
