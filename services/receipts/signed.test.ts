// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newEmailId, Address, recipientId, Sha256 } from '@securemail/contracts';
import { compactVerify, createLocalJWKSet, importSPKI, type JSONWebKeySet } from 'jose';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import {
  accepted,
  BO,
  corrected,
  deferred,
  delivered,
  held,
  KIM,
  planned,
  rejected,
  started,
} from './testing/story.ts';

let world: ReceiptsWorld;
let folder: string;
const emailId = newEmailId();
const pem = (key: KeyObject) =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }) as string;
const ed25519 = generateKeyPairSync('ed25519');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  world = await openReceiptsWorld();
  folder = await mkdtemp(join(tmpdir(), 'receipt-keys-'));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  for (const [name, key] of Object.entries({ ed25519, p256, rsa }))
    await writeFile(file(name), pem(key.privateKey), { mode: 0o600 });
  const handedIn = { size: 5, sha256: Sha256.parse('1'.repeat(64)) };
  const acceptance = accepted({ to: [BO, KIM], handedIn });
  if (acceptance.name === 'EmailAccepted')
    acceptance.personal.recipients.splice(1, 1, {
      recipientId: recipientId(2),
      address: Address.parse(KIM),
      disclosed: false,
    });
  await world.append(emailId, acceptance, planned([1, 2]), started(1, 2), delivered(1, 2));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function during(signing: object | undefined, work: () => Promise<void>) {
  const running = await world.start(signing === undefined ? {} : { signing });
  try {
    await world.until(`/v1/emails/${emailId}/receipt`, () => true);
    await work();
  } finally {
    await running.close();
  }
}
const signed = (key: string | null = world.keys.demo) =>
  world.ask(`/v1/emails/${emailId}/receipt`, { Accept: 'application/jose' }, key);
const keys = async () => {
  const answer = await world.ask('/v1/receipts/keys', {}, null);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text) as JSONWebKeySet;
};

describe('a signed receipt', () => {
  it('is verified by anybody with the published key, and says what became of which mail, without blind copies', async () => {
    await during({ keyFile: file('ed25519') }, async () => {
      const { status, type, text } = await signed();
      expect([status, type]).toEqual([200, 'application/jose; charset=utf-8']);
      const { payload, protectedHeader } = await compactVerify(text, createLocalJWKSet(await keys()));
      expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'securemail-receipt+json' });
      expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
        iss: 'demo.example',
        receipt: {
          emailId,
          outcome: 'sent',
          from: 'anna@demo.example',
          messageId: '<1@demo.example>',
          content: { form: 'as-handed-in', size: 5, sha256: '1'.repeat(64) },
          recipients: [{ address: BO, status: 'sent', method: 'smime-personal', reply: { code: 250 } }],
        },
      });
      expect(Buffer.from(payload).toString()).not.toContain(KIM);
      const other = await importSPKI(pem(p256.publicKey), 'ES256');
      await expect(compactVerify(text, other)).rejects.toThrow();
      const [head, body, signature] = text.split('.');
      const forged = Buffer.from(Buffer.from(body!, 'base64url').toString().replace('"sent"', '"lost"'));
      await expect(
        compactVerify(`${head}.${forged.toString('base64url')}.${signature}`, ed25519.publicKey),
      ).rejects.toThrow();
    });
  });

  it('tells nobody to whom it is handed on that there was a blind copy, nor what a person wrote of it', async () => {
    await during({ keyFile: file('ed25519') }, async () => {
      const [both, blind] = [newEmailId(), newEmailId()];
      const undisclosed = (id: 1, address: string) => ({
        recipientId: recipientId(id),
        address: Address.parse(address),
        disclosed: false,
      });
      for (const [id, to] of [
        // First, as its number would show in those of the others.
        [both, [KIM, BO]],
        [blind, [KIM]],
      ] as const) {
        const acceptance = accepted({ to: [...to] });
        if (acceptance.name === 'EmailAccepted')
          acceptance.personal.recipients.splice(0, 1, undisclosed(1, KIM));
        const all = to.map((_, at) => (at + 1) as 1 | 2);
        await world.append(id, acceptance, planned(all, null), held(all), rejected(`Not for ${KIM}`, ...all));
      }
      const told = async (id: string) => {
        // One about the hold may come before.
        await world.until(`/v1/emails/${id}/receipt`, ({ recipients }) =>
          recipients.every(({ status }) => status === 'rejected'),
        );
        const path = `/v1/emails/${id}/receipt`;
        const { text } = await world.ask(path, { Accept: 'application/jose' }, world.keys.demo);
        const { payload } = await compactVerify(text, createLocalJWKSet(await keys()));
        return JSON.parse(Buffer.from(payload).toString()) as { receipt: { recipients: unknown[] } };
      };
      const { receipt } = await told(both);
      expect(receipt).toMatchObject({
        outcome: 'not-sent',
        recipients: [{ address: BO, status: 'rejected' }],
      });
      expect(receipt.recipients).toHaveLength(1);
      expect(JSON.stringify(receipt)).not.toContain(KIM);
      expect(JSON.stringify(receipt)).not.toMatch(/"r\d+"/);
      expect((await told(blind)).receipt).toMatchObject({ outcome: null, text: null, recipients: [] });
    });
  });

  it('says "to everyone" of those whom it lists alone, as a blind copy may be held', async () => {
    await during({ keyFile: file('ed25519') }, async () => {
      const id = newEmailId();
      const acceptance = accepted({ to: [BO, KIM] });
      if (acceptance.name === 'EmailAccepted')
        acceptance.personal.recipients.splice(1, 1, {
          recipientId: recipientId(2),
          address: Address.parse(KIM),
          disclosed: false,
        });
      await world.append(
        id,
        acceptance,
        planned([1]),
        held([2]),
        started(1),
        delivered(1),
        rejected('No', 2),
      );
      const path = `/v1/emails/${id}/receipt`;
      const { text: toSender } = await world.until(path, ({ recipients }) =>
        (recipients as { status: string }[]).some(({ status }) => status === 'rejected'),
      );
      expect(toSender).toMatch(/to some of its recipients/);
      const { text } = await world.ask(path, { Accept: 'application/jose' });
      const { payload } = await compactVerify(text, createLocalJWKSet(await keys()));
      const { receipt } = JSON.parse(Buffer.from(payload).toString()) as { receipt: { text: string } };
      expect(receipt.text).toBe(
        'Your mail was sent securely to everyone. This is said of the recipients whom this receipt lists, and of nobody else.',
      );
    });
  });

  it('tells nobody to which address a mail was sent that its header does not name', async () => {
    await during({ keyFile: file('ed25519') }, async () => {
      const id = newEmailId();
      const path = `/v1/emails/${id}/receipt`;
      await world.append(id, accepted({ to: [BO, KIM] }), planned([1, 2], null), held([1, 2]));
      await world.until(path, () => true);
      await world.append(id, corrected(1, 'bo@private.example'), rejected('Ida Iversen', 1, 2));
      await world.until(path, ({ recipients }) =>
        (recipients as { status: string }[]).every(({ status }) => status === 'rejected'),
      );
      const { text } = await world.ask(path, { Accept: 'application/jose' });
      const { payload } = await compactVerify(text, createLocalJWKSet(await keys()));
      expect(Buffer.from(payload).toString()).not.toMatch(/private\.example|Ida Iversen|mistyped/);
      const { receipt } = JSON.parse(Buffer.from(payload).toString()) as { receipt: object };
      expect(receipt).toMatchObject({
        recipients: [
          { address: KIM, status: 'rejected' },
          {
            address: BO,
            status: 'corrected',
            at: null,
            text: expect.stringContaining('corrected to another'),
          },
        ],
      });
    });
  });

  it('says of an address that somebody else was corrected to how it went there, and nothing else', async () => {
    await during({ keyFile: file('ed25519') }, async () => {
      const id = newEmailId();
      const path = `/v1/emails/${id}/receipt`;
      await world.append(id, accepted({ to: [BO, KIM] }), planned([1, 2], null), held([1, 2]));
      await world.until(path, () => true);
      await world.append(
        id,
        corrected(1, 'bo@private.example'),
        corrected(2, BO),
        rejected('Ida Iversen', 1, 2),
      );
      await world.until(path, ({ recipients }) =>
        (recipients as { status: string }[]).every(({ status }) => status === 'rejected'),
      );
      const { text } = await world.ask(path, { Accept: 'application/jose' });
      const { payload } = await compactVerify(text, createLocalJWKSet(await keys()));
      const { receipt } = JSON.parse(Buffer.from(payload).toString()) as { receipt: object };
      expect(receipt).toMatchObject({
        recipients: [
          { address: BO, status: 'rejected' },
          { address: KIM, status: 'corrected' },
        ],
      });
    });
  });

  it('is still verified after its key was replaced', async () => {
    let before = '';
    await during({ keyFile: file('ed25519') }, async () => {
      before = (await signed()).text;
    });
    await writeFile(file('former.pem'), pem(ed25519.publicKey));
    await during({ keyFile: file('p256'), formerKeyFiles: [file('former.pem')] }, async () => {
      const known = await keys();
      expect(known.keys.map(({ alg }) => alg)).toEqual(['ES256', 'EdDSA']);
      expect(JSON.stringify(known)).not.toContain('"d"');
      for (const text of [before, (await signed()).text]) await compactVerify(text, createLocalJWKSet(known));
    });
  });

  it('is for those of the organisation alone, once there is one, and where there is a key', async () => {
    await during(undefined, async () => {
      expect((await signed()).status).toBe(406);
      expect(await keys()).toEqual({ keys: [] });
    });
    await during({ keyFile: file('p256') }, async () => {
      expect((await signed(null)).status).toBe(401);
      expect((await signed(world.keys.sending)).status).toBe(403);
      expect((await signed(world.keys.other)).status).toBe(404);
      const early = newEmailId();
      await world.append(early, accepted(), started(1), deferred(1));
      await world.until(`/v1/emails/${early}`, () => true);
      const { status } = await world.ask(`/v1/emails/${early}/receipt`, { Accept: 'application/jose' });
      expect(status).toBe(404);
    });
  });
});

it.each([
  ['rsa', 'Ed25519 or on P-256'],
  ['nothing', 'no key in PEM'],
  ['ed25519', 'others may use it'],
])('a key that can not be used stops the start: %s', async (name, why) => {
  if (name === 'ed25519') await chmod(file(name), 0o644);
  await expect(world.start({ signing: { keyFile: file(name) } })).rejects.toThrow(why);
});
