// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { entityOf, hcpBaseline, protectMessage, softwareSigner, softwareUnwrapper } from '../index.ts';
import { bytesOf, openBytes } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

let workshop: OpensslWorkshop;
let authority: Identity;
let aske: Identity;
let bob: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  [aske, bob] = await Promise.all([
    workshop.issue(authority, { names: 'email:aske@a.example', subject: '/CN=Aske', key: workshop.P_256 }),
    workshop.issue(authority, { names: 'email:bob@b.example', subject: '/CN=Bob' }),
  ]);
});
afterAll(() => workshop.close());

const HEADER = 'From: aske@a.example\r\nTo: bob@b.example\r\nSubject: Kl\u00f8verblad\r\n';
const INNER = `Content-Type: text/plain; charset=utf-8\r\n\r\n${'Hej Bob, bl\u00e5b\u00e6r!\r\n'.repeat(5_000)}`;
const ORIGINAL = entityOf(Buffer.from(HEADER + INNER));

const protect = (more: Partial<Parameters<typeof protectMessage>[1]> = {}) =>
  protectMessage(ORIGINAL, {
    signer: softwareSigner({ key: aske.keyPem, certificate: aske.certificate }),
    signingTime: new Date(),
    recipients: [bob.certificate],
    tripleWrap: true,
    ...more,
  });

it.each(['aes-256-cbc', 'aes-256-gcm'] as const)(
  'a triple wrapped message (%s) opens in openssl layer by layer, and tells of its second signature',
  async (contentEncryption) => {
    const { message, signature, outerSignature, encryption } = await protect({ contentEncryption });
    expect(outerSignature).toEqual({
      algorithm: 'ecdsa-sha256',
      certificateSha256: aske.certificate.sha256,
    });
    expect(signature).toEqual(outerSignature);
    expect(encryption?.algorithm).toBe(contentEncryption);
    const bytes = await bytesOf(message);
    expect(bytes).toHaveLength(message.size);
    expect(bytes.toString()).toContain('Content-Type: multipart/signed');
    const encrypted = await workshop.verify(await workshop.save(message), authority);
    const signed = await workshop.decrypt(encrypted, bob);
    expect(await readFile(await workshop.verify(signed, authority), 'utf8')).toBe(INNER);
  },
);

it('and is opened by us: three layers, both signatures good, the subject hidden outside all of them', async () => {
  const { message, headerProtection } = await protect({ headerProtection: hcpBaseline });
  expect(headerProtection).toBe('cipher');
  const bytes = await bytesOf(message);
  expect(bytes.toString()).not.toMatch(/verblad/);
  const unwrapper = softwareUnwrapper({ key: bob.keyPem, certificate: bob.certificate });
  const opened = await openBytes(bytes, { unwrappers: [unwrapper] });
  const good = {
    kind: 'signed',
    problems: [],
    signatures: [{ verified: true, problems: [], certificate: { sha256: aske.certificate.sha256 } }],
  };
  expect(opened.layers).toMatchObject([good, { kind: 'encrypted', problems: [] }, good]);
  expect(opened.kept.toString()).toContain('Hej Bob');
  expect(opened.contentHeader?.get('Subject')).toBe('Kl\u00f8verblad');
  expect(opened.header.get('Subject')).toBe('[...]');
});

it('without the option there is no second signature, and without an encryption there can be none', async () => {
  const { outerSignature } = await protect({ tripleWrap: false });
  expect(outerSignature).toBeNull();
  await expect(protect({ recipients: [] })).rejects.toThrow(/no encryption to sign/);
});
