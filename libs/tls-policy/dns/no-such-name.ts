// SPDX-License-Identifier: Apache-2.0
import type { Answer, RecordType } from './resolver.ts';

/** RFC 1035 §2.3.4: 255 octets as they travel, which are 253 as they are written. */
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/**
 * The answer where a name can't be one of DNS, as `_mta-sts.` before a long domain: nobody can have a record there, and no
 * server answers who asks, so that it would count as a failure for ever. Null for all that can be asked.
 */
export function noSuchName<Type extends RecordType>(name: string): Answer<Type> | null {
  const written = name.replace(/\.$/, '');
  const isName =
    Buffer.byteLength(written) <= LONGEST_NAME &&
    written.split('.').every((label) => label !== '' && Buffer.byteLength(label) <= LONGEST_LABEL);
  return isName ? null : { records: [], secure: false, exists: false, canonicalName: name, ttlSeconds: null };
}
