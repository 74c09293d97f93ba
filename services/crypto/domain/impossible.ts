// SPDX-License-Identifier: Apache-2.0
import type { ProtectionMethod } from '@securemail/contracts';

export interface Impossible {
  path: string;
  message: string;
}

/**
 * Why nothing could ever be sent to anybody outside, though each setting is a good one. What is left without `tls` is
 * signed, and there is no key that signs.
 *
 * @param signs whether a key signs for anybody whom it is about
 */
export function impossible(
  { forbiddenMethods }: { forbiddenMethods: readonly ProtectionMethod[] },
  signs: boolean,
): Impossible[] {
  if (signs || !forbiddenMethods.includes('tls')) return [];
  const message =
    'nothing could ever be sent to anybody outside: without "tls" every mail is signed, and no key here signs for this sender';
  return [{ path: 'forbiddenMethods', message }];
}
