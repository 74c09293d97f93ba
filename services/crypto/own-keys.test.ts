// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { TenantId, type DomainEvent } from '@securemail/contracts';
import {
  certificateOf,
  encryptEntity,
  entityOf,
  loadPkcs12,
  openMessage,
  softwareUnwrapper,
} from '@securemail/smime';
import { createCertificateAuthority, expired, notYetValid } from '@securemail/testing';
import { openPolicies } from '@securemail/service';
import { createLogger } from '@securemail/telemetry';
import { readCertificateFolder } from './adapters/certificate-folder.ts';
import { keyHistoryOf } from './adapters/key-changes.ts';
import { watchCertificates } from './certificate-watch.ts';
import { listKeys } from './key-list.ts';
import {
  importKey,
  issueKey,
  KeyRefusedError,
  ownName,
  requestKey,
  retireKey,
  type KeyImport,
  type KeysOf,
} from './own-keys.ts';
import { openedBy, issueFor, sha256Of } from './testing/openssl.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const TENANT = TenantId.parse('demo');
let world: CryptoWorld;
beforeAll(async () => {
  world = await openCryptoWorld();
});
afterAll(() => world.close());

/** Of one test: nothing in it but whom it trusts. */
let folder: string;
let count = 0;
beforeEach(async () => {
  folder = join(world.cast.folder, '..', `folder-${(count += 1)}`);
  await mkdir(join(folder, 'authorities'), { recursive: true });
  await writeFile(join(folder, 'authorities/trusted.pem'), world.cast.authority.certificatePem);
});

const keysOf = async (): Promise<KeysOf> => {
  const { trustAnchors } = await readCertificateFolder(folder, {}, { withKeys: false });
  return { pool: world.pool, folder, trustAnchors, tenant: { id: TENANT, domains: ['demo.example'] } };
};
const change = (reason = 'a test') => ({ tenantId: TENANT, by: 'ops', reason, at: new Date() });
const person = (name: string) => ({ kind: 'person' as const, name: `${name}@demo.example` });
const newKey = (name: string) => ({ of: person(name), kind: 'p-256' as const, commonName: null });
const importing = (bytes: Buffer | string, more: Partial<KeyImport> = {}): KeyImport => ({
  bytes: Buffer.from(bytes as string),
  password: () => Promise.resolve('secret'),
  of: null,
  forOpening: false,
  ...more,
});
const issue = async (email: string, validity = {}, by = world.cast.authority) => {
  const issued = await by.issuePerson({ email, name: email, ...validity });
  const { certificatePem } = issued;
  return { certificatePem, file: issued.pkcs12('secret'), otherFile: issued.pkcs12('other') };
};
const statesOf = async (name: string) =>
  (await listKeys(await keysOf(), new Date()))
    .filter((view) => view.name === `${name}@demo.example`)
    .map(({ state, certificate }) => [state, certificate?.sha256 ?? null]);

describe('a PKCS#12 file', () => {
  it('is taken in, and signs what its person sends, as soon as the gateway looks', async () => {
    const running = await world.start({ rereadSeconds: 1, directory: folder });
    const { certificatePem, file } = await issue('ida@demo.example');
    const sha256 = sha256Of(certificatePem);
    const taken = await importKey(await keysOf(), change('she asked'), importing(file));
    expect(taken).toMatchObject({ sha256, entries: [person('ida')] });
    await mkdir(join(folder, 'people'));
    await writeFile(join(folder, 'people/bo.pem'), world.cast.issued.bo.certificatePem);
    let event: DomainEvent<'EmailProtected'> | undefined;
    while (event === undefined) {
      await sleep(200);
      const emailId = await world.accept({ from: 'ida@demo.example', to: ['bo@citizen.example'] });
      [event] = named(await world.outcome(emailId), 'EmailProtected');
    }
    expect(event.data.signature).toMatchObject({ signer: 'person', certificateSha256: sha256 });
    const { signer } = await openedBy(
      world.cast.issued.bo,
      await world.contentOf(event),
      world.cast.authority.certificatePem,
    );
    expect(signer).toBe(sha256);
    await running.close();
  });

  it.each<[string, () => Promise<KeyImport>, string]>([
    [
      'of somebody who is not ours',
      async () => importing((await issue('eve@else.example')).file),
      'else.example is not a domain of this organisation',
    ],
    [
      'that does not name whom it is for',
      async () => importing((await issue('eve@demo.example')).file, { of: person('kim') }),
      'does not name kim@demo.example',
    ],
    [
      'of an authority that nobody here trusts',
      async () => {
        const by = await createCertificateAuthority({ name: 'Stranger' });
        return importing((await issue('eve@demo.example', {}, by)).file);
      },
      'put its authority into the folder',
    ],
    [
      'that has expired',
      async () => importing((await issue('eve@demo.example', { validity: expired() })).file),
      '--for-opening',
    ],
    [
      'under another password',
      async () => importing((await issue('eve@demo.example')).otherFile),
      'the password does not open',
    ],
    ['that is none', () => Promise.resolve(importing('rubbish')), 'no PKCS#12 file'],
    [
      'without its key',
      async () => importing((await issue('eve@demo.example')).certificatePem),
      'no key waits for this certificate',
    ],
  ])('%s is refused, and nothing is left of it', async (_, wanted, why) => {
    const before = await filesIn('keys');
    const history = await keyHistoryOf(world.pool, TENANT);
    await expect(importKey(await keysOf(), change(), await wanted())).rejects.toThrow(why);
    expect(await filesIn('keys')).toEqual(before);
    expect(await keyHistoryOf(world.pool, TENANT)).toEqual(history);
  });

  it('that is here already is refused', async () => {
    const { file } = await issue('twice@demo.example');
    await importKey(await keysOf(), change(), importing(file));
    await expect(importKey(await keysOf(), change(), importing(file))).rejects.toThrow('here already');
  });

  it('of old mail is kept for opening, also where it could not sign any more', async () => {
    const { certificatePem, file } = await issue('old@demo.example', { validity: expired() });
    await importKey(await keysOf(), change(), importing(file, { forOpening: true }));
    expect(await statesOf('old')).toEqual([['retired', sha256Of(certificatePem)]]);
  });

  it('of an organisation signs for all of it', async () => {
    const issued = await world.cast.authority.issueOrganisation({ domain: 'demo.example', name: 'New' });
    const of = ownName('Demo.example', { domains: ['demo.example'] });
    const taken = await importKey(await keysOf(), change(), importing(issued.pkcs12('secret'), { of }));
    expect(taken.entries).toEqual([{ kind: 'organisation', name: 'demo.example' }]);
    const directory = await readCertificateFolder(folder);
    expect(directory.signerFor('nobody@demo.example' as never, new Date())?.signer.certificate.sha256).toBe(
      taken.sha256,
    );
  });
});

describe('a key that waits for its certificate', () => {
  it('is found by the certificate that an authority issued for the request', async () => {
    const { pem } = await requestKey(await keysOf(), change(), newKey('kim'));
    await requestKey(await keysOf(), change(), newKey('kim'));
    expect(await statesOf('kim')).toEqual([
      ['pending', null],
      ['pending', null],
    ]);
    const { certificatePem, rootPem } = await issueFor(pem, 'kim@demo.example');
    await writeFile(join(folder, 'authorities/requested.pem'), rootPem);
    const taken = await importKey(await keysOf(), change(), importing(certificatePem));
    expect(taken.sha256).toBe(sha256Of(certificatePem));
    expect(await statesOf('kim')).toEqual([
      ['signs', taken.sha256],
      ['pending', null],
    ]);
    const directory = await readCertificateFolder(folder);
    expect(directory.signerFor('kim@demo.example' as never, new Date())).toMatchObject({ whose: 'person' });
    const history = (await listKeys(await keysOf(), new Date())).find(({ state, name }) => {
      return state === 'signs' && name === 'kim@demo.example';
    })?.history;
    expect(history?.map((each) => each.change)).toEqual(['requested', 'imported']);
  });
});

describe('the built-in authority', () => {
  it('is made when it is first needed, once, and is trusted here', async () => {
    const [one, other] = await Promise.all([
      issueKey(await keysOf(), change(), { ...newKey('one'), days: 30 }),
      issueKey(await keysOf(), change(), { ...newKey('two'), days: 30 }),
    ]);
    expect([one, other].filter(({ authorityCreated }) => authorityCreated)).toHaveLength(1);
    expect(await statesOf('one')).toEqual([['signs', one.sha256]]);
    const pem = await readFile(join(folder, 'authorities/securemail-internal.pem'), 'utf8');
    const { x509, authority } = certificateOf(new X509Certificate(pem).raw);
    expect(authority).toEqual({ pathLength: 0 });
    expect(x509.subject).toContain('internal');
  });
});

describe('a certificate of the built-in authority', () => {
  const organisation = { kind: 'organisation' as const, name: 'demo.example' };
  const forAll = { of: organisation, kind: 'p-256' as const, commonName: null };
  const importAll = async () => {
    const { certificatePem, file } = await issue('securemail@demo.example');
    await importKey(await keysOf(), change(), importing(file, { of: organisation }));
    return sha256Of(certificatePem);
  };

  it('does not take the place of one that others trust unless that is said, and leaves nothing', async () => {
    const trusted = await importAll();
    const before = await filesIn('.');
    const history = await keyHistoryOf(world.pool, TENANT);
    await expect(issueKey(await keysOf(), change(), { ...forAll, days: 30 })).rejects.toThrow(
      new KeyRefusedError(
        `${trusted.slice(0, 16)}, issued by CN=Trusted, signs for demo.example; a certificate of the built-in ` +
          'authority, which nobody outside trusts by itself, would sign in its place. If it is to: --replace',
      ),
    );
    expect(await filesIn('.')).toEqual(before);
    expect(await keyHistoryOf(world.pool, TENANT)).toEqual(history);
    const taken = await issueKey(await keysOf(), change(), { ...forAll, days: 30, replace: true });
    expect(taken.supersedes).toEqual({ ...organisation, sha256: trusted, issuer: 'CN=Trusted' });
  });

  it('for a person neither, where the organisation’s signs for him', async () => {
    const trusted = await importAll();
    const wanted = { ...newKey('vera'), days: 30 };
    await expect(issueKey(await keysOf(), change(), wanted)).rejects.toThrow(
      `${trusted.slice(0, 16)}, issued by CN=Trusted, signs for vera@demo.example; `,
    );
    const taken = await issueKey(await keysOf(), change(), { ...wanted, replace: true });
    expect(taken.supersedes).toMatchObject({ ...organisation, sha256: trusted });
  });

  it('follows one of its own as before, which it names', async () => {
    const first = await issueKey(await keysOf(), change(), { ...forAll, days: 30 });
    expect(first.supersedes).toBeNull();
    const second = await issueKey(await keysOf(), change(), { ...forAll, days: 30 });
    expect(second.supersedes).toMatchObject({ sha256: first.sha256 });
  });

  it('follows a retired one', async () => {
    const trusted = await importAll();
    await retireKey(await keysOf(), change(), trusted);
    expect((await issueKey(await keysOf(), change(), { ...forAll, days: 30 })).supersedes).toBeNull();
  });
});

describe('at a change of keys', () => {
  it('the new one signs, the old one opens what was encrypted for it, and a retired one signs no more', async () => {
    const keys = await keysOf();
    const first = await issueKey(keys, change(), { ...newKey('roll'), days: 30 });
    await sleep(1_100); // certificates count in seconds
    const second = await issueKey(await keysOf(), change(), { ...newKey('roll'), days: 30 });
    expect(await statesOf('roll')).toEqual([
      ['signs', second.sha256],
      ['superseded', first.sha256],
    ]);
    const { certificatePem, file } = await issue('roll@demo.example', { validity: notYetValid() });
    await importKey(await keysOf(), change(), importing(file));
    await retireKey(await keysOf(), change('it was seen elsewhere'), second.sha256.slice(0, 12));
    expect(await statesOf('roll')).toEqual([
      ['not-yet-valid', sha256Of(certificatePem)],
      ['retired', second.sha256],
      ['signs', first.sha256],
    ]);
    await expect(retireKey(await keysOf(), change(), second.sha256)).rejects.toThrow('retired already');
    // What opens is the same file as before.
    const kept = (await filesIn('keys/people')).find((each) =>
      each.endsWith(`${second.sha256.slice(0, 16)}.p12`),
    );
    const path = join(folder, 'keys/people', kept!);
    const password = (await readFile(`${path}.password`, 'utf8')).trimEnd();
    const { key, certificate } = loadPkcs12(await readFile(path), password);
    const letter = entityOf(Buffer.from('Content-Type: text/plain\r\n\r\nDear Rolf\r\n'));
    const encrypted = await encryptEntity(letter, [certificate]);
    const opened: Buffer[] = [];
    await openMessage(Readable.from([Buffer.from('MIME-Version: 1.0\r\n'), await buffer(encrypted.open())]), {
      unwrappers: [softwareUnwrapper({ key, certificate })],
      keep: async (content) => {
        for await (const chunk of content) opened.push(chunk);
      },
    });
    expect(Buffer.concat(opened).toString()).toContain('Dear Rolf');
  });

  it('every change is written down with who and why, for ever', async () => {
    const history = await keyHistoryOf(world.pool, TENANT);
    expect(history).toContainEqual(
      expect.objectContaining({ change: 'imported', by: 'ops', reason: 'she asked', ...person('ida') }),
    );
    expect(history).toContainEqual(
      expect.objectContaining({ change: 'retired', reason: 'it was seen elsewhere' }),
    );
    await expect(world.pool.query('delete from key_history')).rejects.toThrow('append-only');
    expect(await keyHistoryOf(world.pool, TenantId.parse('keyless'))).toEqual([]);
  });

  it('what is written down not, is not done either', async () => {
    const before = await filesIn('.');
    const unlock = await world.shutDatabase();
    await expect(issueKey(await keysOf(), change(), { ...newKey('never'), days: 3 })).rejects.toThrow();
    await unlock();
    expect(await filesIn('.')).toEqual(before);
  });

  it('the log warns of a name for which soon nobody signs', async () => {
    await issueKey(await keysOf(), change(), { ...newKey('soon'), days: 5 });
    let said = '';
    const logger = createLogger('crypto', {
      level: 'info',
      destination: { write: (line) => (said += line) },
    });
    const directory = await readCertificateFolder(folder);
    const policies = await openPolicies({ pool: world.pool, tenants: new Map(), logger });
    const platform = { pool: world.pool, logger, tenants: new Map(), policies };
    const watch = watchCertificates(platform, () => directory);
    while (!said.includes('own keys want a successor')) await sleep(20);
    await watch.close();
    await policies.close();
    const lines = said.split('\n').filter((line) => line.includes('own keys'));
    expect(lines.join()).toContain('expires within 7 days');
    expect(said).not.toContain('demo.example');
  });
});

describe('what lies in the folder', () => {
  it('is for its owner alone, and nothing is left of how it was written', async () => {
    await issueKey(await keysOf(), change(), { ...newKey('one'), days: 30 });
    await requestKey(await keysOf(), change(), newKey('one'));
    const secrets = await filesIn('keys');
    expect(secrets).toHaveLength(5);
    expect(secrets.some((file) => file.startsWith('people/one@demo.example+'))).toBe(true);
    for (const file of secrets) {
      const { mode } = await stat(join(folder, 'keys', file));
      expect([file, mode & 0o777]).toEqual([file, 0o600]);
    }
    expect((await filesIn('.')).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  it('half written by a command that was killed stops nobody', async () => {
    await issueKey(await keysOf(), change(), { ...newKey('one'), days: 30 });
    const people = join(folder, 'keys/people');
    await writeFile(join(people, '.x@demo.example+00.p12.0123.tmp'), 'half');
    await writeFile(join(people, 'x@demo.example+00.p12.password'), 'of a key that never came');
    const { ownKeys } = await readCertificateFolder(folder);
    expect(ownKeys.map(({ names }) => names)).toEqual([['one@demo.example']]);
  });
});

it.each(['nobody', 'eve@else.example', 'else.example', ''])('%j is none of ours', (text) => {
  expect(() => ownName(text, { domains: ['demo.example'] })).toThrow(KeyRefusedError);
});

const filesIn = async (below: string): Promise<string[]> =>
  (await readdir(join(folder, below), { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, below).length + 1))
    .toSorted();
