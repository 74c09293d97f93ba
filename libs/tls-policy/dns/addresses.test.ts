// SPDX-License-Identifier: Apache-2.0
import { addressesOf } from './addresses.ts';
import { LookupFailedError, type Answer, type RecordType, type Resolver } from './resolver.ts';

/** Answers with these, by type; null fails. */
const resolverWith = (records: Partial<Record<RecordType, string[] | null>>): Resolver => ({
  validating: true,
  query: <Type extends RecordType>(canonicalName: string, type: Type) => {
    const found = records[type];
    return found === null
      ? Promise.reject(new LookupFailedError())
      : Promise.resolve({ records: found, secure: true, exists: true, canonicalName } as Answer<Type>);
  },
});
const of = (A: string[] | null, AAAA: string[] | null) =>
  addressesOf('mx.example', resolverWith({ A, AAAA }));

it('are those of both versions', async () => {
  expect(await of(['192.0.2.1'], ['2001:db8::1'])).toEqual(['2001:db8::1', '192.0.2.1']);
  expect(await addressesOf('192.0.2.7', resolverWith({ A: null, AAAA: null }))).toEqual(['192.0.2.7']);
});

it('of one version will do where the other can not be looked up', async () => {
  expect(await of(['192.0.2.1'], null)).toEqual(['192.0.2.1']);
});

it('are unknown, and not none, where one version can not be looked up and the other has none', async () => {
  await expect(of([], null)).rejects.toBeInstanceOf(LookupFailedError);
  expect(await of([], [])).toEqual([]);
});
