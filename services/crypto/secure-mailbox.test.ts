// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { TenantId } from '@securemail/contracts';
import { appendChange } from '@securemail/policy';
import { createApiKey } from '@securemail/service';
import { carriesSignatureCertificate } from '@securemail/signature-certificate';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const key = createApiKey('app');
let world: CryptoWorld;
let running: { close(): Promise<void>; url: string | null };
beforeAll(async () => {
  const mailbox = { url: 'https://post.demo.example' };
  world = await openCryptoWorld({
    demo: {
      mailbox,
      apiKeys: [{ id: 'app', sha256: key.sha256, senders: ['*@demo.example'] }],
    },
    keyless: { mailbox, forbiddenMethods: ['smime-personal', 'smime-domain', 'tls'] },
  });
  const patches = { 'people/carl@demo.example': { forbiddenMethods: ['mailbox'] } };
  const who = { version: 1, at: new Date(), by: 'Ida Iversen', keyId: null, reason: 'agreed' };
  await appendChange(world.pool, TenantId.parse('demo'), { ...who, patches });
  running = await world.start({ http: { port: 0 } });
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const NOBODY = 'nobody@nowhere.example';
const BO = 'bo@citizen.example';
const ULLA = 'ulla@demo.example';

async function planned(mail: Parameters<CryptoWorld['accept']>[0]) {
  const events = await world.outcome(await world.accept(mail));
  return {
    events,
    messages: named(events, 'EmailProtected').map(({ data }) => [data.method, ...data.recipientIds]),
    held: named(events, 'EmailHeld').map(({ data }) => [data.because, ...data.recipientIds]),
  };
}

describe('where the organisation has SecureMailBox', () => {
  it('whom nothing stronger reaches is sent to there, as it was written, with its Signature certificate', async () => {
    const { events, messages, held } = await planned({ to: [ULLA, BO, NOBODY, 'expired@citizen.example'] });
    expect(messages).toEqual([
      ['internal', 'r1'],
      ['smime-personal', 'r2'],
      ['mailbox', 'r3', 'r4'],
    ]);
    expect(held).toEqual([]);
    const message = named(events, 'EmailProtected')[2]!;
    expect(message.data).toMatchObject({ signature: null, encryption: null });
    expect(message.personal?.recipients.map(({ address }) => address)).toEqual([
      NOBODY,
      'expired@citizen.example',
    ]);
    const content = await world.contentOf(message);
    expect(content.toString('latin1')).toContain('Subject: Journal');
    expect(await carriesSignatureCertificate(Readable.from([content]))).toBe(true);
  });

  it('who wrote there is answered there, whatever else would lead to him, and the plan says why', async () => {
    const { events, messages, held } = await planned({
      to: [ULLA, BO, 'desk@hospital.example'],
      wroteInMailbox: [BO, ULLA],
    });
    expect(messages).toEqual([
      ['internal', 'r1'],
      ['smime-domain', 'r3'],
      ['mailbox', 'r2'],
    ]);
    expect(held).toEqual([]);
    const [plan] = named(events, 'ProtectionPlanned');
    expect(plan?.data.recipients[1]).toEqual({
      recipientId: 'r2',
      method: 'mailbox',
      passedOver: [
        { method: 'internal', because: 'not-an-own-domain' },
        { method: 'smime-personal', because: 'written-in-mailbox' },
        { method: 'smime-domain', because: 'no-certificate' },
        { method: 'tls', because: 'written-in-mailbox' },
      ],
    });
  });

  it('who wrote there before it was forbidden is written to as everybody is', async () => {
    const { messages } = await planned({ from: 'carl@demo.example', to: [BO], wroteInMailbox: [BO] });
    expect(messages).toEqual([['smime-personal', 'r1']]);
  });

  it('a blind copy lies there by itself', async () => {
    const { messages } = await planned({ to: [NOBODY], bcc: ['somebody@nowhere.example'] });
    expect(messages).toEqual([
      ['mailbox', 'r1'],
      ['mailbox', 'r2'],
    ]);
  });

  it('who could not be told of it is held, so that the address can be corrected', async () => {
    expect(await planned({ to: ['x@missing.example'] })).toMatchObject({
      messages: [],
      held: [['domain-not-found', 'r1']],
    });
  });

  it('all the others may be forbidden, and no key may be there', async () => {
    const { messages } = await planned({ from: 'a@keyless.example', to: [BO, 'desk@hospital.example'] });
    expect(messages).toEqual([['mailbox', 'r1', 'r2']]);
  });

  it('who writes is told so beforehand, and why nothing stronger is taken', async () => {
    const response = await fetch(`${running.url ?? ''}/v1/recipients/check`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key.key}` },
      body: JSON.stringify({ from: 'anna@demo.example', recipients: [NOBODY, ULLA, 'x@missing.example'] }),
    });
    const { recipients } = (await response.json()) as {
      recipients: { method: string | null; passedOver: { method: string }[]; warnings: object[] }[];
    };
    expect(recipients.map(({ method }) => method)).toEqual(['mailbox', 'internal', null]);
    expect(recipients[0]!.passedOver.map(({ method }) => method)).toEqual([
      'internal',
      'smime-personal',
      'smime-domain',
      'tls',
    ]);
    expect(recipients[0]!.warnings).toEqual([]);
    expect(recipients[2]!.warnings).toMatchObject([{ warning: 'domain-not-found' }, { warning: 'held' }]);
  });
});
