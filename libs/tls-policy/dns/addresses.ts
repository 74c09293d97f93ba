// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { LookupFailedError, type Resolver } from './resolver.ts';

/**
 * The IP addresses of a host, of version 6 first; the host itself where it is one. One version that can not be looked up
 * does not matter where there is an address of the other.
 *
 * @throws LookupFailedError where there is none, and might be.
 */
export async function addressesOf(host: string, resolver: Resolver): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const answers = await Promise.allSettled([resolver.query(host, 'AAAA'), resolver.query(host, 'A')]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.records : []));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (found.length === 0 && failed !== undefined)
    throw new LookupFailedError('the addresses of a host can not be looked up', { cause: failed.reason });
  return found;
}
