// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { impatient } from './adapters/impatient.ts';

const never = () => new Promise<never>(() => undefined);
const silent = {
  ldap: { lookUp: never },
  smimea: { lookUp: never },
  policies: { of: never },
};

it('who types waits once for all that nobody answers, and is told that it is not known', async () => {
  const { ldap, smimea, policies } = impatient(silent, { directoriesMs: 100, allMs: 200 });
  const sooner = async <T>(found: Promise<T> | undefined) =>
    await Promise.race([found, sleep(10_000, 'too late' as const)]);
  const address = 'bo@citizen.example' as never;
  expect(await sooner(ldap?.lookUp(['bo@citizen.example']))).toEqual(
    new Map([['bo@citizen.example', { certificates: [], failed: true }]]),
  );
  expect(await sooner(smimea?.lookUp([address]))).toEqual(
    new Map([[address, expect.objectContaining({ failed: true })]]),
  );
  // One after the other each would have 200 ms of its own: all together have them.
  for (let domain = 0; domain < 100; domain += 1) {
    const found = policies.of(`${domain}.example`, null);
    const other = domain === 0 ? 10_000 : 200;
    expect(await Promise.race([found, sleep(other, 'too late' as const)])).toMatchObject({
      kind: 'lookup-failed',
    });
  }
});

it('what is known in time is what is said, and what fails fails', async () => {
  const failing = { ...silent, policies: { of: () => Promise.reject(new Error('broken')) } };
  const { policies } = impatient(failing, { directoriesMs: 10_000, allMs: 10_000 });
  await expect(policies.of('a.example', null)).rejects.toThrow('broken');
  const known = new Map([['a@b.example', { certificates: [], failed: false }]]);
  const { ldap } = impatient(
    { ...silent, ldap: { lookUp: () => Promise.resolve(known) } },
    { directoriesMs: 10_000, allMs: 10_000 },
  );
  expect(await ldap?.lookUp(['a@b.example'])).toBe(known);
});
