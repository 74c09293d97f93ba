// SPDX-License-Identifier: Apache-2.0
import { children, context, contextPrimitive, DerError, readDer, readOid, TAG } from '../../asn1/der.ts';
import type { DerValue } from '../../asn1/der.ts';
import { fieldsOf, readAlgorithm } from '../../asn1/fields.ts';
import { OID } from '../../asn1/oids.ts';
import { readTime } from '../../asn1/read-time.ts';
import { readExtensions, type Extension } from '../extensions.ts';
import { wholeOctets, type Signed } from '../signed.ts';
import { reasonOf, type RevocationReason } from './verdict.ts';

const SUCCESSFUL = 0;

/** BasicOCSPResponse (RFC 6960 §4.2.1), read but not yet believed. */
export interface OcspResponse {
  readonly signed: Signed;
  /** DER of a Name, or the SHA-1 of a public key. */
  readonly responder: { readonly name: Buffer } | { readonly keyHash: Buffer };
  readonly answers: readonly OcspAnswer[];
  readonly extensions: ReadonlyMap<string, Extension>;
  /** DER of the certificates that came with it. */
  readonly certificates: readonly Buffer[];
}

export interface OcspAnswer {
  readonly id: DerValue;
  /** Null where the responder does not know the certificate. */
  readonly status: 'good' | null | { readonly reason: RevocationReason; readonly since: Date };
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** @throws DerError, also where the responder says that it has no answer, which nobody signed. */
export function readOcspResponse(bytes: Buffer): OcspResponse {
  const fields = fieldsOf(readDer(bytes));
  if (fields.take(0x0a).content[0] !== SUCCESSFUL) throw new DerError('the responder has no answer');
  const wrapped = fieldsOf(readDer(fields.take(context(0)).content));
  fields.end();
  if (readOid(wrapped.take()) !== OID.ocspBasic) throw new DerError('an answer of a kind not known here');
  const basic = fieldsOf(readDer(wrapped.take(TAG.octetString).content));
  const tbs = basic.take(TAG.sequence);
  const signed = {
    tbs: tbs.bytes,
    algorithm: readAlgorithm(basic.take()),
    signature: wholeOctets(basic.take(TAG.bitString).content),
  };
  const certificates = basic.optional(context(0));
  basic.end();
  return {
    signed,
    ...readData(tbs),
    certificates:
      certificates === null ? [] : children(readDer(certificates.content)).map((each) => each.bytes),
  };
}

/** ResponseData. */
function readData(tbs: DerValue): Pick<OcspResponse, 'responder' | 'answers' | 'extensions'> {
  const fields = fieldsOf(tbs);
  fields.optional(context(0));
  const name = fields.optional(context(1));
  const responder =
    name === null
      ? { keyHash: readDer(fields.take(context(2)).content).content }
      : { name: readDer(name.content).bytes };
  fields.take(TAG.generalizedTime);
  const answers = children(fields.take(TAG.sequence)).map(readAnswer);
  const extensions = readExtensions(fields.optional(context(1)));
  fields.end();
  return { responder, answers, extensions };
}

/** SingleResponse. */
function readAnswer(value: DerValue): OcspAnswer {
  const fields = fieldsOf(value);
  const id = fields.take(TAG.sequence);
  const status = readStatus(fields.take());
  const thisUpdate = readTime(fields.take());
  const nextUpdate = fields.optional(context(0));
  const extensions = readExtensions(fields.optional(context(1)));
  fields.end();
  return {
    id,
    status,
    thisUpdate,
    nextUpdate: nextUpdate === null ? null : readTime(readDer(nextUpdate.content)),
    extensions,
  };
}

function readStatus(value: DerValue): OcspAnswer['status'] {
  if (value.tag === contextPrimitive(0)) return 'good';
  if (value.tag !== context(1)) return null;
  const fields = fieldsOf(value, context(1));
  const since = readTime(fields.take());
  const reason = fields.optional(context(0));
  const number = reason === null ? 0 : (readDer(reason.content).content[0] ?? 0);
  return { since, reason: reasonOf(number) };
}
