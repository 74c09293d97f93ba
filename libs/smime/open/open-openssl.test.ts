// SPDX-License-Identifier: Apache-2.0
import { CUTS, ENTITY, LONG, opensslPeople, unwrapperOf } from '../testing/openssl-people.ts';
import { openBytes } from '../testing/opening.ts';
import type { Identity, OpensslWorkshop } from '../testing/openssl-workshop.ts';

let workshop: OpensslWorkshop;
let aske: Identity;
let bob: Identity;
let carol: Identity;
beforeAll(async () => {
  ({ workshop, aske, bob, carol } = await opensslPeople());
});
afterAll(() => workshop.close());

describe('openssl encrypts', () => {
  it.each([
    ['with definite lengths', ['-aes256', '-noindef']],
    ['with indefinite lengths', ['-aes256', '-stream']],
    ['with AES-128', ['-aes128', '-stream']],
    ['with AES-192', ['-aes192']],
    ['with AES-256-GCM', ['-aes-256-gcm']],
    ['with AES-192-GCM and indefinite lengths', ['-aes-192-gcm', '-stream']],
    ['naming recipients by their keys', ['-aes256', '-keyid']],
  ])('%s, for several, and each of them reads it', async (_name, options) => {
    for (const entity of [ENTITY, LONG]) {
      const recipients = [aske, bob, carol].map(({ certificatePath }) => certificatePath);
      const message = await workshop.cms(entity, '-encrypt', '-binary', ...options, ...recipients);
      for (const reader of [aske, bob, carol]) {
        for (const cuts of CUTS) {
          const opened = await openBytes(message, { unwrappers: [unwrapperOf(reader)] }, ...cuts);
          expect(opened.kept.toString()).toBe(entity);
          expect(opened.layers).toMatchObject([{ kind: 'encrypted', recipients: 3 }]);
        }
      }
    }
  });

  it.each([
    ['OAEP', ['-keyopt', 'rsa_padding_mode:oaep']],
    ['OAEP with SHA-256', ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256']],
  ])('with its key by %s', async (_name, options) => {
    const message = await workshop.cms(
      ENTITY,
      '-encrypt',
      '-binary',
      '-aes256',
      '-recip',
      aske.certificatePath,
      ...options,
    );
    const opened = await openBytes(message, { unwrappers: [unwrapperOf(aske)] });
    expect(opened.kept.toString()).toBe(ENTITY);
    expect(opened.layers).toMatchObject([{ keyEncryption: 'rsaes-oaep' }]);
  });

  it.each(['sha256', 'sha384', 'sha512'])('with its key by ECDH with %s', async (digest) => {
    const options = ['-recip', carol.certificatePath, '-keyopt', `ecdh_kdf_md:${digest}`];
    const message = await workshop.cms(ENTITY, '-encrypt', '-binary', '-aes256', ...options);
    const opened = await openBytes(message, { unwrappers: [unwrapperOf(carol)] });
    expect(opened.kept.toString()).toBe(ENTITY);
    expect(opened.layers).toMatchObject([{ keyEncryption: `ecdh-${digest}` }]);
  });

  it('with 3DES, which opens only where that is asked for', async () => {
    const message = await workshop.cms(ENTITY, '-encrypt', '-binary', '-des3', aske.certificatePath);
    const unwrappers = [unwrapperOf(aske)];
    await expect(openBytes(message, { unwrappers })).rejects.toMatchObject({ code: 'weak-algorithm' });
    const opened = await openBytes(message, { unwrappers, legacy: ['3des'] });
    expect(opened.kept.toString()).toBe(ENTITY);
    expect(opened.layers[0]?.problems).toEqual(['weak-cipher', 'unauthenticated-encryption']);
  });

  it('for others: it says so, and so does a message for nobody we know', async () => {
    const message = await workshop.cms(ENTITY, '-encrypt', '-aes256', bob.certificatePath);
    await expect(openBytes(message, { unwrappers: [unwrapperOf(aske)] })).rejects.toMatchObject({
      code: 'no-recipient',
      layer: 0,
      encryptedFor: [
        {
          serialNumber: bob.certificate.x509.serialNumber,
          issuer: bob.certificate.x509.issuer.replaceAll('\n', ', '),
        },
      ],
    });
    await expect(openBytes(message)).rejects.toMatchObject({ code: 'no-recipient' });
  });
});
