// SPDX-License-Identifier: Apache-2.0
import { bundleOf, issueBelow, keysIn, openedBy, P_256, serialOf, sha256Of } from './testing/openssl.ts';
import { named, openCryptoWorld, type CryptoWorld, type Mail } from './testing/running-crypto.ts';

/** SMIMECapabilities in hex: AES-256-GCM; and 3DES, alone. */
const READS_GCM = '300d300b060960864801650304012e';
const READS_3DES = '300c300a06082a864886f70d0307';

const BO = 'bo@citizen.example';
const NEWER = 'newer@citizen.example';
const OLDER = 'older@citizen.example';
const CURVE = 'curve@citizen.example';

const [newer, older, curve, sender] = await Promise.all([
  issueBelow(NEWER, { capabilities: READS_GCM }),
  issueBelow(OLDER, { capabilities: READS_3DES }),
  issueBelow(CURVE, { key: P_256, keyUsage: 'digitalSignature,keyAgreement' }),
  issueBelow('carl@demo.example', { key: P_256, keyUsage: 'digitalSignature' }),
]);

let world: CryptoWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openCryptoWorld();
  const everybody = { newer, older, curve, sender };
  for (const [name, { rootPem, betweenPem, person }] of Object.entries(everybody)) {
    await world.cast.write(`authorities/${name}.pem`, rootPem);
    await world.cast.write(`people/${name}.p7b`, await bundleOf(person.certificatePem, betweenPem));
  }
  await world.cast.write('keys/people/carl.p12', sender.person.pkcs12);
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

/** The protected messages made of a mail, with their bytes, and who is held. */
async function protect(mail: Mail) {
  const events = await world.outcome(await world.accept(mail));
  const messages = await Promise.all(
    named(events, 'EmailProtected').map(async ({ data, ...event }) => ({
      ...data,
      bytes: await world.contentOf({ data, ...event }),
    })),
  );
  return { messages, held: named(events, 'EmailHeld').map(({ data }) => data) };
}

describe('each recipient gets the best that is read there', () => {
  it('and one who reads AES-GCM does not have to do with what a stranger reads, nor the other way round', async () => {
    const { messages } = await protect({ to: [BO, NEWER, 'kim@citizen.example'] });
    expect(messages).toMatchObject([
      { recipientIds: ['r1', 'r3'], encryption: { algorithm: 'aes-256-cbc' } },
      {
        recipientIds: ['r2'],
        encryption: {
          algorithm: 'aes-256-gcm',
          keyEncryption: 'rsaes-pkcs1-v1_5',
          certificateSha256: [sha256Of(newer.person.certificatePem)],
        },
      },
    ]);
    expect(await keysIn(messages[1]!.bytes)).toEqual([serialOf(newer.person)]);
    const trusted = world.cast.authority.certificatePem;
    expect((await openedBy(newer.person, messages[1]!.bytes, trusted)).content).toContain('Dear reader');
    expect((await openedBy(world.cast.issued.bo, messages[0]!.bytes, trusted)).content).toContain(
      'Dear reader',
    );
  });

  it('but nothing weak: who says that he reads 3DES alone is held, and spoils it for nobody', async () => {
    const { messages, held } = await protect({ to: [OLDER, BO] });
    expect(messages).toMatchObject([{ recipientIds: ['r2'], encryption: { algorithm: 'aes-256-cbc' } }]);
    expect(held).toMatchObject([{ recipientIds: ['r1'], because: 'certificate-unsuitable' }]);
  });

  it('and a blind copy is alone in its envelope, whatever it reads', async () => {
    const { messages } = await protect({ to: [BO], bcc: ['kim@citizen.example', NEWER] });
    expect(messages.map(({ recipientIds }) => recipientIds)).toEqual([['r1'], ['r2'], ['r3']]);
  });
});

it('a sender may sign with a key on P-256', async () => {
  const { messages } = await protect({ from: 'carl@demo.example', to: [BO] });
  const signer = sha256Of(sender.person.certificatePem);
  expect(messages[0]!.signature).toEqual({
    algorithm: 'ecdsa-sha256',
    signer: 'person',
    certificateSha256: signer,
  });
  const opened = await openedBy(world.cast.issued.bo, messages[0]!.bytes, sender.rootPem);
  expect(opened.signer).toBe(signer);
});

it('a recipient with a key on P-256 gets an envelope of its own beside the one for RSA keys', async () => {
  const { messages, held } = await protect({ from: 'carl@demo.example', to: [BO, CURVE] });
  expect(held).toEqual([]);
  expect(messages).toMatchObject([
    { recipientIds: ['r1'], encryption: { keyEncryption: 'rsaes-pkcs1-v1_5' } },
    { recipientIds: ['r2'], encryption: { algorithm: 'aes-256-cbc', keyEncryption: 'ecdh-sha256' } },
  ]);
  const { content } = await openedBy(curve.person, messages[1]!.bytes, sender.rootPem);
  expect(content).toContain('Dear reader');
});
