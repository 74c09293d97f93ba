// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { entityOf, signThenEncrypt, softwareSigner, tripleWrap } from '../index.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const signingTime = new Date();
let workshop: OpensslWorkshop;
let authority: Identity;
let aske: Identity;
let bob: Identity;
let gateway: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  [aske, bob, gateway] = await Promise.all([
    workshop.issue(authority, { subject: '/CN=Aske' }),
    workshop.issue(authority, { subject: '/CN=Bob' }),
    workshop.issue(authority, { subject: '/CN=Gateway', key: workshop.P_256 }),
  ]);
});
afterAll(() => workshop.close());

const signerOf = ({ keyPem, certificate }: Identity) => softwareSigner({ key: keyPem, certificate });
const HEADER = 'Content-Type: text/plain\r\n\r\n';
const CONTENTS = [`${HEADER}x`, HEADER + 'More than one chunk.\r\n'.repeat(10_000)].map((text) =>
  Buffer.from(text),
);

it.each(['aes-256-cbc', 'aes-256-gcm'] as const)(
  'a triple wrapped entity (%s) opens layer by layer: the gateway’s signature, the encryption, the author’s signature',
  async (contentEncryption) => {
    for (const content of CONTENTS) {
      const wrapped = await tripleWrap(entityOf(content), {
        signer: signerOf(aske),
        outerSigner: signerOf(gateway),
        signingTime,
        recipients: [bob.certificate],
        contentEncryption,
      });
      const bytes = await buffer(wrapped.open());
      expect(bytes).toHaveLength(wrapped.size);
      expect(bytes.toString('latin1')).not.toMatch(/[\u0080-\u00ff]/);
      const encrypted = await workshop.verify(await workshop.save(wrapped), authority);
      const signed = await workshop.decrypt(encrypted, bob);
      expect((await readFile(await workshop.verify(signed, authority))).equals(content)).toBe(true);
    }
  },
);

it('a signed and encrypted entity opens in two steps', async () => {
  for (const content of CONTENTS) {
    const wrapped = await signThenEncrypt(entityOf(content), {
      signer: signerOf(aske),
      signingTime,
      recipients: [bob.certificate],
    });
    const signed = await workshop.decrypt(await workshop.save(wrapped), bob);
    expect((await readFile(await workshop.verify(signed, authority))).equals(content)).toBe(true);
  }
});
