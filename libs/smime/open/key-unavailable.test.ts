// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { encryptEntity, entityOf, KeyUnavailableError, softwareUnwrapper, type Unwrapper } from '../index.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import { asMessage, openBytes } from '../testing/opening.ts';

const ENTITY = Buffer.from('Content-Type: text/plain\r\n\r\nHello\r\n');
const reader = (type: 'rsa' | 'x25519') => {
  const { publicKey, privateKey } =
    type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('x25519');
  return softwareUnwrapper({ key: privateKey, certificate: issueByHand(publicKey) });
};
const rsa = reader('rsa');
const x25519 = reader('x25519');

/** Its key is elsewhere, and does what is said there. */
const elsewhere = ({ certificate }: Unwrapper, answer: () => Promise<Buffer>): Unwrapper => ({
  certificate,
  decrypt: answer,
  agree: answer,
  decapsulate: answer,
});
const away = () => Promise.reject(new KeyUnavailableError('the token is away'));
const wrong = () => Promise.reject(new Error('wrong padding'));

describe('a key that cannot be asked', () => {
  it.each([
    ['RSA', rsa],
    ['X25519', x25519],
  ])('by %s is told as that, not as a message that does not decrypt', async (_name, person) => {
    const message = await asMessage(await encryptEntity(entityOf(ENTITY), [person.certificate]));
    await expect(openBytes(message, { unwrappers: [elsewhere(person, away)] })).rejects.toThrow(
      KeyUnavailableError,
    );
    await expect(openBytes(message, { unwrappers: [elsewhere(person, wrong)] })).rejects.toMatchObject({
      code: 'decryption-failed',
    });
    expect((await openBytes(message, { unwrappers: [person] })).kept).toEqual(ENTITY);
  });

  it('is told before PKCS#1 v1.5 is tried with another, so it says nothing of how that went', async () => {
    const recipients = [rsa, x25519].map(({ certificate }) => certificate);
    const message = await asMessage(await encryptEntity(entityOf(ENTITY), recipients));
    for (const answer of [wrong, () => Promise.resolve(Buffer.alloc(32))]) {
      let asked = 0;
      const counting = elsewhere(rsa, () => {
        asked += 1;
        return answer();
      });
      const unwrappers = [counting, elsewhere(x25519, away)];
      await expect(openBytes(message, { unwrappers })).rejects.toThrow(KeyUnavailableError);
      expect(asked).toBe(0);
    }
  });
});
