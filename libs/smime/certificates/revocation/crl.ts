// SPDX-License-Identifier: Apache-2.0
import { context, DerError, readDer, TAG, type DerValue } from '../../asn1/der.ts';
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
  /** By the serial number's octets in hexadecimal. */
  readonly revoked: ReadonlyMap<string, DerValue>;
}

/** Ours, because pkijs makes an object of each field of each of a hundred thousand entries. @throws DerError */
export function readCrl(bytes: Buffer): Crl {
  const signed = readSigned(bytes);
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
    revoked: revoked === null ? new Map() : entriesBySerial(revoked),
  };
}

function entriesBySerial({ content }: DerValue): Map<string, DerValue> {
  const entries = new Map<string, DerValue>();
  for (let at = 0; at < content.length;) {
    const entry = readDer(content, at);
    entries.set(readDer(entry.content).content.toString('hex'), entry);
    at += entry.bytes.length;
  }
  return entries;
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
