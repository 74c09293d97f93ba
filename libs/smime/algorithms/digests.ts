// SPDX-License-Identifier: Apache-2.0
import { oid, sequence } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';

/** The digests that are made here, by the names that node:crypto has for them. */
export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

interface Digest {
  /** Octets. */
  readonly length: number;
  /** AlgorithmIdentifier without parameters (RFC 5754 §2). */
  readonly identifier: Buffer;
  /** The value of the parameter micalg of multipart/signed (RFC 8551 §3.5.3.2). */
  readonly micalg: string;
}

export const DIGESTS: Readonly<Record<DigestAlgorithm, Digest>> = {
  sha256: { length: 32, identifier: sequence(oid(OID.sha256)), micalg: 'sha-256' },
  sha384: { length: 48, identifier: sequence(oid(OID.sha384)), micalg: 'sha-384' },
  sha512: { length: 64, identifier: sequence(oid(OID.sha512)), micalg: 'sha-512' },
};
