// SPDX-License-Identifier: Apache-2.0
import { LookupFailedError, type Answer, type RecordType, type Resolver } from '../dns/resolver.ts';
import { NoPolicyError, type StsPolicy } from './fetch-policy.ts';
import { stsPolicies } from './sts-policies.ts';

const HOUR = 3_600_000;
const ENFORCE: StsPolicy = { mode: 'enforce', mx: ['mx.partner.example'], maxAgeSeconds: 3_600 };

/** A domain whose record and policy can be changed, and the clock. */
function world() {
  const state = {
    txt: ['v=STSv1; id=1;'] as string[] | null,
    policy: ENFORCE as StsPolicy | null,
    fails: null as Error | null,
    now: 0,
    fetches: 0,
  };
  const resolver: Resolver = {
    validating: false,
    query: <Type extends RecordType>(name: string) => {
      if (state.txt === null) return Promise.reject(new LookupFailedError('no answer'));
      return Promise.resolve({
        records: state.txt,
        secure: false,
        exists: true,
        canonicalName: name,
      } as unknown as Answer<Type>);
    },
  };
  const policies = stsPolicies({
    resolver,
    clock: () => state.now,
    fetch: () => {
      state.fetches += 1;
      if (state.fails !== null) return Promise.reject(state.fails);
      return state.policy === null ? Promise.reject(new Error('away')) : Promise.resolve(state.policy);
    },
  });
  return { state, found: () => policies.of('partner.example') };
}
const policy = { kind: 'policy', policy: ENFORCE };

it('a policy is fetched once while its id stays the same and its time is not over', async () => {
  const { state, found } = world();
  expect([await found(), await found(), state.fetches]).toEqual([policy, policy, 1]);
  state.now = HOUR;
  expect([await found(), state.fetches]).toEqual([policy, 2]);
});

it('a new id has it fetched again', async () => {
  const { state, found } = world();
  await found();
  state.txt = ['v=STSv1; id=2;'];
  state.policy = { ...ENFORCE, mode: 'testing' };
  expect(await found()).toEqual({ kind: 'policy', policy: state.policy });
});

it.each<[string, (state: ReturnType<typeof world>['state']) => void]>([
  ['DNS fails', (state) => (state.txt = null)],
  ['the record is gone', (state) => (state.txt = [])],
  ['the policy host is away', (state) => Object.assign(state, { txt: ['v=STSv1; id=2;'], policy: null })],
])('one that is known counts on where %s, until its time is over', async (_, fail) => {
  const { state, found } = world();
  await found();
  fail(state);
  expect(await found()).toEqual(policy);
  state.now = HOUR;
  expect((await found()).kind).not.toBe('policy');
});

it.each([
  ['no record', []],
  ['another record', ['v=spf1 -all']],
  ['a record without an id', ['v=STSv1;']],
])('with %s there is none', async (_, txt) => {
  const { state, found } = world();
  state.txt = txt;
  expect([await found(), state.fetches]).toEqual([{ kind: 'none' }, 0]);
});

describe('a policy that is wrong for good', () => {
  const wrong: [string, (state: ReturnType<typeof world>['state']) => void, object][] = [
    ['in DNS, by two records', (state) => (state.txt = ['v=STSv1; id=2;', 'v=STSv1; id=3;']), {}],
    [
      'at its host, for good',
      (state) =>
        Object.assign(state, { txt: ['v=STSv1; id=2;'], fails: new NoPolicyError('the policy is too long') }),
      { fault: 'sts-policy-fetch-error' },
    ],
    [
      'in what it says',
      (state) =>
        Object.assign(state, {
          txt: ['v=STSv1; id=2;'],
          fails: new NoPolicyError('a rule', { code: 'invalid_sts_mode' }),
        }),
      { fault: 'sts-policy-invalid' },
    ],
  ];
  it.each(wrong)('is none: %s', async (_, fail, fault) => {
    const { state, found } = world();
    fail(state);
    expect(await found()).toEqual({ kind: 'none', ...fault });
  });

  it.each(wrong)('does not make one forgotten that is known: %s', async (_, fail) => {
    const { state, found } = world();
    await found();
    fail(state);
    expect(await found()).toEqual(policy);
  });
});

it('DNS that fails, and a policy host that is away are failures, and not the same as none', async () => {
  const silent = world();
  silent.state.txt = null;
  expect(await silent.found()).toEqual({ kind: 'failed' });
  const { state, found } = world();
  state.policy = null;
  expect(await found()).toEqual({ kind: 'failed', fault: 'sts-policy-fetch-error' });
});
