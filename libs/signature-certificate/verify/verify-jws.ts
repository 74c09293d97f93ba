// SPDX-License-Identifier: Apache-2.0
import { certificateOf, signatureAlgorithmsFor, type Certificate } from '@securemail/smime';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { JOSE_ALGORITHMS } from '../sign/jose-algorithm.ts';
import { MOST_CERTIFICATES, Payload, TYPE } from '../sign/payload.ts';
import { verificationKey } from '../sign/rsa-public-key.ts';

export type VerifiedJws =
  | {
      readonly status: 'good';
      readonly payload: Payload;
      readonly certificate: Certificate;
      readonly chain: readonly Certificate[];
    }
  /** `other-version`: signed well, but this version does not understand what it says. */
  | { readonly status: 'wrong' | 'other-version'; readonly certificate: Certificate }
  /** Not signed by anything that could be read. */
  | { readonly status: 'unreadable' }
  /** A JWS, but none of ours. */
  | { readonly status: 'something-else' };

/** Verifies a JWS against the certificate that came in it; whose that is, and whether to trust it, is not judged. */
export async function verifyJws(jws: string): Promise<VerifiedJws> {
  const header = headerOf(jws);
  if (header === null || header.typ !== TYPE) return { status: 'something-else' };
  const certificates = certificatesOf(header.x5c);
  const [certificate, ...chain] = certificates;
  if (certificate === undefined) return { status: 'unreadable' };
  let signed: Uint8Array;
  try {
    // A key under 2048 bits, or of a kind that signs nothing here, is refused as well.
    const algorithms = signatureAlgorithmsFor(certificate).map((algorithm) => JOSE_ALGORITHMS[algorithm]);
    const key = verificationKey(certificate.x509.publicKey);
    signed = (await compactVerify(jws, key, { algorithms })).payload;
    if (!isCanonical(jws)) return { status: 'wrong', certificate };
  } catch {
    return { status: 'wrong', certificate };
  }
  const payload = Payload.safeParse(parsed(Buffer.from(signed).toString('utf8')));
  return payload.success
    ? { status: 'good', payload: payload.data, certificate, chain }
    : { status: 'other-version', certificate };
}

/** The last character of a signature has bits that count for nothing: with others it would be the same signature. */
function isCanonical(jws: string): boolean {
  const signature = jws.slice(jws.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

function headerOf(jws: string) {
  try {
    return decodeProtectedHeader(jws);
  } catch {
    return null;
  }
}

function certificatesOf(x5c: unknown): Certificate[] {
  if (!Array.isArray(x5c) || x5c.length > MOST_CERTIFICATES) return [];
  try {
    return x5c.map((each) => certificateOf(Buffer.from(String(each), 'base64')));
  } catch {
    return [];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
