// SPDX-License-Identifier: Apache-2.0
import { createCertificateAuthority, expired, notYetValid } from '@securemail/testing';
import {
  issueAuthority,
  issueCertificate,
  newPrivateKey,
  readCertificates,
  type RevocationChecker,
  type RevocationVerdict,
} from '@securemail/smime';
import { addEntries, historyOf, removeEntries } from './adapters/certificate-changes.ts';
import { checkName, showCertificate } from './certificates.ts';
import { listEntries, type ListFilter } from './listing.ts';
import { directoryIn } from './testing/directory-of.ts';
import { bundleOf, issueBelow, sha256Of } from './testing/openssl.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

let world: CryptoWorld;
let running: { close(): Promise<void> }[] = [];
let demo: Awaited<ReturnType<typeof directoryIn>>;
beforeAll(async () => {
  world = await openCryptoWorld();
  demo = await directoryIn(world);
  // Two processes on one database.
  running = [await world.start(), await world.start()];
});
afterAll(async () => {
  for (const each of running) await each.close();
  await world.close();
});

let count = 0;
const newAddress = () => `new-${(count += 1)}@citizen.example`;
const newDomain = () => `partner-${(count += 1)}.example`;
const issue = (email: string, more: object = {}) =>
  world.cast.authority.issuePerson({ email, name: email, ...more });
const outcomeFor = async (address: string) => {
  const events = await world.outcome(await world.accept({ to: [address] }));
  return {
    used: named(events, 'EmailProtected').map(({ data }) => data.encryption?.certificateSha256),
    held: named(events, 'EmailHeld').map(({ data }) => data.because),
    passedOver: named(events, 'ProtectionPlanned')[0]?.data.recipients[0]?.passedOver.map(
      ({ method, because }) => `${method}: ${because}`,
    ),
  };
};
const asked = (verdict: RevocationVerdict): RevocationChecker => ({
  judge: (path) =>
    Promise.resolve({ ok: verdict.status !== 'revoked', verdict, certificate: path.at(-1) ?? null }),
});
const online = (verdict: RevocationVerdict) => ({ checker: asked(verdict), change: demo.change('asked') });
const revoked: RevocationVerdict = {
  status: 'revoked',
  reason: 'keyCompromise',
  since: new Date('2026-01-02T03:04:05Z'),
};
const sha256s = (...pems: { certificatePem: string }[]) => pems.map((each) => sha256Of(each.certificatePem));

describe('a stored certificate', () => {
  it('is used from the next email on, by every process, and no more once it was removed', async () => {
    const address = newAddress();
    expect(await outcomeFor(address)).toMatchObject({ used: [], held: ['mailbox-not-available'] });
    const issued = await issue(address.toUpperCase());
    expect(await demo.importPem(issued.certificatePem)).toMatchObject({
      added: 1,
      imported: true,
      outcomes: [{ result: 'added', kind: 'person', name: address, state: 'valid' }],
    });
    for (let each = 0; each < 6; each += 1)
      expect(await outcomeFor(address)).toMatchObject({ used: [sha256s(issued)], held: [] });
    await removeEntries(world.pool, demo.change('left'), sha256Of(issued.certificatePem), null);
    for (let each = 0; each < 6; each += 1)
      expect(await outcomeFor(address)).toMatchObject({ used: [], held: ['mailbox-not-available'] });
  });

  it('that somebody removed does not come back by a signed mail, but by an import, and then as every other', async () => {
    const address = newAddress();
    const { certificatePem } = await issue(address);
    const [certificate] = readCertificates(certificatePem);
    const entry = { kind: 'person', name: address, source: 'harvested', chain: [] } as const;
    const harvest = (name = address) =>
      addEntries(world.pool, demo.change('signed a mail'), [{ ...entry, name, certificate: certificate! }]);
    const candidates = async (name = address) =>
      (await checkName(demo.of, name, new Date(), null))?.[0]?.candidates.map(({ source }) => source);
    await harvest();
    expect(await candidates()).toEqual(['harvested']);
    await removeEntries(world.pool, demo.change('compromised'), certificate!.sha256, null);
    await harvest();
    expect(await candidates()).toEqual([]);
    // Only for the name that it was removed for.
    const another = newAddress();
    await harvest(another);
    expect(await historyOf(world.pool, demo.of.tenantId, certificate!.sha256)).toMatchObject([
      { name: address, change: 'added' },
      { name: address, change: 'removed', reason: 'compromised' },
      { name: another, change: 'added' },
    ]);
    expect(await demo.importPem(certificatePem)).toMatchObject({ added: 1, imported: true });
    expect(await candidates()).toEqual(['uploaded']);
    await harvest();
    expect(await candidates()).toEqual(['uploaded']);
  });

  it('that a signed mail brought is of whoever imports it afterwards, and goes before what later mails bring', async () => {
    const address = newAddress();
    const from = (days: number) => new Date(Date.now() + days * 86_400_000);
    const [first, later] = await Promise.all([
      issue(address, { validity: { notBefore: from(-30), notAfter: from(900) } }),
      issue(address, { validity: { notBefore: from(-1), notAfter: from(400) } }),
    ]);
    const harvest = (pem: string) => {
      const [certificate] = readCertificates(pem);
      const entry = { kind: 'person', name: address, source: 'harvested', chain: [] } as const;
      return addEntries(world.pool, demo.change('signed a mail'), [{ ...entry, certificate: certificate! }]);
    };
    const used = async () =>
      (await checkName(demo.of, address, new Date(), null))?.[0]?.candidates.find((each) => each.used);
    await harvest(first.certificatePem);
    const told = { added: 0, changed: 1, known: 0, outcomes: [{ result: 'changed', name: address }] };
    expect(await demo.importPem(first.certificatePem, null, { dryRun: true })).toMatchObject(told);
    expect(await used()).toMatchObject({ source: 'harvested', provenance: { reason: 'signed a mail' } });
    expect(await demo.importPem(first.certificatePem)).toMatchObject({ ...told, imported: true });
    await harvest(first.certificatePem);
    await harvest(later.certificatePem);
    const sha256 = sha256Of(first.certificatePem);
    expect(await used()).toMatchObject({ sha256, source: 'uploaded', provenance: { reason: 'a test' } });
    expect(await historyOf(world.pool, demo.of.tenantId, sha256)).toMatchObject([
      { change: 'added', source: 'harvested' },
      { change: 'changed', source: 'uploaded', by: 'ops', reason: 'a test' },
    ]);
    expect(await demo.importPem(first.certificatePem)).toMatchObject({ changed: 0, known: 1 });
  });

  it('is its tenant’s alone', async () => {
    const address = newAddress();
    const other = await directoryIn(world, 'no-domain');
    await other.importPem((await issue(address)).certificatePem);
    expect(await outcomeFor(address)).toMatchObject({ used: [], held: ['mailbox-not-available'] });
    expect(await checkName(demo.of, address, new Date(), null)).toMatchObject([{ candidates: [] }, {}]);
  });

  it('of an organisation carries all mail to its domain', async () => {
    const domain = newDomain();
    const partner = await world.cast.authority.issueOrganisation({ domain, name: 'Partner' });
    await demo.importPem(partner.certificatePem, domain, { source: 'partner-list' });
    expect(await outcomeFor(`anybody@${domain}`)).toMatchObject({ used: [sha256s(partner)] });
  });

  it('stands behind the operator’s own, also where it holds longer', async () => {
    const later = { notBefore: new Date(Date.now() - 1_000), notAfter: new Date(Date.now() + 9e10) };
    const stored = await issue('bo@citizen.example', { validity: later });
    await demo.importPem(stored.certificatePem);
    expect(await outcomeFor('bo@citizen.example')).toMatchObject({ used: [sha256s(world.cast.issued.bo)] });
    // The folder's has expired: then it is the one that is used.
    const instead = await issue('expired@citizen.example');
    await demo.importPem(instead.certificatePem);
    expect(await outcomeFor('expired@citizen.example')).toMatchObject({ used: [sha256s(instead)] });
  });

  it('of several of one authority, the one that holds longest is used', async () => {
    const address = newAddress();
    const [short, long] = await Promise.all([
      issue(address),
      issue(address, { validity: { notBefore: new Date(0), notAfter: new Date(Date.now() + 9e10) } }),
    ]);
    await demo.importPem(short.certificatePem + long.certificatePem);
    expect(await outcomeFor(address)).toMatchObject({ used: [sha256s(long)] });
    const [person] = (await checkName(demo.of, address, new Date(), null)) ?? [];
    expect(person?.candidates.map(({ used, state }) => [used, state])).toEqual([
      [true, 'valid'],
      [false, 'valid'],
    ]);
  });

  it('brings the authorities that stand above it, also later', async () => {
    const address = newAddress();
    const { rootPem, betweenPem, person } = await issueBelow(address);
    await world.cast.write('authorities/root.pem', rootPem);
    const fresh = await directoryIn(world);
    expect(await fresh.importPem(person.certificatePem)).toMatchObject({
      outcomes: [{ result: 'added', state: 'untrusted' }],
    });
    expect(await fresh.importPem(await bundleOf(person.certificatePem, betweenPem))).toMatchObject({
      outcomes: [{ result: 'changed', state: 'expiring' }],
    });
    const shown = await showCertificate(fresh.of, sha256Of(person.certificatePem), new Date());
    expect(shown).toMatchObject({
      path: [
        { subject: 'O=Test, CN=root' },
        { subject: 'O=Test, CN=between' },
        { subject: 'O=Test, CN=person' },
      ],
      history: [{ change: 'added' }, { change: 'changed' }],
    });
    await world.cast.remove('authorities/root.pem');
  });

  it('that can not be looked up, as the database is away, is waited for', async () => {
    const address = newAddress();
    const issued = await issue(address);
    await demo.importPem(issued.certificatePem);
    await Promise.all(running.map((each) => each.close()));
    const emailId = await world.accept({ to: [address] });
    const unlock = await world.lock('crypto.certificates');
    running = [await world.start()];
    await world.somebodyWaitsFor('crypto.certificates');
    await world.cutThoseWhoWaitFor('crypto.certificates');
    await unlock();
    const events = await world.outcome(emailId);
    expect(named(events, 'EmailProtected')[0]?.data.encryption?.certificateSha256).toEqual(sha256s(issued));
  });
});

describe('a certificate that was revoked', () => {
  it('is never used, wherever it came from, until its issuer takes that back', async () => {
    const address = newAddress();
    const issued = await issue(address);
    await demo.importPem(issued.certificatePem);
    for (const name of [address, 'kim@citizen.example']) {
      await checkName(demo.of, name, new Date(), online(revoked));
      expect(await outcomeFor(name)).toMatchObject({
        used: [],
        held: ['certificate-revoked'],
        passedOver: expect.arrayContaining(['smime-personal: certificate-revoked']) as unknown,
      });
    }
    // That nobody answers now changes nothing.
    await checkName(demo.of, address, new Date(), online({ status: 'unknown', why: 'away' }));
    expect(await outcomeFor(address)).toMatchObject({ used: [] });
    await checkName(demo.of, address, new Date(), online({ status: 'good' }));
    expect(await outcomeFor(address)).toMatchObject({ used: [sha256s(issued)] });
    const history = await historyOf(world.pool, demo.of.tenantId, sha256Of(issued.certificatePem));
    expect(history.map(({ change, reason }) => [change, reason])).toEqual([
      ['added', 'a test'],
      ['revoked', 'it was revoked on 2026-01-02: keyCompromise'],
      ['reinstated', 'it is not revoked'],
    ]);
    await checkName(demo.of, 'kim@citizen.example', new Date(), online({ status: 'good' }));
  });

  it('can not be put in again', async () => {
    const address = newAddress();
    const issued = await issue(address);
    await demo.importPem(issued.certificatePem);
    await checkName(demo.of, address, new Date(), online(revoked));
    await removeEntries(world.pool, demo.change(), sha256Of(issued.certificatePem), null);
    expect(await demo.importPem(issued.certificatePem)).toMatchObject({ refused: 1, imported: false });
  });
});

describe('certificates that conflict', () => {
  it('are not used, and the email is held, until one is removed', async () => {
    const address = newAddress();
    const second = await createCertificateAuthority({ name: 'Second' });
    await world.cast.write('authorities/second.pem', second.certificatePem);
    await Promise.all(running.map((each) => each.close()));
    running = [await world.start()];
    const both = await directoryIn(world);
    const [one, another] = await Promise.all([
      issue(address),
      second.issuePerson({ email: address, name: 'the same, or is it?' }),
    ]);
    await both.importPem(one.certificatePem);
    expect(await both.importPem(another.certificatePem, null, { dryRun: true })).toMatchObject({
      imported: false,
      outcomes: [{ result: 'added', state: 'conflicting' }],
    });
    expect(await outcomeFor(address)).toMatchObject({ used: [sha256s(one)] });
    await both.importPem(another.certificatePem);
    expect(await outcomeFor(address)).toMatchObject({ used: [], held: ['certificate-conflicting'] });
    await removeEntries(world.pool, both.change(), sha256Of(another.certificatePem), null);
    expect(await outcomeFor(address)).toMatchObject({ used: [sha256s(one)] });
    await world.cast.remove('authorities/second.pem');
  });

  it('do not where signed mails brought them: who renews with another authority gets his mail for the newer one', async () => {
    const address = newAddress();
    const second = await createCertificateAuthority({ name: 'Another' });
    await world.cast.write('authorities/another.pem', second.certificatePem);
    await Promise.all(running.map((each) => each.close()));
    running = [await world.start()];
    const former = {
      notBefore: new Date(Date.now() - 30 * 86_400_000),
      notAfter: new Date(Date.now() + 9e10),
    };
    const renewed = await second.issuePerson({ email: address, name: 'Pia' });
    const old = await issue(address, { validity: former });
    for (const { certificatePem } of [renewed, old]) {
      const [certificate] = readCertificates(certificatePem);
      const entry = { kind: 'person', name: address, source: 'harvested', chain: [] } as const;
      await addEntries(world.pool, demo.change(), [{ ...entry, certificate: certificate! }]);
    }
    expect(await outcomeFor(address)).toMatchObject({ used: [sha256s(renewed)], held: [] });
    await world.cast.remove('authorities/another.pem');
  });

  it('of one partner list for one domain are told before anything is imported', async () => {
    const domain = newDomain();
    const issueOne = (name: string) => world.cast.authority.issueOrganisation({ domain, name });
    const [one, another] = await Promise.all([issueOne('Surgery'), issueOne('Ward')]);
    const pem = one.certificatePem + another.certificatePem;
    expect(await demo.importPem(pem, domain, { dryRun: true })).toMatchObject({
      outcomes: [{ state: 'valid' }, { state: 'conflicting' }],
    });
  });
});

describe('an import', () => {
  it.each([
    ['has expired', { validity: expired() }, /it expired on/],
    ['can not be encrypted for', { keyUsage: ['digitalSignature'] }, /key/],
  ])('refuses a certificate that %s', async (_, more, reason) => {
    const { certificatePem } = await issue(newAddress(), more);
    expect(await demo.importPem(certificatePem)).toMatchObject({
      imported: false,
      outcomes: [{ result: 'refused', reason: expect.stringMatching(reason) as unknown }],
    });
  });

  it('refuses what names another domain, an authority, and a domain that is none', async () => {
    const domain = newDomain();
    const { certificatePem } = await world.cast.authority.issueOrganisation({ domain, name: 'Partner' });
    const reasonFor = async (pem: string, wanted: string) =>
      (await demo.importPem(pem, wanted)).outcomes.map(({ reason }) => reason);
    expect(await reasonFor(certificatePem, 'else.example')).toEqual([
      'else.example: it does not name the domain it is to be used for',
    ]);
    expect(await reasonFor(world.cast.authority.certificatePem, domain)).toEqual([
      'it holds certificates of authorities only, and none of a person or an organisation',
    ]);
    expect(await reasonFor(certificatePem, 'not a domain')).toEqual([
      'the domain is not a host name with at least two labels',
    ]);
  });

  it('takes one that is to follow later, and does not use it before', async () => {
    const address = newAddress();
    await demo.importPem((await issue(address, { validity: notYetValid() })).certificatePem);
    expect(await outcomeFor(address)).toMatchObject({ held: ['certificate-not-yet-valid'] });
  });

  it('imports nothing where one thing is wrong, or the rest where that is left out', async () => {
    const [good, bad] = await Promise.all([
      issue(newAddress()),
      issue(newAddress(), { validity: expired() }),
    ]);
    const pem = bad.certificatePem + good.certificatePem;
    const stored = () => showCertificate(demo.of, sha256Of(good.certificatePem), new Date());
    expect(await demo.importPem(pem)).toMatchObject({ added: 1, refused: 1, imported: false });
    expect(await stored()).toBeNull();
    expect(await demo.importPem(pem, null, { skipBad: true })).toMatchObject({ added: 1, imported: true });
    expect(await stored()).not.toBeNull();
  });

  it('a second time changes nothing, and tells so; twice the same in it is one', async () => {
    const { certificatePem } = await issue(newAddress());
    expect(await demo.importPem(certificatePem + certificatePem)).toMatchObject({ added: 1, known: 1 });
    expect(await demo.importPem(certificatePem)).toMatchObject({ added: 0, known: 1 });
    const history = await historyOf(world.pool, demo.of.tenantId, sha256Of(certificatePem));
    expect(history.map(({ change }) => change)).toEqual(['added']);
  });
});

it('the history of certificates can be added to and never changed', async () => {
  for (const statement of [
    'update certificate_history set by = $$nobody$$',
    'delete from certificate_history',
  ])
    await expect(world.pool.query(statement)).rejects.toThrow('append-only');
  await expect(world.pool.query('truncate certificate_history')).rejects.toThrow('append-only');
});

describe('the list', () => {
  const all: ListFilter = { kind: null, source: null, state: null, search: null, after: null, limit: 10 };
  const pages = async (filter: Partial<ListFilter>) => {
    const found: string[] = [];
    let { after } = all;
    do {
      const page = await listEntries(demo.of, { ...all, limit: 3, ...filter, after }, new Date());
      found.push(...page.entries.map(({ name, source }) => `${source} ${name}`));
      after = page.next;
    } while (after !== null);
    return found;
  };

  it('has every entry once, in order, of the folder and stored, whatever the size of a page', async () => {
    const whole = await pages({ limit: 1_000 });
    expect(whole).toContain('folder bo@citizen.example');
    expect(whole).toContain('uploaded bo@citizen.example');
    expect(await pages({ limit: 1 })).toEqual(whole);
    expect(await pages({ limit: 7 })).toEqual(whole);
    expect(new Set(whole).size).toBeGreaterThan(20);
  });

  it('has as expiring also what an authority above ends before', async () => {
    const [above, own] = await Promise.all([newPrivateKey('p-256'), newPrivateKey('p-256')]);
    const DAY = 86_400_000;
    const holds = (days: number) => ({
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + days * DAY),
    });
    const authority = issueAuthority(above, 'Ends soon', holds(5));
    await world.cast.write('authorities/ends-soon.pem', authority.x509.toString());
    const address = newAddress();
    const holder = { commonName: address, emails: [address] };
    const { x509 } = issueCertificate({ key: above, certificate: authority }, own, holder, holds(300));
    demo = await directoryIn(world);
    expect(await demo.importPem(x509.toString())).toMatchObject({
      outcomes: [{ result: 'added', state: 'expiring' }],
    });
    expect(await pages({ state: 'expiring' })).toContain(`uploaded ${address}`);
    expect(await pages({ state: 'valid' })).not.toContain(`uploaded ${address}`);
  });

  it('is narrowed by state, kind, source and text', async () => {
    const expiredOnes = await pages({ state: 'expired' });
    expect(expiredOnes).toContain('folder expired@citizen.example');
    expect(expiredOnes).not.toContain('folder bo@citizen.example');
    expect((await pages({ search: 'bo@' })).toSorted()).toEqual([
      'folder bo@citizen.example',
      'uploaded bo@citizen.example',
    ]);
    expect(await pages({ search: 'bo@', source: 'uploaded' })).toEqual(['uploaded bo@citizen.example']);
    expect(await pages({ search: 'hospital', kind: 'organisation' })).toEqual(['folder hospital.example']);
    expect(await pages({ search: sha256Of(world.cast.issued.bo.certificatePem).slice(0, 12) })).toEqual([
      'folder bo@citizen.example',
    ]);
  });
});
