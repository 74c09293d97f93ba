// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryInUse } from '@securemail/testing';
import { httpClient, largeMessage, MAIL, MESSAGE } from '../testing/http-client.ts';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';

let intake: RunningTestIntake;
let client: ReturnType<typeof httpClient>;
beforeAll(async () => {
  intake = await startTestIntake({ intake: { http: { port: 0 }, maxJsonBytes: 200_000 } });
  client = httpClient(intake);
});
afterAll(() => intake.close());

describe('bad input over HTTP', () => {
  it.each([
    ['{"from":', 'malformed-json'],
    ['', 'malformed-json'],
    ['\u0000', 'malformed-json'],
    ['[]', 'invalid-request'],
    ['null', 'invalid-request'],
  ])('JSON that is none: %j', async (body, name) => {
    await client.expectRefused(() => client.post(body), name === 'malformed-json' ? 400 : 422, name);
  });

  it('JSON that is not UTF-8', async () => {
    await client.expectRefused(
      () => client.post(Buffer.from('{"from":"\xff"}', 'latin1')),
      400,
      'malformed-json',
    );
  });

  it('a field that nobody knows, or of the wrong kind, is named by its path', async () => {
    const { body } = await client.expectRefused(
      () => client.postJson({ ...MAIL, sekure: true, text: 7 }),
      422,
      'invalid-request',
    );
    expect(body['errors']).toEqual([
      { path: 'text', message: expect.stringContaining('string') },
      { path: 'sekure', message: 'is not a field of an email' },
    ]);
  });

  it.each([
    'bo@citizen.example\r\nRCPT TO:<evil@z.example>',
    'bo\u0000@citizen.example',
    'b@y>\r\nRCPT TO:<evil@z',
    'bo',
    'a@x.example, b@x.example',
    'anna:pw@demo.example',
    'mailto:anna@demo.example',
    '<<anna@demo.example>>',
    'anna @demo.example',
    'anna@demo.example ',
    '(c)anna@demo.example',
    '"anna"@demo.example',
    'Anna <anna @demo.example>',
    'Anna <anna@demo.example> (Anna) anna',
    'Team: Anna <anna@demo.example>;',
  ])('an address that would say more than an address: %j', async (address) => {
    await client.expectRefused(() => client.postJson({ ...MAIL, to: [address] }), 422, 'invalid-address');
    await client.expectRefused(() => client.postJson({ ...MAIL, from: address }), 422, 'invalid-address');
  });

  it('an address that shows what is not there, and a name that would break out of its line', async () => {
    const refused = await client.expectRefused(
      () => client.postJson({ ...MAIL, cc: ['s\u202eøren@citizen.example'] }),
      422,
      'invalid-address',
    );
    expect(refused.body['errors']).toEqual([{ path: 'cc.0', message: expect.stringContaining('control') }]);
    for (const name of ['Bo\r\nBcc: evil@z.example', 'Bo\u0000']) {
      const to = { name, address: 'bo@citizen.example' };
      await client.expectRefused(() => client.postJson({ ...MAIL, to }), 422, 'invalid-address');
    }
  });

  it.each([
    ['To: bo@citizen.example\r\n\tRCPT TO:<evil@z.example>\r\n'],
    ['To: <b@y.example\u0000>\r\n'],
    ['To: b@localhost\r\n'],
  ])('an address in a header that would say more: %j', async (to) => {
    const { status, body } = await client.refused(() =>
      client.postMessage(`From: anna@demo.example\r\n${to}\r\nDear Bo\r\n`),
    );
    expect(status).toBe(422);
    expect(['/errors/invalid-address', '/errors/malformed-message']).toContain(body['type']);
  });

  it.each([
    ['a lone LF in the body', MESSAGE.replace('Dear Bo\r\n', 'Dear\nBo\r\n')],
    ['a lone CR in the body', MESSAGE.replace('Dear Bo\r\n', 'Dear\rBo\r\n')],
    ['a lone LF in the header', MESSAGE.replace('\r\nSubject', '\nSubject')],
    ['a CR at the very end', `${MESSAGE}\r`],
    ['no header', '\r\nDear Bo\r\n'],
    ['nothing', ''],
    ['a header line that is none', `no colon\r\n${MESSAGE}`],
    ['a NUL in the header', MESSAGE.replace('Journal', 'Jour\u0000nal')],
    ['an endless header', `${'X-Long: x\r\n'.repeat(40_000)}${MESSAGE}`],
  ])('a message with %s', async (_what, message) => {
    await client.expectRefused(() => client.postMessage(message), 422, 'malformed-message');
  });

  it('a message without a sender, or with two', async () => {
    await client.expectRefused(
      () => client.postMessage(MESSAGE.replace('From: anna@demo.example\r\n', '')),
      422,
      'invalid-address',
    );
    await client.expectRefused(
      () => client.postMessage(MESSAGE.replace('anna@', 'ulla@demo.example, anna@')),
      422,
      'invalid-address',
    );
  });

  it.each([
    ['To', 'x@citizen.example, =?utf-8?Q?bo=40citizen.example?='],
    ['To', 'x@citizen.example, Lea Lund'],
    ['To', 'x@citizen.example\r\nCc: bo@citizen.example\r\nTo: Lea Lund'],
    ['Cc', 'Lea Lund'],
    ['Cc', '"Lea Lund" <>'],
    ['Bcc', 'Ward: Lea Lund, bo@citizen.example;'],
  ])('somebody without an address is not left out: %s: %j', async (field, list) => {
    const others = field === 'To' ? '' : 'To: x@citizen.example\r\n';
    const message = `From: anna@demo.example\r\n${others}${field}: ${list}\r\n\r\nDear Bo\r\n`;
    const { body } = await client.expectRefused(() => client.postMessage(message), 422, 'invalid-address');
    expect(body).toMatchObject({
      detail: `Somebody in ${field} has no address that can be read.`,
      errors: [{ path: field }],
    });
    expect(JSON.stringify(body)).not.toMatch(/Lea|Lund/);
  });

  it('but nobody at all may stand there', async () => {
    const none =
      'To: undisclosed-recipients:;\r\nCc: \r\nBcc: bo@citizen.example, ,Lund, Lea <lea@citizen.example>\r\n';
    const message = `From: anna@demo.example\r\n${none}\r\nDear Bo\r\n`;
    expect(await client.postMessage(message)).toMatchObject({ status: 202 });
  });

  it('nobody to send to', async () => {
    await client.expectRefused(() => client.postJson({ ...MAIL, to: [] }), 422, 'no-recipient');
    await client.expectRefused(
      () => client.postMessage(MESSAGE.replace('To: bo@citizen.example\r\n', '')),
      422,
      'no-recipient',
    );
  });

  it('ten thousand recipients', async () => {
    const short = Array.from({ length: 10_000 }, (_, index) => `p${index}@c.example`);
    await client.expectRefused(() => client.postJson({ ...MAIL, to: short }), 422, 'too-many-recipients');
    await client.expectRefused(
      () => client.postMessage(MESSAGE.replace('bo@citizen.example', short.join(',\r\n '))),
      422,
      'too-many-recipients',
    );
  });

  it('JSON over its limit', async () => {
    await client.expectRefused(
      () => client.postJson({ ...MAIL, text: 'x'.repeat(200_000) }),
      413,
      'message-too-large',
    );
  });

  it('151 MB, without holding them', async () => {
    const before = memoryInUse();
    let [peak, pieces] = [before, 0];
    const watch = () => {
      if ((pieces += 1) % 100 === 0) peak = Math.max(peak, memoryInUse());
    };
    const send = () => client.postMessage(largeMessage(151 * 1024 * 1024, watch));
    await client.expectRefused(send, 413, 'message-too-large');
    expect(pieces).toBeGreaterThan(1_000);
    expect(peak - before).toBeLessThan(32 * 1024 * 1024);
  });

  it('151 MB under an Idempotency-Key that is known', async () => {
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    expect((await client.postMessage(MESSAGE, headers)).status).toBe(202);
    const send = () => client.postMessage(largeMessage(151 * 1024 * 1024), headers);
    await client.expectRefused(send, 413, 'message-too-large');
  });

  it('a message that has passed more servers than any way has', async () => {
    const hops = 'Received: by mx.example; Thu, 01 Jan 2026 00:00:00 +0000\r\n'.repeat(101);
    await client.expectRefused(() => client.postMessage(`${hops}${MESSAGE}`), 422, 'mail-loop');
  });

  it('a content type that is neither', async () => {
    await client.expectRefused(
      () => client.post('x', { 'Content-Type': 'text/plain' }),
      415,
      'unsupported-media-type',
    );
  });

  it.each(['False', 'FALSE', '0', 'no', '', '1', 'true&secure=false'])(
    'a parameter that may mean yes or no: secure=%s',
    async (value) => {
      const headers = { 'Content-Type': 'message/rfc822' };
      const { body } = await client.expectRefused(
        () => client.post(MESSAGE, headers, `?secure=${value}`),
        422,
        'invalid-request',
      );
      expect(body['errors']).toMatchObject([{ path: 'secure' }]);
    },
  );

  it('header fields that are not the caller’s to set, or that would break out of their line', async () => {
    await client.expectRefused(
      () => client.postJson({ ...MAIL, headers: { 'X-SecureMail-Id': '1' } }),
      422,
      'invalid-request',
    );
    await client.expectRefused(
      () => client.postJson({ ...MAIL, headers: { 'X-A': 'b\r\nBcc: evil@z.example' } }),
      422,
      'invalid-request',
    );
    await client.expectRefused(
      () => client.postJson({ ...MAIL, subject: 'a\r\nBcc: evil@z.example' }),
      422,
      'invalid-request',
    );
  });

  it('an unknown key, none, and one that may not send', async () => {
    await client.expectRefused(
      () => client.postJson(MAIL, { Authorization: 'Bearer sm_app_wrong' }),
      401,
      'unauthenticated',
    );
    await client.expectRefused(() => client.postJson(MAIL, { Authorization: '' }), 401, 'unauthenticated');
    await client.expectRefused(
      () => client.postJson(MAIL, { Authorization: `Bearer ${intake.readingKey}` }),
      403,
      'forbidden',
    );
  });

  it('an author that the key is not made for', async () => {
    const annas = { Authorization: `Bearer ${intake.annasKey}` };
    for (const from of ['ulla@demo.example', '"anna@demo.example" <ulla@demo.example>']) {
      await client.expectRefused(() => client.postJson({ ...MAIL, from }, annas), 403, 'sender-not-allowed');
      const message = MESSAGE.replace('From: anna@demo.example', `From: ${from}`);
      await client.expectRefused(() => client.postMessage(message, annas), 403, 'sender-not-allowed');
    }
    for (const name of ['Sender', 'Resent-From', 'Resent-Sender']) {
      const beside = `${name}: ulla@demo.example\r\n${MESSAGE}`;
      await client.expectRefused(() => client.postMessage(beside, annas), 403, 'sender-not-allowed');
      await client.expectRefused(
        () => client.postJson({ ...MAIL, headers: { [name]: 'ulla@demo.example' } }, annas),
        422,
        'invalid-request',
      );
    }
    const twice = `From: ulla@demo.example\r\n${MESSAGE}`;
    await client.expectRefused(() => client.postMessage(twice, annas), 422, 'invalid-address');
    await client.expectRefused(
      () => client.postJson({ ...MAIL, headers: { From: 'ulla@demo.example' } }, annas),
      422,
      'invalid-request',
    );
  });

  it('an author that the key is not made for, of a large mail: refused, and the connection goes on', async () => {
    const request = `POST /v1/emails HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${intake.key}\r\nContent-Type: message/rfc822\r\n`;
    const message = `From: a@else.example\r\nTo: bo@citizen.example\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(3_000)}`;
    const whole = `${request}Content-Length: ${message.length}\r\n\r\n${message}`;
    const socket = connect(Number(new URL(intake.url).port), '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    for (const count of [1, 2]) {
      socket.write(whole);
      while (heard.split('HTTP/1.1 403').length <= count) await sleep(10);
    }
    socket.destroy();
  });

  it('a sender that the key is not made for: refused, and on record without the content', async () => {
    await client.expectRefused(
      () => client.postJson({ ...MAIL, from: 'someone@else.example' }),
      403,
      'sender-not-allowed',
    );
    expect((await intake.events()).at(-1)).toMatchObject({
      name: 'EmailRefused',
      data: { reason: 'sender-not-allowed', channel: 'rest' },
      personal: { mailFrom: 'someone@else.example' },
    });
  });
});
