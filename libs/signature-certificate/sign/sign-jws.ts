// SPDX-License-Identifier: Apache-2.0
import { KeyMismatchError, type Signer } from '@securemail/smime';
import { ecHalf, JOSE_ALGORITHMS, signatureLength } from './jose-algorithm.ts';
import { MOST_CERTIFICATES, TYPE, type Payload } from './payload.ts';
import { rawEcdsa } from './raw-ecdsa.ts';

export interface UnsignedJws {
  /** Characters (octets) of the whole, signature and all. */
  readonly length: number;
  /** @returns the compact serialisation (RFC 7515 §7.1). @throws what the signer throws */
  sign(): Promise<string>;
}

const base64url = (text: string | Buffer) => Buffer.from(text).toString('base64url');
/** Characters of base64url without padding. */
const encodedLength = (octets: number) => Math.ceil((octets * 4) / 3);

/**
 * A JWS with the certificates of its signer (`x5c`). Put together by hand, for `jose` signs only with keys that it holds,
 * and a Signer's may be in a token. What is verified is verified by `jose`.
 */
export function unsignedJws(payload: Payload, signer: Signer): UnsignedJws {
  const alg = JOSE_ALGORITHMS[signer.algorithm];
  const certificates = [signer.certificate, ...signer.chain].slice(0, MOST_CERTIFICATES);
  const header = { alg, typ: TYPE, x5c: certificates.map(({ der }) => der.toString('base64')) };
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
  const octets = signatureLength(alg, signer.certificate);
  return {
    length: input.length + 1 + encodedLength(octets),
    sign: async () => {
      const given = await signer.sign(Buffer.from(input, 'ascii'));
      const half = ecHalf(alg);
      const signature = half === null ? given : rawEcdsa(given, half);
      if (signature.length !== octets)
        throw new KeyMismatchError('the signature is not as long as the key of the certificate makes them');
      return `${input}.${base64url(signature)}`;
    },
  };
}
