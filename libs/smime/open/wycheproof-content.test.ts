// SPDX-License-Identifier: Apache-2.0
import { octetString, sequence, smallInteger } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { algorithm, fromHex, misjudged, wycheproof, type Vector } from '../testing/wycheproof.ts';
import { contentAlgorithm, type ContentAlgorithm } from './content-algorithm.ts';

const CBC = { 128: OID.aes128Cbc, 192: OID.aes192Cbc, 256: OID.aes256Cbc };
const GCM = { 128: OID.aes128Gcm, 192: OID.aes192Gcm, 256: OID.aes256Gcm };

/** Whether a vector decrypts, and to what it should. */
function decrypts(make: () => ContentAlgorithm | null, { key, aad = '', ct, tag, msg }: Vector): boolean {
  try {
    const decryption = make()?.start(fromHex(key), fromHex(aad));
    if (decryption === undefined) return false;
    const content = decryption.update(fromHex(ct));
    return Buffer.concat([content, decryption.final(tag === undefined ? null : fromHex(tag))]).equals(
      fromHex(msg),
    );
  } catch {
    return false;
  }
}

it('AES-CBC: wrong padding is refused', async () => {
  const groups = await wycheproof('aes_cbc_pkcs5');
  const wrong = await misjudged(groups, (vector, { keySize }) => {
    const id = CBC[keySize as keyof typeof CBC];
    return decrypts(() => contentAlgorithm(algorithm(id, octetString(fromHex(vector['iv'])))), vector);
  });
  expect(wrong).toEqual([]);
});

describe('AES-GCM', () => {
  const gcm = (vector: Vector, keySize: unknown, tagSize: unknown) => {
    const parameters = sequence(octetString(fromHex(vector['iv'])), smallInteger(Number(tagSize) / 8));
    return decrypts(() => contentAlgorithm(algorithm(GCM[keySize as keyof typeof GCM], parameters)), vector);
  };

  it('with nonces of 96 bits: wrong tags are refused', async () => {
    const groups = (await wycheproof('aes_gcm')).filter(({ ivSize }) => ivSize === 96);
    expect(groups.length).toBeGreaterThan(0);
    const wrong = await misjudged(groups, (vector, { keySize, tagSize }) => gcm(vector, keySize, tagSize));
    expect(wrong).toEqual([]);
  });

  it('with other nonces is not read', async () => {
    const groups = (await wycheproof('aes_gcm')).filter(({ ivSize }) => ivSize !== 96);
    const opened = groups.flatMap(({ tests, keySize, tagSize }) =>
      tests.filter((vector) => gcm(vector, keySize, tagSize)),
    );
    expect(opened).toEqual([]);
  });
});

it('ChaCha20-Poly1305: wrong tags and nonces are refused', async () => {
  const wrong = await misjudged(await wycheproof('chacha20_poly1305'), (vector) => {
    const parameters = octetString(fromHex(vector['iv']));
    return decrypts(() => contentAlgorithm(algorithm(OID.chacha20Poly1305, parameters)), vector);
  });
  expect(wrong).toEqual([]);
});
