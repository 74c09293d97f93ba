// SPDX-License-Identifier: Apache-2.0
import { children, der, readDer } from '../asn1/der.ts';

/** How deep it lies in an EnvelopedData without attributes (RFC 5652 §6.1): each time in the last value of those there. */
const DEPTH = 4;

/** The ciphertext of an EnvelopedData with definite lengths. */
export const ciphertextOf = (cms: Buffer, depth = DEPTH): Buffer => {
  const value = readDer(cms);
  return depth === 0 ? value.content : ciphertextOf(lastOf(children(value)).bytes, depth - 1);
};

/** The same, around another ciphertext: whoever is on the way can make it, without any key. */
export const withCiphertext = (cms: Buffer, ciphertext: Buffer, depth = DEPTH): Buffer => {
  const value = readDer(cms);
  if (depth === 0) return der(value.tag, ciphertext);
  const all = children(value).map(({ bytes }) => bytes);
  return der(value.tag, ...all.slice(0, -1), withCiphertext(lastOf(all), ciphertext, depth - 1));
};

function lastOf<T>(all: readonly T[]): T {
  const last = all.at(-1);
  if (last === undefined) throw new Error('no EnvelopedData');
  return last;
}
