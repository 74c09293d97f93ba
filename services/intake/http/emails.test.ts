// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';

const MAIL = {
  from: 'Anna Ager <anna@demo.example>',
  to: ['bo@citizen.example'],
  subject: 'Journal',
  text: 'Dear Bo',
};
const MESSAGE = 'From: anna@demo.example\r\nTo: bo@citizen.example\r\nSubject: Journal\r\n\r\nDear Bo\r\n';

let intake: RunningTestIntake;
beforeAll(async () => {
  intake = await startTestIntake({ intake: { http: { port: 0 }, maxJsonBytes: 200_000 } });
});
afterAll(() => intake.close());
beforeEach(() => intake.sql('truncate intake.idempotency_keys'));

type Body = string | Buffer | ReadableStream<Uint8Array>;

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function post(body: Body, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${intake.url}/v1/emails`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${intake.key}`, 'Content-Type': 'application/json', ...headers },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
const postJson = (mail: object, headers?: Record<string, string>) => post(JSON.stringify(mail), headers);
const postMessage = (message: Body, headers?: Record<string, string>) =>
  post(message, { 'Content-Type': 'message/rfc822', ...headers });

async function expectRefused(sending: Promise<Answer>, status: number, name: string): Promise<Answer> {
  const before = (await intake.accepted()).length;
  const answer = await sending;
  expect([answer.status, answer.body['type']]).toEqual([status, `/errors/${name}`]);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await intake.accepted()).toHaveLength(before);
  return answer;
}

describe('POST /v1/emails', () => {
  it('answers 202 when content and event are durable, and says where to follow it', async () => {
    const { status, headers, body } = await postJson({
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

  it('takes a message as it is, byte for byte behind our own fields', async () => {
    const message = MESSAGE.replace('Dear Bo', 'Kære Bo, 8-bit \u0001 and\r\n.dots\r\n..');
    expect((await postMessage(Buffer.from(message, 'latin1'))).status).toBe(202);
    const content = await intake.contentOf((await intake.accepted()).at(-1)!);
    expect(content.endsWith(message.slice(message.indexOf('\r\n\r\n')))).toBe(true);
    expect(content).toContain('From: anna@demo.example\r\nTo: bo@citizen.example\r\n');
  });

  it('continues the trace of the caller', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await postJson(MAIL, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    // Without an SDK in this process nothing makes spans; the header is accepted and harmful ones are too.
    expect((await postJson(MAIL, { traceparent: 'nonsense' })).status).toBe(202);
  });
});

describe('an Idempotency-Key', () => {
  const key = () => ({ 'Idempotency-Key': crypto.randomUUID() });

  it('gives the same request the same answer, and makes one email', async () => {
    const headers = key();
    const before = (await intake.accepted()).length;
    const [first, second] = [await postJson(MAIL, headers), await postJson(MAIL, headers)];
    expect(second.body).toEqual(first.body);
    expect([first, second].map((each) => each.headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await intake.accepted()).toHaveLength(before + 1);
  });

  it('refuses another body under the same key', async () => {
    const headers = key();
    await postJson(MAIL, headers);
    await expectRefused(postJson({ ...MAIL, text: 'other' }, headers), 409, 'idempotency-key-reused');
  });

  it('makes one email of two requests at the same moment', async () => {
    const headers = key();
    const before = (await intake.accepted()).length;
    const answers = await Promise.all([
      postJson(MAIL, headers),
      postJson(MAIL, headers),
      postJson(MAIL, headers),
    ]);
    expect(new Set(answers.map(({ body }) => body['emailId'])).size).toBe(1);
    expect(await intake.accepted()).toHaveLength(before + 1);
  });

  it.each(['', 'a b', 'x'.repeat(257)])('can not be %j', async (bad) => {
    await expectRefused(postJson(MAIL, { 'Idempotency-Key': bad }), 400, 'invalid-idempotency-key');
  });
});

describe('bad input over HTTP', () => {
  it.each([
    ['{"from":', 'malformed-json'],
    ['', 'malformed-json'],
    ['\u0000', 'malformed-json'],
    ['[]', 'invalid-request'],
    ['null', 'invalid-request'],
  ])('JSON that is none: %j', async (body, name) => {
    await expectRefused(post(body), name === 'malformed-json' ? 400 : 422, name);
  });

  it('JSON that is not UTF-8', async () => {
    await expectRefused(post(Buffer.from('{"from":"\xff"}', 'latin1')), 400, 'malformed-json');
  });

  it('a field that nobody knows, or of the wrong kind, is named by its path', async () => {
    const { body } = await expectRefused(
      postJson({ ...MAIL, sekure: true, text: 7 }),
      422,
      'invalid-request',
    );
    expect(JSON.stringify(body['errors'])).toMatch(/sekure/);
    expect(JSON.stringify(body['errors'])).toMatch(/"path":"text"/);
  });

  it.each([
    'bo@citizen.example\r\nRCPT TO:<evil@z.example>',
    'bo\u0000@citizen.example',
    'b@y>\r\nRCPT TO:<evil@z',
    'bo',
    'a@x.example, b@x.example',
  ])('an address that would say more than an address: %j', async (address) => {
    await expectRefused(postJson({ ...MAIL, to: [address] }), 422, 'invalid-address');
    await expectRefused(postJson({ ...MAIL, from: address }), 422, 'invalid-address');
  });

  it.each([
    ['To: bo@citizen.example\r\n\tRCPT TO:<evil@z.example>\r\n'],
    ['To: <b@y.example\u0000>\r\n'],
    ['To: b@localhost\r\n'],
  ])('an address in a header that would say more: %j', async (to) => {
    const { status, body } = await expectRefusedAny(
      postMessage(`From: anna@demo.example\r\n${to}\r\nDear Bo\r\n`),
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
    await expectRefused(postMessage(message), 422, 'malformed-message');
  });

  it('a message without a sender, or with two', async () => {
    await expectRefused(
      postMessage(MESSAGE.replace('From: anna@demo.example\r\n', '')),
      422,
      'invalid-address',
    );
    await expectRefused(
      postMessage(MESSAGE.replace('anna@', 'ulla@demo.example, anna@')),
      422,
      'invalid-address',
    );
  });

  it('nobody to send to', async () => {
    await expectRefused(postJson({ ...MAIL, to: [] }), 422, 'no-recipient');
    await expectRefused(postMessage(MESSAGE.replace('To: bo@citizen.example\r\n', '')), 422, 'no-recipient');
  });

  it('ten thousand recipients', async () => {
    const short = Array.from({ length: 10_000 }, (_, index) => `p${index}@c.example`);
    await expectRefused(postJson({ ...MAIL, to: short }), 422, 'too-many-recipients');
    await expectRefused(
      postMessage(MESSAGE.replace('bo@citizen.example', short.join(',\r\n '))),
      422,
      'too-many-recipients',
    );
  });

  it('JSON over its limit', async () => {
    await expectRefused(postJson({ ...MAIL, text: 'x'.repeat(200_000) }), 413, 'message-too-large');
  });

  it('151 MB, without holding them', async () => {
    const chunk = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(1_000));
    let sent = 0;
    const message = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(sent === 0 ? Buffer.from(MESSAGE) : chunk);
        sent += chunk.length;
        if (sent > 151 * 1024 * 1024) controller.close();
      },
    });
    const before = process.memoryUsage().rss;
    await expectRefused(postMessage(message), 413, 'message-too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('a content type that is neither', async () => {
    await expectRefused(post('x', { 'Content-Type': 'text/plain' }), 415, 'unsupported-media-type');
  });

  it('header fields that are not the caller’s to set, or that would break out of their line', async () => {
    await expectRefused(postJson({ ...MAIL, headers: { 'X-SecureMail-Id': '1' } }), 422, 'invalid-request');
    await expectRefused(
      postJson({ ...MAIL, headers: { 'X-A': 'b\r\nBcc: evil@z.example' } }),
      422,
      'invalid-request',
    );
    await expectRefused(postJson({ ...MAIL, subject: 'a\r\nBcc: evil@z.example' }), 422, 'invalid-request');
  });

  it('an unknown key, none, and one that may not send', async () => {
    await expectRefused(postJson(MAIL, { Authorization: 'Bearer sm_app_wrong' }), 401, 'unauthenticated');
    await expectRefused(postJson(MAIL, { Authorization: '' }), 401, 'unauthenticated');
    await expectRefused(postJson(MAIL, { Authorization: `Bearer ${intake.readingKey}` }), 403, 'forbidden');
  });

  it('a sender that the key is not made for: refused, and on record without the content', async () => {
    await expectRefused(postJson({ ...MAIL, from: 'someone@else.example' }), 403, 'sender-not-allowed');
    expect((await intake.events()).at(-1)).toMatchObject({
      name: 'EmailRefused',
      data: { reason: 'sender-not-allowed', channel: 'rest' },
      personal: { mailFrom: 'someone@else.example' },
    });
  });
});

async function expectRefusedAny(sending: Promise<Answer>): Promise<Answer> {
  const before = (await intake.accepted()).length;
  const answer = await sending;
  expect(await intake.accepted()).toHaveLength(before);
  return answer;
}

/** Speaks raw HTTP and gives all that came back, once the server has closed or `ms` are over. */
async function speak(text: string, { closeAfter = 0, ms = 1_500 } = {}): Promise<string> {
  const { port } = new URL(intake.url);
  const socket = connect(Number(port), '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write(text);
  if (closeAfter > 0) {
    await sleep(closeAfter);
    socket.destroy();
  }
  await Promise.race([sleep(ms), new Promise((resolve) => socket.once('close', resolve))]);
  socket.destroy();
  return heard;
}

describe('a client that lies or leaves', () => {
  const head = (length: number, type = 'message/rfc822') =>
    `POST /v1/emails HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${intake.key}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

  it('a Content-Length that is too long, and then silence: nothing is accepted', async () => {
    const before = (await intake.accepted()).length;
    await speak(head(MESSAGE.length + 100) + MESSAGE, { closeAfter: 300 });
    await speak(head(MESSAGE.length + 100, 'application/json') + MESSAGE, { closeAfter: 300 });
    await sleep(200);
    expect(await intake.accepted()).toHaveLength(before);
  });

  it('a Content-Length that is too short: what it counts is the message, and the rest is no request', async () => {
    const before = (await intake.accepted()).length;
    const heard = await speak(head(MESSAGE.length) + MESSAGE + 'and this is more', { ms: 1_000 });
    expect(heard).toMatch(/^HTTP\/1\.1 202/);
    expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(await intake.accepted()).toHaveLength(before + 1);
    // Cut in the middle of a line end it is no message.
    const cut = await speak(head(MESSAGE.length - 1) + MESSAGE, { ms: 1_000 });
    expect(cut).toMatch(/^HTTP\/1\.1 422/);
    expect(await intake.accepted()).toHaveLength(before + 1);
  });

  it('a client that stops half-way through a chunked body: nothing is accepted', async () => {
    const before = (await intake.accepted()).length;
    const chunked = head(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
    await speak(`${chunked}${MESSAGE.length.toString(16)}\r\n${MESSAGE}\r\n`, { closeAfter: 300 });
    await sleep(200);
    expect(await intake.accepted()).toHaveLength(before);
  });
});

describe('when nothing can be stored', () => {
  it('a full disk is told as 503, and nothing is half accepted', async () => {
    await intake.sql(`
      create function vault.disk_full() returns trigger language plpgsql as $$
        begin raise exception using errcode = '53100', message = 'could not extend file'; end $$;
      create trigger full_disk before insert on vault.contents for each row execute function vault.disk_full();`);
    try {
      await expectRefused(postJson(MAIL), 503, 'storage-unavailable');
    } finally {
      await intake.sql('drop trigger full_disk on vault.contents; drop function vault.disk_full');
    }
    expect((await postJson(MAIL)).status).toBe(202);
  });

  it('a database that is gone is told as 503, and the next mail is taken once it is back', async () => {
    const open = await intake.shutDatabase();
    const answer = await postJson(MAIL);
    await open();
    expect([answer.status, answer.body['type']]).toEqual([503, '/errors/storage-unavailable']);
    expect((await postJson(MAIL)).status).toBe(202);
  });
});
