// SPDX-License-Identifier: Apache-2.0
import { TenantId, type DomainEvent } from '@securemail/contracts';
import { appendChange } from '@securemail/policy';
import { createApiKey } from '@securemail/service';
import { verifySignatureCertificate } from '@securemail/signature-certificate';
import {
  ALL_CAPABILITIES,
  COMMON_CAPABILITIES,
  entityOf,
  readCapabilities,
  readCertificates,
  signEntity,
  softwareSigner,
  type Capability,
} from '@securemail/smime';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { simpleParser, type ParsedMail } from 'mailparser';
import { inLayers, messageAround, type Layer } from './testing/outside-mail.ts';
import { named, openCryptoWorld, type CryptoWorld, type Mail } from './testing/running-crypto.ts';

const ENTITY =
  'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nK=C3=A6re Anna\r\n.\r\n';
const HTML = 'Content-Type: text/html\r\n\r\n<p>Hello <img src="http://evil.example/x"></p>\r\n';

let world: CryptoWorld;
let crypto: { close(): Promise<void>; url: string | null };
const key = createApiKey('decider');
let issued: CryptoWorld['cast']['issued'];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forwarding-test-'));
  const list = join(folder, 'mailboxes.csv');
  await writeFile(
    list,
    'PrimarySmtpAddress,ForwardingSmtpAddress\nola@demo.example,ola@private.example\neva@demo.example,eva@private.example\n',
  );
  world = await openCryptoWorld({
    demo: {
      domains: ['demo.example', 'second.example'],
      forwardingFiles: [list],
      guards: { forwardsOutside: 'refuse' },
      apiKeys: [{ id: 'decider', sha256: key.sha256, senders: ['*@demo.example'], scopes: ['held:decide'] }],
    },
  });
  const who = { version: 1, at: new Date(), by: 'Ida Iversen', keyId: null, reason: 'agreed' };
  const patches = {
    'people/german@demo.example': { language: 'de' },
    'people/eva@demo.example': { guards: { forwardsOutside: 'allow' } },
  };
  await appendChange(world.pool, TenantId.parse('demo'), { ...who, patches });
  ({ issued } = world.cast);
  const own = await world.cast.authority.issuePerson({ email: 'anna+own@demo.example', name: 'Own' });
  await world.cast.write('keys/people/anna+own.p12', own.pkcs12(''));
  crypto = await world.start({ http: { port: 0 } });
});
afterAll(async () => {
  await crypto.close();
  await world.close();
  await rm(folder, { recursive: true });
});

const forwarded = (entity: string) =>
  `Content-Type: message/rfc822\r\n\r\nFrom: eva@citizen.example\r\n${entity}`;

interface Opened {
  event: DomainEvent<'EmailOpened'>;
  message: string;
  mail: ParsedMail;
}

async function openedAll(message: string, mail: Partial<Mail> = {}): Promise<Opened[]> {
  const emailId = await world.accept({
    from: 'bo@citizen.example',
    to: ['anna@demo.example'],
    message,
    inbound: {},
    ...mail,
  });
  const events = named(await world.outcome(emailId), 'EmailOpened');
  return await Promise.all(
    events.map(async (event) => {
      const bytes = await world.contentOf(event);
      return { event, message: bytes.toString('latin1'), mail: await simpleParser(bytes) };
    }),
  );
}

async function opened(message: string, mail: Partial<Mail> = {}): Promise<Opened> {
  const [only, ...others] = await openedAll(message, mail);
  expect(others).toEqual([]);
  if (only === undefined) throw new Error('nothing was opened');
  return only;
}

const layered = async (entity: string, layers: readonly Layer[], fields = {}) =>
  messageAround(await inLayers(entity, layers), fields);
const marksOf = (mail: ParsedMail, name: string) => mail.headers.get(`x-securemail-${name}`);

describe('a mail from outside', () => {
  it('that is signed and encrypted is opened, valid, and keeps the signature for who verifies it himself', async () => {
    const { bo, anna } = issued;
    const { event, mail, message } = await opened(await layered(ENTITY, [{ sign: bo }, { encrypt: [anna] }]));
    expect(event.data).toMatchObject({
      protectedMessageId: 'm1',
      recipientIds: ['r1'],
      verdict: 'valid',
      reservations: [],
      signatures: [{ layer: 1, verdict: 'valid', digest: 'sha256' }],
      encryptions: [{ layer: 0, algorithm: 'aes-256-cbc' }],
      unopened: null,
      neutralised: false,
    });
    expect(event.personal).toMatchObject({
      mailFrom: 'bo@citizen.example',
      signedBy: ['bo@citizen.example'],
    });
    expect(mail.text).toContain('Kære Anna\n.\n');
    expect(mail.subject).toBe('Journal');
    expect(marksOf(mail, 'verdict')).toBe('valid');
    expect(marksOf(mail, 'signer')).toBe('bo@citizen.example');
    expect(marksOf(mail, 'protection')).toBe('smime');
    expect(message).toContain('multipart/signed');
    expect(mail.attachments.map(({ filename }) => filename)).toContain(
      'Signature certificate demo.example.pdf',
    );
  });

  it.each([
    ['one that is named like it', 'Signature certificate.pdf', ['other-signature-certificate']],
    ['another document', 'Invoice.pdf', []],
  ])('that brings a Signature certificate is told to: %s', async (_, name, reservations) => {
    const entity = `Content-Type: application/pdf; name="${name}"\r\n\r\n%PDF-1.7\r\n`;
    const { event, message } = await opened(await layered(entity, [{ sign: issued.bo }]));
    const { certificates } = await verifySignatureCertificate({
      file: Buffer.from(message, 'latin1'),
      trustAnchors: [],
      at: new Date(),
    });
    const ours = certificates.find(({ facts }) => facts !== null);
    expect(ours?.facts?.reservations).toEqual(reservations);
    expect(event.data.verdict).toBe('valid');
  });

  const inList = (part: string) =>
    `Content-Type: multipart/mixed; boundary=list\r\n\r\n--list\r\n${part}\r\n--list\r\nContent-Type: text/plain\r\n\r\nThe list\r\n--list--\r\n`;

  it.each([
    ['in a mailing list', 'not-at-the-top', (part: string) => inList(part)],
    ['in an attached mail', 'attached-mail-protected', (part: string) => inList(forwarded(part))],
  ])('whose protection stands %s goes on, and is told to', async (_, code, around) => {
    for (const layer of [{ sign: issued.bo }, { encrypt: [issued.anna] }]) {
      const { event, message, mail } = await opened(messageAround(around(await inLayers(ENTITY, [layer]))));
      const reservations = code === 'not-at-the-top' ? [code] : [];
      expect(event.data).toMatchObject({ verdict: 'not-signed', reservations, unopened: null });
      expect(marksOf(mail, 'reservations') ?? '').toBe(reservations.join());
      expect(marksOf(mail, 'signer')).toBeUndefined();
      const { certificates } = await verifySignatureCertificate({
        file: Buffer.from(message, 'latin1'),
        trustAnchors: [],
        at: new Date(),
      });
      expect(certificates.map(({ facts }) => facts?.reservations)).toEqual([[code]]);
    }
  });

  it('that is encrypted stays so for whose mailbox forwards outside, where that is refused, and he is told why', async () => {
    const message = await layered(ENTITY, [{ sign: issued.bo }, { encrypt: [issued['demo.example']] }]);
    const all = await openedAll(message, {
      to: ['ulla@demo.example', 'ola@demo.example', 'ola+x@demo.example', 'eva@demo.example'],
    });
    const unopened = all.map(({ event }) => [event.data.unopened, ...event.data.recipientIds]);
    expect(unopened.toSorted()).toEqual([
      [null, 'r1', 'r4'],
      ['forwards-outside', 'r2', 'r3'],
    ]);
    const closed = all.find(({ event }) => event.data.unopened !== null);
    expect(closed?.message).not.toContain('re Anna');
    expect(closed?.mail.text).toContain('your mailbox forwards to an address outside');
    expect(closed?.mail.attachments[0]?.content.toString('latin1')).toBe(message);
    // No ending of a forwarding would help who has not the key.
    const forOthers = await opened(await layered(ENTITY, [{ encrypt: [issued.bo] }]), {
      to: ['ola@demo.example'],
    });
    expect(forOthers.event.data.unopened).toBe('no-recipient');
    // What was never encrypted comes as it came to everybody.
    const signed = await opened(await layered(ENTITY, [{ sign: issued.bo }]), { to: ['ola@demo.example'] });
    expect(signed.event.data).toMatchObject({ verdict: 'valid', unopened: null });
  });

  it('that was written in SecureMailBox is held for whose mailbox forwards outside, where that is refused, until somebody names another', async () => {
    const emailId = await world.accept({
      from: 'bo@citizen.example',
      to: ['ulla@demo.example', 'ola@demo.example', 'ola+x@demo.example', 'eva@demo.example'],
      message: messageAround(ENTITY, {}),
      inbound: { channel: 'mailbox' },
    });
    const events = await world.outcome(emailId);
    expect(named(events, 'EmailOpened').map(({ data }) => data.recipientIds)).toEqual([['r1', 'r4']]);
    expect(named(events, 'EmailHeld').map(({ data }) => [data.because, ...data.recipientIds])).toEqual([
      ['forwards-outside', 'r2', 'r3'],
    ]);
    // Let go as it is it would leave all the same.
    const ask = async (path: string, body?: object) => {
      const response = await fetch(`${crypto.url ?? ''}/v1/held/${emailId}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { Authorization: `Bearer ${key.key}`, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const until = async (number: number) => {
      for (;;) {
        const found = await world.events(emailId);
        const rest = found.filter(({ name }) => name === 'EmailHeld' || name === 'EmailOpened');
        if (rest.length >= number) return rest;
        await sleep(20);
      }
    };
    const who = { by: 'Ida Iversen', reason: 'Ola has left' };
    expect(JSON.stringify(await ask(''))).toContain('forwards outside your organisation');
    await ask('/release', { ...who, recipientIds: ['r3'] });
    expect((await until(3)).at(-1)).toMatchObject({
      name: 'EmailHeld',
      data: { recipientIds: ['r3'], because: 'forwards-outside' },
    });
    const changes = [{ recipientId: 'r2', address: 'kai@demo.example' }];
    await ask('/release', { ...who, recipientIds: ['r2'], changes });
    expect((await until(4)).at(-1)).toMatchObject({ name: 'EmailOpened', data: { recipientIds: ['r2'] } });
  });

  it('that is for the organisation is opened with its key', async () => {
    const { event, mail } = await opened(
      await layered(ENTITY, [{ encrypt: [issued['demo.example']] }], { to: 'ulla@demo.example' }),
      { to: ['ulla@demo.example'] },
    );
    expect(event.data).toMatchObject({ verdict: 'not-signed', reservations: ['unauthenticated-encryption'] });
    expect(mail.text).toContain('Kære Anna');
  });

  it.each([
    ['for the organisation, in another domain of it', 'demo.example', 'ulla@second.example'],
    ['for a person, to a subaddress of hers', 'anna', 'Anna+News@demo.example'],
    ['for the organisation, to a subaddress', 'demo.example', 'ulla+news@demo.example'],
  ] as const)('that is %s is opened', async (_, key, to) => {
    const message = await layered(ENTITY, [{ encrypt: [issued[key]] }], { to });
    expect((await opened(message, { to: [to] })).event.data).toMatchObject({
      unopened: null,
      encryptions: [{ layer: 0 }],
    });
  });

  it.each([
    ['of another organisation', 'no-personal.example', 'anna@demo.example'],
    ['of another organisation, for a mailbox of that', 'no-personal.example', 'x@no-personal.example'],
    ['of a person with another name', 'anna', 'annabel@demo.example'],
    ['of a person in another domain of hers', 'anna', 'anna@second.example'],
    ['of a person behind a subaddress with a key of its own', 'anna', 'anna+own@demo.example'],
  ] as const)('is not opened with the key %s', async (_, key, to) => {
    const message = await layered(ENTITY, [{ encrypt: [issued[key]] }], { to });
    expect((await opened(message, { to: [to] })).event.data.unopened).toBe('no-recipient');
  });

  it('that is for one of our people is not opened for another', async () => {
    const all = await openedAll(await layered(ENTITY, [{ encrypt: [issued.anna] }]), {
      to: ['anna@demo.example', 'ulla@demo.example', 'ib@demo.example'],
    });
    expect(all.map(({ event }) => [event.data.recipientIds, event.data.unopened])).toEqual([
      [['r1'], null],
      [['r2', 'r3'], 'no-recipient'],
    ]);
    const [, closed] = all;
    expect(closed?.mail.attachments.map(({ filename }) => filename)).toEqual([
      'message.eml',
      'Signature certificate demo.example.pdf',
    ]);
    expect(closed?.mail.text).toContain('could NOT be opened');
    const [certificate] = readCertificates(issued.anna.certificatePem);
    expect(marksOf(closed!.mail, 'encrypted-for')).toBe(
      `serial number ${certificate!.x509.serialNumber} of ${certificate!.x509.issuer.replaceAll('\n', ', ')}`,
    );
    expect(closed!.message).not.toContain('Kære');
  });

  it('that is damaged comes to each once', async () => {
    const whole = await layered(ENTITY, [{ encrypt: [issued.anna], cipher: 'aes-256-gcm' }]);
    const at = whole.length - 40;
    const damaged = `${whole.slice(0, at)}${whole[at] === 'A' ? 'B' : 'A'}${whole.slice(at + 1)}`;
    const all = await openedAll(damaged, { to: ['ulla@demo.example', 'anna@demo.example'] });
    expect(all.map(({ event }) => event.data.recipientIds)).toEqual([['r1'], ['r2']]);
    expect(all.map(({ event }) => event.data.unopened)).toEqual(['no-recipient', 'decryption-failed']);
  });

  it('that is for two is opened for each with his own key', async () => {
    const message = await layered(ENTITY, [{ encrypt: [issued['demo.example'], issued.anna] }]);
    const all = await openedAll(message, { to: ['anna@demo.example', 'ulla@demo.example'] });
    expect(all.map(({ event }) => [event.data.recipientIds, event.data.unopened])).toEqual([
      [['r1'], null],
      [['r2'], null],
    ]);
    expect(all.map(({ event }) => event.data.protectedMessageId)).toEqual(['m1', 'm2']);
  });

  it('that needs no key is one message for all', async () => {
    const { event, mail } = await opened(messageAround(ENTITY), {
      to: ['anna@demo.example', 'ulla@demo.example'],
    });
    expect(event.data).toMatchObject({ recipientIds: ['r1', 'r2'], verdict: 'not-signed', reservations: [] });
    expect(marksOf(mail, 'protection')).toBe('tls');
    expect(mail.text).toContain('Kære Anna');
  });

  it('that needs no key is another one for whom settings show it in another way', async () => {
    const [plain, other] = await openedAll(messageAround(ENTITY), {
      to: ['anna@demo.example', 'german@demo.example', 'ulla@demo.example'],
    });
    expect(plain?.event.data.recipientIds).toEqual(['r1', 'r3']);
    expect(other?.event.data.recipientIds).toEqual(['r2']);
    expect(other?.mail.attachments.map(({ filename }) => filename)).toEqual([
      'Signaturzertifikat demo.example.pdf',
    ]);
  });

  it('that came in clear is marked so', async () => {
    const { mail } = await opened(messageAround(ENTITY), { inbound: { tls: null, dmarc: 'fail' } });
    expect(marksOf(mail, 'protection')).toBe('none');
    expect(mail.headers.get('authentication-results')).toMatch(/^gateway\.example; spf=pass .*dmarc=fail/);
    expect(marksOf(mail, 'reservations')).toBe('authentication-failed');
  });

  it('of whose content nobody knows whether it was changed has no active parts any more', async () => {
    const { event, mail } = await opened(await layered(HTML, [{ encrypt: [issued.anna] }]));
    expect(event.data.neutralised).toBe(true);
    expect(mail.html).toContain('Hello');
    expect(mail.html).not.toContain('evil.example');
    expect(marksOf(mail, 'neutralised')).toBe('yes');
  });

  it('that is signed is left as it is, active or not', async () => {
    const { event, mail } = await opened(await layered(HTML, [{ sign: issued.bo }]));
    expect(event.data).toMatchObject({ verdict: 'valid', neutralised: false });
    expect(mail.html).toContain('evil.example');
  });

  it('signed opaquely is readable for everybody', async () => {
    const { event, mail } = await opened(await layered(ENTITY, [{ sign: issued.bo, opaque: true }]));
    expect(event.data.verdict).toBe('valid');
    expect(mail.text).toContain('Kære Anna');
  });

  it('that the organisation of its author signed is valid', async () => {
    const { event } = await opened(
      await layered(ENTITY, [{ sign: issued['hospital.example'] }], { from: 'nurse@hospital.example' }),
    );
    expect(event.data).toMatchObject({ verdict: 'valid', reservations: [] });
  });

  it.each([
    [
      'changed',
      'content-changed',
      async () => (await layered(ENTITY, [{ sign: issued.bo }])).replace('Anna', 'Eva!'),
    ],
    [
      'by somebody of whom nobody knows',
      'certificate-untrusted',
      () => layered(ENTITY, [{ sign: issued.untrusted }], { from: 'untrusted@citizen.example' }),
    ],
    [
      'by one whose certificate is over',
      'certificate-expired',
      () => layered(ENTITY, [{ sign: issued.expired }], { from: 'expired@citizen.example' }),
    ],
  ])('whose signature is %s is invalid', async (_, reservation, message) => {
    const { event, mail } = await opened(await message());
    expect(event.data.verdict).toBe('invalid');
    expect(event.data.reservations).toContain(reservation);
    expect(marksOf(mail, 'verdict')).toBe('invalid');
    expect(marksOf(mail, 'signer')).toBeUndefined();
  });

  it('that somebody else signed is valid, but', async () => {
    const { event } = await opened(await layered(ENTITY, [{ sign: issued.kim }]));
    expect(event.data).toMatchObject({ verdict: 'valid-but', reservations: ['from-not-signer'] });
    expect(event.personal?.signedBy).toEqual([]);
  });

  it('gives the certificate of who signed it, to encrypt for', async () => {
    const person = await world.cast.authority.issuePerson({ email: 'new@citizen.example', name: 'New' });
    const from = 'new@citizen.example';
    const { event } = await opened(await layered(ENTITY, [{ sign: person }], { from }), { from });
    expect(event.data.verdict).toBe('valid');
    const { rows } = await world.pool.query('select source, reason from certificates where name = $1', [
      from,
    ]);
    expect(rows).toEqual([{ source: 'harvested', reason: `signed the mail ${event.emailId}` }]);
    const answer = await world.accept({ to: [from] });
    expect(named(await world.outcome(answer), 'EmailProtected')).toMatchObject([
      { data: { method: 'smime-personal' } },
    ]);
  });

  it('tells what who signed it reads, and the next mail to him is encrypted with the best of it', async () => {
    const from = 'reader@citizen.example';
    const person = await world.cast.authority.issuePerson({ email: from, name: 'Reader' });
    const [certificate] = readCertificates(person.certificatePem);
    const signer = softwareSigner({ key: person.keyPem, certificate: certificate! });
    const cipherAfterHeSays = async (capabilities: readonly Capability[]) => {
      const signed = await signEntity(entityOf(Buffer.from(ENTITY)), signer, {
        signingTime: new Date(),
        capabilities,
      });
      const entity = (await buffer(signed.open())).toString('latin1');
      const { event } = await opened(messageAround(entity, { from }), { from });
      expect(event.data.verdict).toBe('valid');
      const answer = await world.accept({ to: [from] });
      const [made] = named(await world.outcome(answer), 'EmailProtected');
      return made?.data.encryption?.algorithm;
    };
    expect(await cipherAfterHeSays(ALL_CAPABILITIES)).toBe('aes-256-gcm');
    // Nothing is said, or nothing that is safe: what he said before stays.
    expect(await cipherAfterHeSays([])).toBe('aes-256-gcm');
    expect(await cipherAfterHeSays(readCapabilities(TRIPLE_DES))).toBe('aes-256-gcm');
    expect(await cipherAfterHeSays(COMMON_CAPABILITIES)).toBe('aes-256-cbc');
  });
});

/** SMIMECapabilities with des-EDE3-CBC alone (RFC 8551 §2.5.2). */
const TRIPLE_DES = Buffer.from('300c300a06082a864886f70d0307', 'hex');
