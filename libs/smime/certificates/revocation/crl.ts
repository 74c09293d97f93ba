// SPDX-License-Identifier: Apache-2.0
import { context, derExtent, DerError, readDer, TAG, type DerValue } from '../../asn1/der.ts';
import { fieldsOf } from '../../asn1/fields.ts';
import { OID } from '../../asn1/oids.ts';
import { readTime } from '../../asn1/read-time.ts';
import { extensionsIn, readExtensions, type Extension } from '../extensions.ts';
import { nameKey, readDistinguishedName, type DistinguishedName } from '../names/distinguished-name.ts';
import { readSigned, type Signed } from '../signed.ts';
import { reasonOf, type RevocationReason } from './verdict.ts';

/** A certificate revocation list (RFC 5280 §5.1), read but not yet believed. */
export interface Crl {
  readonly signed: Signed;
  readonly issuer: DistinguishedName;
  /** In the form in which equal names are equal texts. */
  readonly issuerKey: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly extensions: ReadonlyMap<string, Extension>;
  /** The entries, see `findCrlEntry`; null where there are none. */
  readonly revoked: DerValue | null;
}

/** @throws DerError */
export const readCrl = (bytes: Buffer): Crl => crlOf(readSigned(bytes));

/** Ours, because pkijs makes an object of each field of each of a hundred thousand entries. @throws DerError */
export function crlOf(signed: Signed): Crl {
  const fields = fieldsOf(readDer(signed.tbs));
  fields.optional(TAG.integer);
  if (!fields.take(TAG.sequence).bytes.equals(signed.algorithm.bytes)) {
    throw new DerError('it names two signature algorithms');
  }
  const issuer = readDistinguishedName(fields.take());
  const thisUpdate = readTime(fields.take());
  const nextUpdate = fields.optional(TAG.utcTime) ?? fields.optional(TAG.generalizedTime);
  const revoked = fields.optional(TAG.sequence);
  const extensions = readExtensions(fields.optional(context(0)));
  fields.end();
  return {
    signed,
    issuer,
    issuerKey: nameKey(issuer),
    thisUpdate,
    nextUpdate: nextUpdate === null ? null : readTime(nextUpdate),
    extensions,
    revoked,
  };
}

/**
 * The entry of a serial number, by its octets; the last one, where several are. Nothing is kept of all the others: an
 * index of them is many times as large as the list, and made anew for each list is no faster than to look.
 *
 * @returns null where there is none. @throws DerError, also where any other is not of its form.
 */
export function findCrlEntry({ revoked }: Crl, serial: Buffer): DerValue | null {
  if (revoked === null) return null;
  const { content } = revoked;
  const lastOctet = serial.at(-1);
  let found = -1;
  for (let at = 0; at < content.length;) {
    const entry = derExtent(content, at);
    if (content[at] !== TAG.sequence || content[entry.start] !== TAG.integer) throw new DerError('no entry');
    const { start, end } = derExtent(content, entry.start);
    if (end > entry.end) throw new DerError('a serial number is cut off');
    const mayBe = end - start === serial.length && content[end - 1] === lastOctet;
    if (mayBe && content.subarray(start, end).equals(serial)) found = at;
    at = entry.end;
  }
  return found < 0 ? null : readDer(content, found);
}

export interface CrlEntry {
  readonly reason: RevocationReason;
  /** revocationDate, or invalidityDate where that is earlier. */
  readonly since: Date;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** @throws DerError */
export function readCrlEntry(entry: DerValue): CrlEntry {
  const fields = fieldsOf(entry);
  fields.take(TAG.integer);
  const revocationDate = readTime(fields.take());
  const list = fields.optional(TAG.sequence);
  fields.end();
  const extensions: CrlEntry['extensions'] = list === null ? new Map() : extensionsIn(list);
  const reason = extensions.get(OID.reasonCode);
  const invalidity = extensions.get(OID.invalidityDate);
  const invalidityDate = invalidity === undefined ? revocationDate : readTime(readDer(invalidity.value));
  return {
    reason: reason === undefined ? 'unspecified' : reasonOf(readDer(reason.value).content[0] ?? 0),
    since: invalidityDate < revocationDate ? invalidityDate : revocationDate,
    extensions,
  };
}
