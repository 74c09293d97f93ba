// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { Address } from '@securemail/contracts';
import {
  httpFetcher,
  readCertificates,
  revocationChecker,
  type Certificate,
  type RevocationChecker,
} from '@securemail/smime';
import { askFound, askImported, askInTime, type AskFound } from './adapters/ask-revocation.ts';
import { historyOf } from './adapters/certificate-changes.ts';
import { readCertificateFolder } from './adapters/certificate-folder.ts';
import { gatheredFor } from './adapters/gathered-directory.ts';
import { associationsIn } from './domain/smimea.ts';
import { directoryIn } from './testing/directory-of.ts';
import { revocableCast, type Revocable } from './testing/revocable.ts';
import { openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const DAY = 24 * 3_600_000;
const AT = () => new Date();

let world: CryptoWorld;
let revocable: Revocable;
beforeAll(async () => {
  [world, revocable] = await Promise.all([openCryptoWorld(), revocableCast()]);
  await world.cast.write('authorities/revocable.pem', revocable.authorityPem);
});
afterAll(async () => {
  await Promise.all([world.close(), revocable.close()]);
});

type Name = keyof Revocable['people'];
const addressOf = (name: Name) => Address.parse(`${name}@citizen.example`);
const certificateOf = (name: Name): Certificate =>
  readCertificates(revocable.people[name].certificatePem)[0]!;

/** What one source, and no other, knows of the people of the cast. */
const fromLdap = (...names: Name[]) => ({
  smimea: null,
  ldap: {
    lookUp: (addresses: readonly string[]) =>
      Promise.resolve(
        new Map(addresses.map((each) => [each, { certificates: names.map(certificateOf), failed: false }])),
      ),
  },
});
const fromDns = (name: Name) => ({
  ldap: null,
  smimea: {
    lookUp: (addresses: readonly Address[]) => {
      const record = { usage: 3, selector: 0, matchingType: 0, data: certificateOf(name).der };
      const answer = { ...associationsIn([record]), failed: false };
      return Promise.resolve(new Map(addresses.map((each) => [each, answer])));
    },
  },
});
type Source = ReturnType<typeof fromLdap> | ReturnType<typeof fromDns>;

async function lookedUp(name: Name, source: Source, ask: AskFound | null, tenant: string, at = AT()) {
  const { of } = await directoryIn(world, tenant);
  const directory = await readCertificateFolder(world.cast.folder, {}, { withKeys: false });
  const found = await gatheredFor({ ...of, directory, ...source }, [addressOf(name)], at, ask);
  const person = found.person(addressOf(name), at);
  return person.ok ? 'used' : person.because;
}

/** Asks as it is done in earnest, and counts. */
function online(everyMs = DAY) {
  const checker = revocationChecker({ fetcher: httpFetcher({ privateHosts: true }) });
  let asked = 0;
  const counting: RevocationChecker = {
    judge: (...question) => {
      asked += 1;
      return checker.judge(...question);
    },
  };
  return { ask: askFound(counting, everyMs), asked: () => asked };
}

describe('a certificate that is imported', () => {
  const pemOf = (...names: Name[]) => names.map((name) => revocable.people[name].certificatePem).join('');
  const checker = () => revocationChecker({ fetcher: httpFetcher({ privateHosts: true }) });

  it.each<[Name, string]>([
    ['revoked-by-list', 'refused'],
    ['revoked-by-ocsp', 'refused'],
    ['good-by-ocsp', 'added'],
    ['nobody-answers', 'added'],
  ])('is asked about first: %s', async (name, result) => {
    const { importPem } = await directoryIn(world, newTenant());
    for (const dryRun of [true, false]) {
      const { outcomes } = await importPem(pemOf(name), null, { dryRun, ask: askImported(checker()) });
      expect(outcomes).toMatchObject([{ result }]);
      if (result === 'refused') expect(outcomes[0]?.reason).toContain('it was revoked on 2026-01-01');
    }
  });

  it('is left out where the others are wanted all the same, and each is asked about once', async () => {
    let asked = 0;
    const real = checker();
    const judge: RevocationChecker['judge'] = (...question) => {
      asked += 1;
      return real.judge(...question);
    };
    const pem = pemOf('revoked-by-list', 'good-by-list', 'nobody-answers');
    const { importPem } = await directoryIn(world, newTenant());
    expect(await importPem(pem, null, { skipBad: true, ask: askImported({ judge }) })).toMatchObject({
      imported: true,
      added: 2,
      refused: 1,
    });
    expect(asked).toBe(3);
  });

  it('waits for all answers together as long as for one', async () => {
    const never: RevocationChecker = { judge: () => sleep(DAY, undefined as never, { ref: false }) };
    const { importPem } = await directoryIn(world, newTenant());
    const ask = askImported(never, 50);
    const pem = pemOf('good-by-list', 'good-by-ocsp');
    expect(await importPem(pem, null, { ask })).toMatchObject({ imported: true, added: 2 });
  });

  it('is not asked about any more once the time is over', async () => {
    let asked = 0;
    const judge: RevocationChecker['judge'] = (...question) => {
      asked += 1;
      return checker().judge(...question);
    };
    const { importPem } = await directoryIn(world, newTenant());
    const ask = askImported({ judge }, 0);
    expect(await importPem(pemOf('good-by-list'), null, { ask })).toMatchObject({ added: 1 });
    expect(asked).toBe(0);
  });
});

let tenants = 0;
const newTenant = () => `found-${(tenants += 1)}`;

describe('a certificate that LDAP or DNS gives for an email', () => {
  it.each<[Name, string]>([
    ['revoked-by-list', 'certificate-revoked'],
    ['revoked-by-ocsp', 'certificate-revoked'],
    ['good-by-list', 'used'],
    ['good-by-ocsp', 'used'],
    ['nobody-answers', 'used'],
  ])('is asked about before it is used: %s', async (name, expected) => {
    for (const source of [fromLdap(name), fromDns(name)]) {
      const { ask } = online();
      expect(await lookedUp(name, source, null, newTenant())).toBe('used');
      expect(await lookedUp(name, source, ask, newTenant())).toBe(expected);
    }
  });

  it('is asked about once in the time that is set, whoever asked, and the history says that it was revoked', async () => {
    const tenant = newTenant();
    const { ask, asked } = online();
    const times = [0, 0, DAY / 2, DAY + 1];
    for (const [index, count] of [1, 1, 1, 2].entries()) {
      const at = new Date(Date.now() + times[index]!);
      const name = 'revoked-by-list';
      expect(await lookedUp(name, fromLdap(name), ask, tenant, at)).toBe('certificate-revoked');
      expect(asked()).toBe(count);
    }
    const { of } = await directoryIn(world, tenant);
    const history = await historyOf(world.pool, of.tenantId, certificateOf('revoked-by-list').sha256);
    expect(history).toMatchObject([{ change: 'revoked', source: 'ldap', by: 'Secure@Mail' }]);
  });

  it('is asked about again for the next email where nobody answered', async () => {
    const tenant = newTenant();
    const { ask, asked } = online();
    for (const count of [1, 2]) {
      expect(await lookedUp('nobody-answers', fromLdap('nobody-answers'), ask, tenant)).toBe('used');
      expect(asked()).toBe(count);
    }
  });

  it('stays revoked where nobody answers any more', async () => {
    const tenant = newTenant();
    const [name, source] = ['revoked-by-ocsp' as const, fromLdap('revoked-by-ocsp')];
    await lookedUp(name, source, online().ask, tenant);
    const away = askFound(
      revocationChecker({ fetcher: { fetch: () => Promise.reject(new Error('away')) } }),
      0,
    );
    expect(await lookedUp(name, source, away, tenant)).toBe('certificate-revoked');
  });

  it('is used where the answer takes too long', async () => {
    const never: RevocationChecker = { judge: () => sleep(DAY, undefined as never, { ref: false }) };
    const ask = askFound(never, DAY, 50);
    expect(await lookedUp('good-by-ocsp', fromLdap('good-by-ocsp'), ask, newTenant())).toBe('used');
  });
});

describe('of a certificate that LDAP or DNS gives, who only asks how a mail would go', () => {
  const real = revocationChecker({ fetcher: httpFetcher({ privateHosts: true }) });

  it.each<[Name, string]>([
    ['revoked-by-list', 'certificate-revoked'],
    ['revoked-by-ocsp', 'certificate-revoked'],
    ['good-by-ocsp', 'used'],
    ['nobody-answers', 'used'],
  ])('hears what the mail will: %s', async (name, expected) => {
    for (const source of [fromLdap(name), fromDns(name)]) {
      const tenant = newTenant();
      const { ask, late } = askInTime(real, DAY, Date.now() + 20_000);
      expect(await lookedUp(name, source, ask, tenant)).toBe(expected);
      expect([...late]).toEqual([]);
      const { of } = await directoryIn(world, tenant);
      expect(await historyOf(world.pool, of.tenantId, certificateOf(name).sha256)).toEqual([]);
    }
  });

  it.each([50, -1])('is told that it is not known yet where no answer comes in %i ms', async (ms) => {
    const never: RevocationChecker = { judge: () => sleep(DAY, undefined as never, { ref: false }) };
    const { ask, late } = askInTime(never, DAY, Date.now() + ms);
    const name = 'revoked-by-ocsp';
    expect(await lookedUp(name, fromLdap(name), ask, newTenant())).toBe('used');
    expect([...late]).toEqual([certificateOf(name).sha256]);
  });
});
