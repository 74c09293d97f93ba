// SPDX-License-Identifier: Apache-2.0
import type { Certificate } from '@securemail/smime';
import type { EntryKind } from './entry.ts';

/**
 * Which of the certificates stored for one name conflict. All of them are usable now: certificates that have expired, are
 * revoked or are not trusted are out of the question before, so that nobody can hold up mail with one.
 *
 * Two conflict unless
 * - both are for the same key: whoever reads the one reads the other; or
 * - for a person, the same authority issued both. It knows whom it renewed, and the one that holds longest is used;
 * - for an organisation, one is a rollover of the other: the same subject, and it begins later and ends later. An
 *   organisation may change its authority, and two of its offices that have certificates at once are two answers to the
 *   question who reads the mail.
 *
 * In doubt neither is used, for one of the two may be in the hands of somebody else; a person removes the wrong one.
 */
export function conflictsAmong(
  kind: EntryKind,
  certificates: readonly Certificate[],
): ReadonlySet<Certificate> {
  const agree = kind === 'person' ? sameAuthority : eitherFollows;
  return new Set(
    certificates.filter((one) =>
      certificates.some((other) => other !== one && !sameKey(one, other) && !agree(one, other)),
    ),
  );
}

const sameKey = (one: Certificate, other: Certificate) => one.x509.publicKey.equals(other.x509.publicKey);

const sameAuthority = (one: Certificate, other: Certificate) => one.issuer.equals(other.issuer);

const eitherFollows = (one: Certificate, other: Certificate) => follows(one, other) || follows(other, one);

const follows = (later: Certificate, former: Certificate) =>
  later.subject.equals(former.subject) &&
  later.notBefore > former.notBefore &&
  later.notAfter > former.notAfter;
