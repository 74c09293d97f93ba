// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TenantId } from '@securemail/contracts';
import { appendChange } from '@securemail/policy';
import { createApiKey } from '@securemail/service';
import { createCertificateAuthority, startSmtpSink, type SmtpSink } from '@securemail/testing';
import { openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

interface Checked {
  address: string;
  method: string | null;
  passedOver: { method: string; because: string; text: string }[];
  warnings: { warning: string; text: string }[];
}

const keys = { app: createApiKey('app'), reader: createApiKey('reader'), other: createApiKey('other') };
let folder: string;
let own: SmtpSink;
let world: CryptoWorld;
let running: { close(): Promise<void>; url: string | null };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipients-test-'));
  const mailboxes = join(folder, 'mailboxes.csv');
  await writeFile(mailboxes, 'Mailbox,RedirectTo\nola@demo.example,ola@private.example\n');
  const senders = ['*@demo.example'];
  const authority = await createCertificateAuthority({ name: 'Own' });
  const caFile = join(folder, 'own.pem');
  await writeFile(caFile, authority.certificatePem);
  own = await startSmtpSink({ tls: await authority.issueServer({ names: ['mail.demo.example'] }) });
  own.misbehave({ phase: 'rcpt-to', recipient: /nobody/, action: { reply: '550 5.1.1 No such user' } });
  own.misbehave({ phase: 'rcpt-to', recipient: /slow/, action: 'hang' });
  world = await openCryptoWorld({
    demo: {
      mailServers: [{ host: '127.0.0.1', port: own.port, tlsName: 'mail.demo.example', caFile }],
      apiKeys: [
        { id: 'app', sha256: keys.app.sha256, senders },
        { id: 'reader', sha256: keys.reader.sha256, senders, scopes: ['emails:read'] },
      ],
      forwardingFiles: [mailboxes],
      language: 'de',
      partners: [{ domain: 'agreed.example', tlsNames: ['mx.agreed.example'] }],
    },
    keyless: { apiKeys: [{ id: 'other', sha256: keys.other.sha256, senders: ['*@keyless.example'] }] },
  });
  const patches = {
    'people/strict@demo.example': { guards: { forwardsOutside: 'refuse' } },
    'people/stricter@demo.example': {
      whenNotAskedSecure: 'refuse',
      guards: { forwardsOutside: 'refuse' },
    },
  };
  const who = { version: 1, at: new Date(), by: 'Ida Iversen', keyId: null, reason: 'agreed' };
  await appendChange(world.pool, TenantId.parse('demo'), { ...who, patches });
  const soon = {
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 20 * 86_400_000),
  };
  const { certificatePem } = await world.cast.authority.issuePerson({
    email: 'soon@citizen.example',
    name: 'soon',
    validity: soon,
  });
  await world.cast.write('people/soon.pem', certificatePem);
  world.dns({
    records: [
      { type: 'MX', name: 'agreed.example', data: { exchange: 'mx.agreed.example', preference: 10 } },
    ],
    faults: { 'silent.example': 'silent' },
  });
  running = await world.start({ http: { port: 0 } });
});
afterAll(async () => {
  await running.close();
  await world.close();
  await own.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(body: unknown, key: string | null = keys.app.key) {
  const response = await fetch(`${running.url ?? ''}/v1/recipients/check`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as { type?: string; recipients?: Checked[] };
  return { status: response.status, type: answer.type, recipients: answer.recipients ?? [] };
}
const check = async (...recipients: string[]) => {
  const { status, recipients: checked } = await ask({ from: 'anna@demo.example', recipients });
  expect(status).toBe(200);
  return checked;
};

it('each recipient is told of by the strongest method, in the order of the request', async () => {
  const checked = await check(
    'desk@hospital.example',
    'ulla@demo.example',
    'bo@citizen.example',
    'x@agreed.example',
    'nobody@nowhere.example',
  );
  expect(checked.map(({ address, method }) => [address, method])).toEqual([
    ['desk@hospital.example', 'smime-domain'],
    ['ulla@demo.example', 'internal'],
    ['bo@citizen.example', 'smime-personal'],
    ['x@agreed.example', 'tls'],
    ['nobody@nowhere.example', null],
  ]);
  expect(checked[0]!.passedOver).toContainEqual({
    method: 'smime-personal',
    because: 'no-certificate',
    text: 'es ist kein Zertifikat bekannt',
  });
  expect(checked.slice(0, 4).flatMap(({ warnings }) => warnings)).toEqual([]);
});

it('whom nothing reaches is told of with what would help, in the language of the organisation', async () => {
  const [nobody] = await check('nobody@nowhere.example');
  expect(nobody!.passedOver.at(-1)).toMatchObject({ method: 'mailbox', because: 'mailbox-not-available' });
  const [held] = nobody!.warnings;
  expect(held!.text).toMatch(
    /^Sie würde zurückgehalten, .*Ihre Organisation hat kein SecureMailBox: bitten Sie/,
  );
});

it.each([
  ['held', 'nobody@nowhere.example', /^Sie würde zurückgehalten/],
  ['domain-not-found', 'bo@citizn.example', /^Die Domain gibt es nicht/],
  ['lookup-failed', 'x@silent.example', /^Das ist noch nicht bekannt/],
  ['certificate-expiring', 'soon@citizen.example', /^Das Zertifikat des Empfängers endet in \d+ Tagen\.$/],
])('who types is warned in the language of the organisation: %s', async (warning, address, text) => {
  const [checked] = await check(address);
  expect(checked!.warnings.find((each) => each.warning === warning)?.text).toMatch(text);
});

it('who answers is warned of who is new in an internal thread, and of mailboxes that forward outside', async () => {
  const warned = async (thread?: string[]) => {
    const recipients = ['bo@citizen.example', 'ulla@demo.example', 'OLA@demo.example'];
    const checked = (await ask({ from: 'anna@demo.example', recipients, thread })).recipients;
    return checked.map(({ warnings }) => warnings.map(({ warning }) => warning).join(','));
  };
  expect(await warned(['anna@demo.example', 'ulla@demo.example'])).toEqual([
    'new-in-thread',
    '',
    'forwards-outside',
  ]);
  expect(await warned(['kim@citizen.example', 'anna@demo.example'])).toEqual([
    'new-in-thread',
    '',
    'forwards-outside',
  ]);
  expect(await warned(['Bo@citizen.example', 'anna@demo.example'])).toEqual(['', '', 'forwards-outside']);
  expect(await warned()).toEqual(['', '', 'forwards-outside']);
  const [ola] = await check('ola@demo.example');
  expect(ola!.warnings[0]!.text).toMatch(/^Mails an ola@demo\.example werden .* weitergeleitet/);
  // Whose settings refuse it is told so.
  const strict = await ask({ from: 'strict@demo.example', recipients: ['ola@demo.example'] });
  expect(strict.recipients[0]!.warnings).toMatchObject([
    {
      warning: 'forwards-outside',
      text: expect.stringMatching(/^Sicher gesendet würde sie abgelehnt/) as string,
    },
  ]);
  // What goes outside of the same mail is protected by the policy, so that it would be secure in any case.
  const both = ['ola@demo.example', 'bo@citizen.example'];
  const protectedByPolicy = await ask({ from: 'strict@demo.example', recipients: both });
  expect(protectedByPolicy.recipients[0]!.warnings[0]!.text).toMatch(/^Sie würde abgelehnt: Dieses Postfach/);
  const refusedByPolicy = await ask({ from: 'stricter@demo.example', recipients: both });
  expect(refusedByPolicy.recipients[0]!.warnings[0]!.text).toMatch(/^Sicher gesendet würde sie abgelehnt/);
});

it('who writes is warned of own mailboxes that are not there, and waits for no server', async () => {
  const checked = await check('nobody@demo.example', 'ulla@demo.example', 'slow@demo.example');
  expect(checked.map(({ warnings }) => warnings.map(({ warning }) => warning))).toEqual([
    ['mailbox-not-found'],
    [],
    [],
  ]);
  expect(checked[0]!.warnings[0]!.text).toMatch(/^Ihre Organisation hat kein Postfach/);
  const { connections } = own.endings();
  expect((await check('nobody@demo.example'))[0]!.warnings).toHaveLength(1);
  expect(own.endings().connections).toBe(connections);
});

it('nobody learns what another organisation has agreed, or may ask as somebody else', async () => {
  const other = await ask({ from: 'a@keyless.example', recipients: ['x@agreed.example'] }, keys.other.key);
  expect(other.recipients[0]!.method).toBeNull();
  const foreign = await ask({ from: 'a@keyless.example', recipients: ['x@agreed.example'] });
  expect([foreign.status, foreign.type]).toEqual([403, '/errors/sender-not-allowed']);
});

it.each([
  ['no key', {}, null, 401],
  ['a key that may not send', {}, keys.reader.key, 403],
  ['no recipients', { from: 'anna@demo.example', recipients: [] }, keys.app.key, 422],
  ['an address that is none', { from: 'anna@demo.example', recipients: ['bo'] }, keys.app.key, 422],
  ['what is no JSON', '{', keys.app.key, 400],
])('with %s nothing is looked up', async (_, body, key, status) => {
  expect((await ask(body, key)).status).toBe(status);
});

it('a key that asks too often is told to wait, and another one is not', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => ask({ from: 'anna@demo.example', recipients: ['ulla@demo.example'] })),
  );
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  const other = await ask({ from: 'a@keyless.example', recipients: ['b@keyless.example'] }, keys.other.key);
  expect(other.status).toBe(200);
});
