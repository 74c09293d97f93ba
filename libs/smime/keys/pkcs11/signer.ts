// SPDX-License-Identifier: Apache-2.0
import { constants, createHash, randomBytes, verify } from 'node:crypto';
import { checkSignatureAlgorithm, signatureAlgorithmsFor } from '../../algorithms/signable.ts';
import { DIGESTS, type DigestAlgorithm } from '../../algorithms/digests.ts';
import { SIGNATURES, type SignatureAlgorithm } from '../../algorithms/signatures.ts';
import { NULL, octetString, oid, sequence } from '../../asn1/der.ts';
import { OID } from '../../asn1/oids.ts';
import type { Certificate } from '../../certificates/certificate.ts';
import {
  CryptographicOperationError,
  KeyMismatchError,
  KeyUnavailableError,
  UnsuitableCertificateError,
} from '../../errors.ts';
import type { Signer } from '../signer.ts';
import { CK, CK_PARAMS, codeOf, HASHES, type Mechanism } from './cryptoki.ts';
import { ecdsaSigValue } from './ecdsa-sig-value.ts';
import { beforeData } from './lost.ts';
import type { KeyAt } from './session.ts';
import type { Pkcs11Token } from './token.ts';

/** More than an RSA key of 16384 bits needs. */
const LONGEST_SIGNATURE = 2048;

/**
 * A signer whose key stays in a token; but for Ed25519 it is given a digest, hashed here. Signs once to see that key
 * and certificate belong together, and that the token can.
 *
 * @param from.algorithm one that the key allows. Default: the customary one, for RSA PKCS#1 v1.5 with SHA-256.
 * @throws KeyNotFoundError, KeyMismatchError, UnsuitableCertificateError; CryptographicOperationError with PKCS#11's
 *   code where the token does not sign in this way; KeyUnavailableError.
 */
export async function pkcs11Signer(from: {
  token: Pkcs11Token;
  key: KeyAt;
  certificate: Certificate;
  chain?: readonly Certificate[];
  algorithm?: SignatureAlgorithm | undefined;
}): Promise<Signer> {
  const { token, certificate, chain = [] } = from;
  const [customary] = signatureAlgorithmsFor(certificate);
  const { algorithm = customary } = from;
  if (algorithm === undefined) throw new UnsuitableCertificateError('its key does not sign here');
  checkSignatureAlgorithm(certificate, algorithm);

  const sign = async (bytes: Buffer): Promise<Buffer> => {
    const { mechanism, data } = question(algorithm, bytes);
    const signature = await token
      .use(async ({ cryptoki, handle, key, checkIsThere }) => {
        try {
          const signing = key(from.key);
          beforeData(() => {
            cryptoki.C_SignInit(handle, mechanism, signing);
          });
          return await cryptoki.C_SignAsync(handle, data, Buffer.alloc(LONGEST_SIGNATURE));
        } catch (error) {
          checkIsThere(error);
          throw error;
        }
      })
      .catch((error: unknown) => {
        if (error instanceof KeyUnavailableError) throw error;
        throw new CryptographicOperationError(`signing failed (${codeOf(error) ?? 'no code'})`);
      });
    return algorithm.startsWith('ecdsa-') ? ecdsaSigValue(signature) : signature;
  };

  const probe = randomBytes(32);
  if (!isSignedBy(certificate, algorithm, probe, await sign(probe))) {
    throw new KeyMismatchError('the private key in the token does not belong to the certificate');
  }
  return { certificate, chain, algorithm, sign };
}

/** What the token is asked: it hashes nothing by itself, as few can with every digest. */
function question(algorithm: SignatureAlgorithm, bytes: Buffer): { mechanism: Mechanism; data: Buffer } {
  const { digest } = SIGNATURES[algorithm];
  if (algorithm === 'ed25519') return { mechanism: { mechanism: CK.CKM_EDDSA }, data: bytes };
  const hashed = createHash(digest).update(bytes).digest();
  if (algorithm.startsWith('ecdsa-')) return { mechanism: { mechanism: CK.CKM_ECDSA }, data: hashed };
  if (algorithm.startsWith('rsassa-pss-')) return { mechanism: pssMechanism(digest), data: hashed };
  // DigestInfo (RFC 8017 §9.2).
  const info = sequence(sequence(oid(OID[digest]), NULL), octetString(hashed));
  return { mechanism: { mechanism: CK.CKM_RSA_PKCS }, data: info };
}

function pssMechanism(digest: DigestAlgorithm): Mechanism {
  const hash = HASHES[digest];
  const parameter = {
    type: CK_PARAMS.RSA_PSS,
    hashAlg: hash?.mechanism,
    mgf: hash?.mgf,
    saltLen: DIGESTS[digest].length,
  };
  return { mechanism: CK.CKM_RSA_PKCS_PSS, parameter };
}

function isSignedBy({ x509 }: Certificate, algorithm: SignatureAlgorithm, bytes: Buffer, signature: Buffer) {
  const key = x509.publicKey;
  const { digest } = SIGNATURES[algorithm];
  if (algorithm === 'ed25519') return verify(null, bytes, key, signature);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify(digest, bytes, algorithm.startsWith('rsassa-pss-') ? { key, padding } : key, signature);
}
