// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { pointInSpki, pointOf } from './public-point.ts';

describe('the point of a public key', () => {
  it.each(['prime256v1', 'secp521r1'])('of %s is the same, however it is taken', (namedCurve) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });
    expect(pointOf(publicKey)[0]).toBe(4);
    expect(pointInSpki(publicKey)).toEqual(pointOf(publicKey));
  });

  it('of X25519 is the same, however it is taken', () => {
    const { publicKey } = generateKeyPairSync('x25519');
    expect(pointOf(publicKey)).toHaveLength(32);
    expect(pointInSpki(publicKey)).toEqual(pointOf(publicKey));
  });
});
