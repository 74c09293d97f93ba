// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { RevocationChecker, RevocationVerdict } from '@securemail/smime';
import { createLogger } from '@securemail/telemetry';
import { historyOf } from './adapters/certificate-changes.ts';
import { checkName } from './certificates.ts';
import { watchRevocation } from './revocation-watch.ts';
import { directoryIn } from './testing/directory-of.ts';
import { sha256Of } from './testing/openssl.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

let world: CryptoWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openCryptoWorld();
  // It leaves the asking to the watch below.
  running = await world.start({ revocationCheckHours: 0 });
});
afterAll(async () => {
  await running.close();
  await world.close();
});

it('what an authority has revoked is used no more from the next round on, and again when it takes that back', async () => {
  const { of, importPem } = await directoryIn(world);
  const address = 'watched@citizen.example';
  const { certificatePem } = await world.cast.authority.issuePerson({ email: address, name: 'Watched' });
  await importPem(certificatePem);
  const sha256 = sha256Of(certificatePem);
  let says: RevocationVerdict = { status: 'good' };
  const asked: string[] = [];
  const checker: RevocationChecker = {
    judge(path) {
      const certificate = path.at(-1) ?? null;
      asked.push(certificate?.sha256 ?? '');
      const verdict: RevocationVerdict =
        certificate?.sha256 === sha256 ? says : { status: 'unknown', why: 'away' };
      return Promise.resolve({ ok: verdict.status !== 'revoked', verdict, certificate });
    },
  };
  const logger = createLogger('crypto');
  const tenants = () => [of.tenantId];
  const watch = watchRevocation({ pool: world.pool, logger, tenants }, () => of.directory, checker, 20);
  const until = async (status: string) => {
    for (;;) {
      const [person] = (await checkName(of, address, new Date(), null)) ?? [];
      if (person?.candidates[0]?.check?.status === status) return;
      await sleep(20);
    }
  };
  const methodOf = async () => {
    const events = await world.outcome(await world.accept({ to: [address] }));
    return named(events, 'EmailProtected').map(({ data }) => data.method);
  };
  try {
    await until('good');
    expect(await methodOf()).toEqual(['smime-personal']);
    says = { status: 'revoked', reason: 'keyCompromise', since: new Date('2026-01-02T03:04:05Z') };
    await until('revoked');
    expect(await methodOf()).toEqual([]);
    says = { status: 'good' };
    await until('good');
    expect(await methodOf()).toEqual(['smime-personal']);
  } finally {
    await watch.close();
  }
  const history = await historyOf(world.pool, of.tenantId, sha256);
  expect(history.map(({ change, by }) => [change, by])).toEqual([
    ['added', 'ops'],
    ['revoked', 'securemail revocation watch'],
    ['reinstated', 'securemail revocation watch'],
  ]);
  // Nobody is asked about what nothing leads to, and what has ended is of no use in any case.
  const expired = (await checkName(of, 'expired@citizen.example', new Date(), null))?.[0]?.candidates ?? [];
  expect(expired).toHaveLength(1);
  expect(asked).not.toContain(expired[0]?.sha256);
});
