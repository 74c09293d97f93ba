// SPDX-License-Identifier: Apache-2.0
import { context, der, NULL, oid, sequence, smallInteger } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { DIGESTS, type DigestAlgorithm } from './digests.ts';

/** How the signature over the signed attributes is made, and with which digest. */
export type SignatureAlgorithm =
  `${'rsassa-pkcs1-v1_5' | 'rsassa-pss' | 'ecdsa'}-${DigestAlgorithm}` | 'ed25519';

interface Signature {
  /** Of the content and, but for Ed25519, of the signed attributes. */
  readonly digest: DigestAlgorithm;
  /** The signatureAlgorithm of a SignerInfo. */
  readonly identifier: Buffer;
}

/** RFC 5754 §3.2 lets the plain key algorithm stand for RSA signatures, and every reader knows it. */
const pkcs1 = (digest: DigestAlgorithm): Signature => ({
  digest,
  identifier: sequence(oid(OID.rsaEncryption), NULL),
});

/**
 * RFC 4056 §3: the same hash everywhere, a salt as long as it. Here the hash has NULL parameters, as RFC 4055 §2.1
 * writes it.
 */
function pss(digest: DigestAlgorithm): Signature {
  const hash = sequence(oid(OID[digest]), NULL);
  const parameters = sequence(
    der(context(0), hash),
    der(context(1), sequence(oid(OID.mgf1), hash)),
    der(context(2), smallInteger(DIGESTS[digest].length)),
  );
  return { digest, identifier: sequence(oid(OID.rsassaPss), parameters) };
}

/** RFC 5754 §3.3: without parameters. */
const ecdsa = (digest: DigestAlgorithm, id: string): Signature => ({ digest, identifier: sequence(oid(id)) });

export const SIGNATURES: Readonly<Record<SignatureAlgorithm, Signature>> = {
  'rsassa-pkcs1-v1_5-sha256': pkcs1('sha256'),
  'rsassa-pkcs1-v1_5-sha384': pkcs1('sha384'),
  'rsassa-pkcs1-v1_5-sha512': pkcs1('sha512'),
  'rsassa-pss-sha256': pss('sha256'),
  'rsassa-pss-sha384': pss('sha384'),
  'rsassa-pss-sha512': pss('sha512'),
  'ecdsa-sha256': ecdsa('sha256', OID.ecdsaWithSha256),
  'ecdsa-sha384': ecdsa('sha384', OID.ecdsaWithSha384),
  'ecdsa-sha512': ecdsa('sha512', OID.ecdsaWithSha512),
  // RFC 8419 §3: the message digest is SHA-512, whatever Ed25519 does inside.
  ed25519: { digest: 'sha512', identifier: sequence(oid(OID.ed25519)) },
};
