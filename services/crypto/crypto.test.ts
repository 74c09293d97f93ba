// SPDX-License-Identifier: Apache-2.0
import { verifySignatureCertificate } from '@securemail/signature-certificate';
import { readCertificates } from '@securemail/smime';
import { firstPartOf } from './testing/first-part.ts';
import { keysIn, openedBy, serialOf, sha256Of } from './testing/openssl.ts';
import { BODY, named, openCryptoWorld, type CryptoWorld, type Mail } from './testing/running-crypto.ts';

const FIELDS = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n';

let world: CryptoWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openCryptoWorld();
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const BO = 'bo@citizen.example';
const KIM = 'kim@citizen.example';

/** Accepts a mail; gives the messages made of it and the plan behind them. */
async function protect(mail: Mail) {
  const emailId = await world.accept(mail);
  const events = await world.outcome(emailId);
  const messages = await Promise.all(
    named(events, 'EmailProtected').map(async (event) => ({
      ...event.data,
      recipients: event.personal?.recipients.map(({ address }) => address),
      bytes: await world.contentOf(event),
    })),
  );
  return { emailId, events, messages, plan: named(events, 'ProtectionPlanned')[0]!.data };
}
const open = (reader: keyof CryptoWorld['cast']['issued'], message: Buffer) =>
  openedBy(world.cast.issued[reader], message, world.cast.authority.certificatePem);
const sha256For = (name: keyof CryptoWorld['cast']['issued']) =>
  sha256Of(world.cast.issued[name].certificatePem);

describe('mail to a person whose certificate is known', () => {
  it('is signed by the sender and encrypted so that openssl opens it with the recipient’s key alone', async () => {
    const { events, messages } = await protect({ to: [BO] });
    expect(events.map(({ name }) => name)).toEqual(['ProtectionPlanned', 'EmailProtected']);
    const [message] = messages;
    expect(message).toMatchObject({
      protectedMessageId: 'm1',
      method: 'smime-personal',
      recipients: [BO],
      signature: { signer: 'person', certificateSha256: sha256For('anna') },
      encryption: { algorithm: 'aes-256-cbc', certificateSha256: [sha256For('bo')] },
    });
    const { content, signer } = await open('bo', message!.bytes);
    expect(signer).toBe(sha256For('anna'));
    expect(content).toMatch(/^MIME-Version: 1\.0\r\n/);
    expect(Buffer.from(firstPartOf(content), 'latin1').toString()).toBe(`${FIELDS}\r\n${BODY}`);
    await expect(open('kim', message!.bytes)).rejects.toThrow(/decrypt/i);
  });

  it('is signed in the name of whom readers see, who may be another than its envelope’s sender', async () => {
    const message = `From: =?utf-8?q?Anna?= <anna@demo.example>\r\nTo: ${BO}\r\n\r\nGoddag\r\n`;
    const { emailId, messages } = await protect({ from: 'ulla@demo.example', to: [BO], message });
    const { content, signer } = await open('bo', messages[0]!.bytes);
    expect(signer).toBe(sha256For('anna'));
    const whole = `From: anna@demo.example\r\nMessage-ID: <${emailId}@demo.example>\r\n${content}`;
    const verified = await verifySignatureCertificate({
      file: Buffer.from(whole, 'latin1'),
      trustAnchors: readCertificates(world.cast.authority.certificatePem),
      at: new Date(),
    });
    expect(verified.certificates.map(({ facts }) => facts?.from)).toEqual([['anna@demo.example']]);
    expect(verified.certificates[0]!.problems).toEqual([]);
  });

  it('keeps the header readable and nothing of the body, and carries no field of ours', async () => {
    const { emailId, messages } = await protect({ to: [BO] });
    const text = messages[0]!.bytes.toString();
    expect(text).toContain(`Subject: Journal\r\nMessage-ID: <${emailId}@demo.example>\r\n`);
    expect(text).toContain('\r\nContent-Type: application/pkcs7-mime');
    expect(text).not.toContain('reader');
    expect(text).not.toContain('X-SecureMail');
  });

  it.each([{ rules: ['CPR number'] }, { hideSubject: true }])(
    'has its subject inside alone where sensitive content was found in it, which may be the subject: %j',
    async (found) => {
      const copies = ['Thread-Topic', 'X-Subject', 'Resent-Subject', 'Comments', 'Keywords'];
      const fields = ['Subject', ...copies].map((name) => `${name}: Journal\r\n`).join('');
      const message = `From: anna@demo.example\r\n${fields}\r\nx\r\n`;
      const { messages } = await protect({ to: [BO], message, ...found });
      const text = messages[0]!.bytes.toString();
      expect(text).toContain('Subject: [...]\r\n');
      expect(text).not.toContain('Journal');
      const { content } = await open('bo', messages[0]!.bytes);
      expect(content).toContain(fields);
    },
  );

  it.each(['application/pkcs7-mime; smime-type=enveloped-data', 'multipart/encrypted; boundary=x'])(
    'has it inside alone, too, where the sender’s program made its body: %s',
    async (type) => {
      const fields = 'Subject: Journal\r\nThread-Topic: Journal\r\n';
      const body = 'MIAGCSqGSIb3DQEHA6CAMIACAQAx\r\n';
      const message = `From: anna@demo.example\r\n${fields}Content-Type: ${type}\r\n\r\n${body}`;
      const { messages } = await protect({ to: [BO], message, hideSubject: true });
      const text = messages[0]!.bytes.toString();
      expect(text).toContain('Subject: [...]\r\n');
      expect(text).not.toContain('Journal');
      const { content } = await open('bo', messages[0]!.bytes);
      expect(content).toContain(fields);
    },
  );

  it('is encrypted with AES-128 where the operator chose it for partners that insist', async () => {
    const other = await openCryptoWorld();
    const service = await other.start({ contentEncryption: 'aes-128-cbc' });
    const [, event] = await other.outcome(await other.accept({ to: [BO] }));
    expect(event!.data).toMatchObject({ encryption: { algorithm: 'aes-128-cbc' } });
    await service.close();
    await other.close();
  });

  it('uses the certificate that holds of several, some of which have expired', async () => {
    const { messages } = await protect({ to: ['renewed@citizen.example'] });
    expect(messages[0]!.encryption!.certificateSha256).toEqual([sha256For('renewed')]);
    await open('renewed', messages[0]!.bytes);
  });

  it('finds the person whatever the case of the address', async () => {
    const { messages } = await protect({ to: ['Bo@Citizen.Example'] });
    expect(messages[0]!.encryption!.certificateSha256).toEqual([sha256For('bo')]);
  });
});

describe('who signs', () => {
  it.each([
    ['the organisation, for a sender without a key', 'carl@demo.example', 'demo.example', 'organisation'],
    [
      'the organisation, for a sender whose own has expired',
      'lapsed@demo.example',
      'demo.example',
      'organisation',
    ],
    ['the sender, where both could', 'anna@demo.example', 'anna', 'person'],
  ] as const)('is %s', async (_, from, name, signer) => {
    const { messages } = await protect({ from, to: [BO] });
    expect(messages[0]!.signature).toMatchObject({ signer, certificateSha256: sha256For(name) });
    expect((await open('bo', messages[0]!.bytes)).signer).toBe(sha256For(name));
  });
});

describe('recipients of one mail', () => {
  it('share a message that holds its key for each of them and nobody else', async () => {
    const { messages } = await protect({ to: [BO, KIM] });
    expect(messages).toHaveLength(1);
    const serials = [serialOf(world.cast.issued.bo), serialOf(world.cast.issued.kim)];
    expect(new Set(await keysIn(messages[0]!.bytes))).toEqual(new Set(serials));
    for (const reader of ['bo', 'kim'] as const)
      expect((await open(reader, messages[0]!.bytes)).content).toContain('Dear reader');
  });

  it('never learn of a blind copy: it travels in a message of its own, with one key', async () => {
    const { messages } = await protect({ to: [BO], bcc: [KIM, 'renewed@citizen.example'] });
    expect(messages.map(({ recipients }) => recipients)).toEqual([[BO], [KIM], ['renewed@citizen.example']]);
    expect(await Promise.all(messages.map(({ bytes }) => keysIn(bytes)))).toEqual(
      (['bo', 'kim', 'renewed'] as const).map((name) => [serialOf(world.cast.issued[name])]),
    );
    for (const { bytes } of messages) expect(bytes.toString()).not.toMatch(/(kim|renewed)@/i);
    expect((await open('kim', messages[1]!.bytes)).content).toContain('Dear reader');
  });

  it('of one organisation never learn of a blind copy to a colleague', async () => {
    const { messages } = await protect({ to: ['desk@hospital.example'], bcc: ['ward@hospital.example'] });
    expect(messages.map(({ method, recipients }) => [method, recipients])).toEqual([
      ['smime-domain', ['desk@hospital.example']],
      ['smime-domain', ['ward@hospital.example']],
    ]);
  });

  it('each get the strongest that is there for them, and the plan says why nothing stronger', async () => {
    const to = ['ulla@demo.example', BO, 'desk@hospital.example'];
    const { messages, plan } = await protect({ to });
    expect(messages.map(({ method, recipientIds }) => [method, recipientIds])).toEqual([
      ['internal', ['r1']],
      ['smime-personal', ['r2']],
      ['smime-domain', ['r3']],
    ]);
    expect(plan.recipients[2]).toEqual({
      recipientId: 'r3',
      method: 'smime-domain',
      passedOver: [
        { method: 'internal', because: 'not-an-own-domain' },
        { method: 'smime-personal', because: 'no-certificate' },
      ],
    });
  });
});

describe('tunnel mail', () => {
  it('is one message under the organisation’s certificate, however many of its people receive it', async () => {
    const { messages } = await protect({ to: ['desk@hospital.example', 'ward@hospital.example'] });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({
      method: 'smime-domain',
      encryption: { certificateSha256: [sha256For('hospital.example')] },
    });
    expect((await open('hospital.example', messages[0]!.bytes)).content).toContain('Dear reader');
  });

  it('takes the place of a personal certificate that has expired', async () => {
    const { messages, plan } = await protect({ to: ['doctor@hospital.example'] });
    expect(messages[0]!.method).toBe('smime-domain');
    expect(plan.recipients[0]!.passedOver).toContainEqual({
      method: 'smime-personal',
      because: 'certificate-expired',
    });
    await open('hospital.example', messages[0]!.bytes);
  });

  it('does not take the place of a personal certificate that is good', async () => {
    const { messages } = await protect({ to: ['nurse@hospital.example'] });
    expect(messages[0]!.method).toBe('smime-personal');
    await open('nurse', messages[0]!.bytes);
  });

  it('is what remains where the tenant forbids personal certificates', async () => {
    const { messages, plan } = await protect({
      from: 'a@no-personal.example',
      to: ['nurse@hospital.example'],
    });
    expect(messages.map(({ method }) => method)).toEqual(['smime-domain']);
    expect(plan.recipients[0]!.passedOver).toContainEqual({
      method: 'smime-personal',
      because: 'method-forbidden',
    });
  });
});

describe('internal mail', () => {
  it('stays byte for byte as it was accepted beside its certificate, blind copies in the same message', async () => {
    const { messages } = await protect({ to: ['ulla@demo.example'], bcc: ['ib@demo.example'] });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({
      method: 'internal',
      signature: null,
      encryption: null,
    });
    expect(messages[0]!.bytes.toString()).toMatch(/^Received: .*\r\nSubject: Journal\r\n/s);
    expect(Buffer.from(firstPartOf(messages[0]!.bytes), 'latin1').toString()).toBe(`${FIELDS}\r\n${BODY}`);
  });

  it('is the very content that was accepted where the organisation wants no certificates, or has no key for them', async () => {
    const { emailId, messages } = await protect({ from: 'a@keyless.example', to: ['b@keyless.example'] });
    expect(messages[0]!.content).toEqual(await world.acceptedContent(emailId));
    expect(await world.contents(emailId)).toBe(1);
  });

  it.each(['application/pkcs7-mime; smime-type=enveloped-data', 'multipart/encrypted; boundary=x'])(
    'is the very content that was accepted where the mail program encrypted it already: %s',
    async (type) => {
      const message = `From: anna@demo.example\r\nContent-Type: ${type}\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIACAQAx\r\n`;
      const { emailId, messages } = await protect({ to: ['ulla@demo.example'], message });
      expect(messages[0]!.content).toEqual(await world.acceptedContent(emailId));
      const outside = await protect({ to: [BO], message });
      const { content } = await open('bo', outside.messages[0]!.bytes);
      expect(content).toBe(message.slice(message.indexOf('Content-Type')));
    },
  );

  it('needs no key to sign', async () => {
    const { messages } = await protect({ from: 'a@keyless.example', to: ['b@keyless.example'] });
    expect(messages.map(({ method }) => method)).toEqual(['internal']);
  });
});
