// SPDX-License-Identifier: Apache-2.0

const INTEGER = 0x02;

/**
 * The signature of JWS (RFC 7518 §3.4), R and S of fixed length, from an ECDSA-Sig-Value (RFC 3279 §2.2.3), which is
 * what a Signer gives. By hand: `node:crypto` converts none, and two INTEGERs need no library.
 */
export function rawEcdsa(der: Buffer, half: number): Buffer {
  // SEQUENCE, its length in one octet or (P-521) two.
  let at = (der[1] ?? 0) > 0x80 ? 3 : 2;
  const halves = [0, 1].map(() => {
    const length = der[at + 1] ?? 0;
    if (der[at] !== INTEGER) throw new Error('the signer gave no ECDSA-Sig-Value');
    const value = der.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    const digits = value.subarray(Math.max(0, value.length - half));
    return Buffer.concat([Buffer.alloc(half - digits.length), digits]);
  });
  return Buffer.concat(halves);
}
