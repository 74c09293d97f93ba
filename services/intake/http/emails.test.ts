// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { startTelemetry, type Telemetry } from '@securemail/telemetry';
import { httpClient, MAIL, MESSAGE } from '../testing/http-client.ts';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';

let intake: RunningTestIntake;
let client: ReturnType<typeof httpClient>;
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry({ serviceName: 'test' });
  intake = await startTestIntake();
  client = httpClient(intake);
});
afterAll(async () => {
  await intake.close();
  await telemetry.shutdown();
});

describe('POST /v1/emails', () => {
  it('answers 202 when content and event are durable, and says where to follow it', async () => {
    const { status, headers, body } = await client.postJson({
      ...MAIL,
      bcc: 'kim@citizen.example',
      attachments: [
        { filename: 'æ.txt', contentType: 'text/plain', content: Buffer.from('attached').toString('base64') },
      ],
      headers: { 'In-Reply-To': '<before@demo.example>' },
    });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/emails/${String(body['emailId'])}`);
    const event = (await intake.accepted()).at(-1)!;
    expect(event.emailId).toBe(body['emailId']);
    expect(event.data).toMatchObject({
      channel: 'rest',
      secureBy: 'api',
      submittedBy: 'app',
      acceptedAt: body['acceptedAt'],
    });
    expect(event.personal).toMatchObject({
      mailFrom: 'anna@demo.example',
      subject: 'Journal',
      recipients: [
        { address: 'bo@citizen.example', disclosed: true },
        { address: 'kim@citizen.example', disclosed: false },
      ],
    });
    const content = await intake.contentOf(event);
    expect(content).toMatch(/^Received: by gateway\.example \(Secure@Mail\) with HTTP id\s/);
    expect(content).toContain('Dear Bo');
    expect(content).toContain(Buffer.from('attached').toString('base64'));
    expect(content).toContain('In-Reply-To: <before@demo.example>');
    expect(content).not.toContain('kim@citizen.example');
  });

  it('writes into the mail until when it is to be read', async () => {
    const expiresAt = '2036-11-30T12:00:00+01:00';
    expect((await client.postJson({ ...MAIL, expiresAt })).status).toBe(202);
    const content = await intake.contentOf((await intake.accepted()).at(-1)!);
    expect(content).toMatch(/^Expires: Sun, 30 Nov 2036 11:00:00 \+0000\r$/m);
    for (const wrong of ['2020-11-30T12:00:00Z', 'tomorrow'])
      expect((await client.postJson({ ...MAIL, expiresAt: wrong })).body).toMatchObject({
        type: '/errors/invalid-request',
        errors: [{ path: 'expiresAt' }],
      });
  });

  it.each([
    ['the message', 'message/rfc822', MESSAGE],
    ['the JSON', 'application/json', JSON.stringify(MAIL)],
  ])('notes the digest of the octets that were handed in: %s', async (_, type, body) => {
    const { status } = await client.post(body, { 'Content-Type': type });
    expect(status).toBe(202);
    const { data } = (await intake.accepted()).at(-1)!;
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(data.handedIn).toEqual({ size: Buffer.byteLength(body), sha256 });
    expect(data.automatic).toBeNull();
  });

  it('takes a message as it is, byte for byte behind our own fields', async () => {
    const message = MESSAGE.replace('Dear Bo', 'Kære Bo, 8-bit \u0001 and\r\n.dots\r\n..');
    expect((await client.postMessage(Buffer.from(message, 'latin1'))).status).toBe(202);
    const content = await intake.contentOf((await intake.accepted()).at(-1)!);
    expect(content.endsWith(message.slice(message.indexOf('\r\n\r\n')))).toBe(true);
    expect(content).toContain('From: anna@demo.example\r\nTo: bo@citizen.example\r\n');
  });

  it('continues the trace of the caller; where what it sends is none, the email has one of its own', async () => {
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    await client.postJson(MAIL, { traceparent: `00-${traceId}-${spanId}-01` });
    const [, trace, span] = (await intake.accepted()).at(-1)!.traceparent!.split('-');
    expect(trace).toBe(traceId);
    expect(span).not.toBe(spanId);
    expect((await client.postJson(MAIL, { traceparent: 'nonsense' })).status).toBe(202);
    expect((await intake.accepted()).at(-1)!.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  it('takes a name that says anything at all, and the address is the one beside it', async () => {
    const from = { name: 'Anna @ work, Ærø <ulla@demo.example>', address: 'anna@demo.example' };
    expect((await client.postJson({ ...MAIL, from })).status).toBe(202);
    const encoded = MESSAGE.replace('From: ', 'From: =?utf-8?Q?Anna_=40_=C3=86r=C3=B8?=\r\n <').replace(
      'demo.example\r\n',
      'demo.example>\r\n',
    );
    expect((await client.postMessage(encoded)).status).toBe(202);
    expect((await intake.accepted()).slice(-2).map(({ personal }) => personal?.mailFrom)).toEqual([
      'anna@demo.example',
      'anna@demo.example',
    ]);
  });

  it.each([
    'anna@demo.example',
    '<anna@demo.example>',
    'Anna Ager <anna@demo.example>',
    '"Ager: <Anna>, HR; \\"x\\"" <anna@demo.example>',
    'Anna (HR) Ager <anna@demo.example>',
    '=?utf-8?Q?=C3=86gir?= <anna@demo.example>',
  ])('reads a name and an address: %s', async (from) => {
    const { status } = await client.postJson({ ...MAIL, from });
    expect(status).toBe(202);
  });

  it('takes an address outside ASCII, and writes it into the header as it is', async () => {
    const from = 'Søren <søren@demo.example>';
    expect((await client.postJson({ ...MAIL, from, cc: ['jørgen@citizen.example'] })).status).toBe(202);
    const event = (await intake.accepted()).at(-1)!;
    expect(event.personal).toMatchObject({
      mailFrom: 'søren@demo.example',
      recipients: [{ disclosed: true }, { address: 'jørgen@citizen.example', disclosed: true }],
    });
    const content = Buffer.from(await intake.contentOf(event), 'latin1').toString();
    expect(content).toMatch(/\r\nFrom: .*<søren@demo\.example>\r\n/);
    expect(content).toContain('\r\nCc: jørgen@citizen.example\r\n');
  });

  it('says who asked for protection: the call, a mark in the mail, or the rule of the tenant', async () => {
    const secureBy = async () => (await intake.accepted()).at(-1)!.data.secureBy;
    await client.post(MESSAGE, { 'Content-Type': 'message/rfc822' }, '?secure=false');
    expect(await secureBy()).toBe('policy');
    const marked = MESSAGE.replace('Subject: ', 'Subject: [sikker] ');
    await client.post(marked, { 'Content-Type': 'message/rfc822' }, '?secure=false');
    expect(await secureBy()).toBe('subject-tag');
    await client.postJson({ ...MAIL, secure: false });
    expect(await secureBy()).toBe('policy');
    await client.postMessage(MESSAGE);
    expect(await secureBy()).toBe('api');
    await client.post(MESSAGE, { 'Content-Type': 'message/rfc822' }, '?secure=true');
    expect(await secureBy()).toBe('api');
  });
});

describe('an Idempotency-Key', () => {
  const key = () => ({ 'Idempotency-Key': crypto.randomUUID() });

  it('gives the same request the same answer, and makes one email', async () => {
    const headers = key();
    const before = (await intake.accepted()).length;
    const [first, second] = [await client.postJson(MAIL, headers), await client.postJson(MAIL, headers)];
    expect(second.body).toEqual(first.body);
    expect([first, second].map((each) => each.headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await intake.accepted()).toHaveLength(before + 1);
  });

  it('refuses another body under the same key', async () => {
    const headers = key();
    await client.postJson(MAIL, headers);
    await client.expectRefused(
      () => client.postJson({ ...MAIL, text: 'other' }, headers),
      409,
      'idempotency-key-reused',
    );
  });

  it('refuses the same body under the same key where it asks for something else', async () => {
    const headers = { ...key(), 'Content-Type': 'message/rfc822' };
    await client.post(MESSAGE, headers);
    await client.expectRefused(
      () => client.post(MESSAGE, headers, '?secure=false'),
      409,
      'idempotency-key-reused',
    );
  });

  it('of a request that was refused can be used again', async () => {
    const headers = key();
    await client.expectRefused(() => client.postJson({ ...MAIL, to: [] }, headers), 422, 'no-recipient');
    expect((await client.postJson(MAIL, headers)).status).toBe(202);
  });

  it('belongs to one API key: under another it is another', async () => {
    const headers = key();
    const first = await client.postJson(MAIL, headers);
    const second = await client.postJson(MAIL, { ...headers, Authorization: `Bearer ${intake.annasKey}` });
    expect(second.status).toBe(202);
    expect(second.body['emailId']).not.toBe(first.body['emailId']);
  });

  it('makes one email of two requests at the same moment', async () => {
    const headers = key();
    const before = (await intake.accepted()).length;
    const answers = await Promise.all([
      client.postJson(MAIL, headers),
      client.postJson(MAIL, headers),
      client.postJson(MAIL, headers),
    ]);
    expect(new Set(answers.map(({ body }) => body['emailId'])).size).toBe(1);
    expect(await intake.accepted()).toHaveLength(before + 1);
  });

  it.each(['', 'a b', 'x'.repeat(257)])('can not be %j', async (bad) => {
    await client.expectRefused(
      () => client.postJson(MAIL, { 'Idempotency-Key': bad }),
      400,
      'invalid-idempotency-key',
    );
  });
});
