// SPDX-License-Identifier: Apache-2.0
import { context, DerError, readDer, TAG, type DerValue } from '../asn1/der.ts';
import { fieldsOf, readAlgorithm, readSmallInteger, type AlgorithmIdentifier } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import type { RsaEncryption } from '../keys/unwrapper.ts';
import { digestName, type ReadDigest } from './digest-names.ts';

/** Where the parameters say nothing (RFC 8017 §A.2). */
const DEFAULT_HASH = 'sha1';

/** RSAES-OAEP-params (RFC 4055 §4.1). @throws DerError, also for an MGF1 with another hash, which Node cannot do. */
export function oaepParameters({ id, parameters }: AlgorithmIdentifier): RsaEncryption {
  if (id !== OID.rsaesOaep || parameters === null) throw new DerError('no RSAES-OAEP-params');
  const fields = fieldsOf(parameters);
  const hash = hashIn(fields.optional(context(0)));
  if (maskHash(fields.optional(context(1))) !== hash) throw new DerError('MGF1 has another hash');
  const source = fields.optional(context(2));
  const label = source === null ? null : readAlgorithm(readDer(source.content)).parameters;
  return { scheme: 'oaep', hash, label: label?.content ?? Buffer.alloc(0) };
}

/** RSASSA-PSS-params (RFC 4055 §3.1). @throws DerError, also for an MGF1 with another hash. */
export function pssParameters({ parameters }: AlgorithmIdentifier): { hash: ReadDigest; saltLength: number } {
  if (parameters === null) throw new DerError('no RSASSA-PSS-params');
  const fields = fieldsOf(parameters);
  const hash = hashIn(fields.optional(context(0)));
  if (maskHash(fields.optional(context(1))) !== hash) throw new DerError('MGF1 has another hash');
  const salt = fields.optional(context(2));
  return { hash, saltLength: salt === null ? 20 : readSmallInteger(readDer(salt.content)) };
}

function hashIn(explicit: DerValue | null): ReadDigest {
  return explicit === null ? DEFAULT_HASH : knownDigest(readAlgorithm(readDer(explicit.content)).id);
}

function maskHash(explicit: DerValue | null): ReadDigest {
  if (explicit === null) return DEFAULT_HASH;
  const { id, parameters } = readAlgorithm(readDer(explicit.content));
  if (id !== OID.mgf1 || parameters?.tag !== TAG.sequence) throw new DerError('a mask that is not MGF1');
  return knownDigest(readAlgorithm(parameters).id);
}

function knownDigest(id: string): ReadDigest {
  const name = digestName(id);
  if (name === null) throw new DerError('a hash not known here');
  return name;
}
