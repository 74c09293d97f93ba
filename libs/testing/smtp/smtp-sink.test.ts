// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport, type SMTPTransportOptions } from 'nodemailer';
import {
  createCertificateAuthority,
  expired,
  startSmtpSink,
  type CertificateAuthority,
  type Phase,
  type SmtpSink,
} from '../index.ts';

let sink: SmtpSink;
let authority: CertificateAuthority;
let tls: { certificatePem: string; keyPem: string };
beforeAll(async () => {
  authority = await createCertificateAuthority({ name: 'Test Authority' });
  tls = await authority.issueServer({ names: ['localhost'] });
  sink = await startSmtpSink({ tls });
});
afterEach(() => {
  sink.behave();
  sink.clear();
});
afterAll(() => sink.stop());

const RAW = 'Subject: x\r\n\r\n.\r\n..two dots\r\n.one dot\r\nend\r\n';

async function send(options: { to?: string[]; raw?: string; port?: number } & SMTPTransportOptions = {}) {
  const { to = ['kim@nowhere.example'], raw = RAW, port = sink.port, ...rest } = options;
  const transport = createTransport({
    host: 'localhost',
    port,
    tls: { ca: authority.certificatePem },
    connectionTimeout: 5_000,
    greetingTimeout: 1_500,
    socketTimeout: 1_500,
    ...rest,
  });
  try {
    return await transport.sendMail({ envelope: { from: 'anna@demo.example', to }, raw });
  } finally {
    transport.close();
  }
}

describe('a mail that is taken', () => {
  it('is kept octet by octet, with its envelope, its TLS and its time', async () => {
    const before = new Date();
    await send({ to: ['kim@nowhere.example', 'bo@citizen.example'] });
    const [mail] = sink.received();
    expect(mail?.content.toString()).toBe(RAW);
    expect(mail).toMatchObject({
      mailFrom: 'anna@demo.example',
      rcptTo: ['kim@nowhere.example', 'bo@citizen.example'],
      tls: { protocol: 'TLSv1.3', serverName: 'localhost' },
    });
    expect(mail?.time.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(sink.counted()).toEqual({ mails: 1, octets: RAW.length });
  });

  it('keeps octets that are no text, lines without CR, and a line in many packets', async () => {
    const content = Buffer.from([0, 0xff, 0x0a, 0x0d, 0x41, 0x0d, 0x0a]);
    const { ask, socket } = await dialogue();
    for (const line of ['EHLO me', 'MAIL FROM:<>', 'RCPT TO:<a@b.example>', 'DATA']) await ask(`${line}\r\n`);
    for (const octet of content) {
      socket.write(Buffer.from([octet]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ask('.\r\n')).toMatch(/^250 /);
    socket.destroy();
    expect(sink.received()[0]).toMatchObject({ content, mailFrom: '', tls: null, clientName: 'me' });
  });

  it('can be waited for, before and after it came', async () => {
    const coming = sink.waitFor(({ rcptTo }) => rcptTo.includes('b@x.example'));
    await send({ to: ['a@x.example'] });
    await send({ to: ['b@x.example'] });
    expect((await coming).rcptTo).toEqual(['b@x.example']);
    expect(await sink.waitFor(({ rcptTo }) => rcptTo.includes('a@x.example'))).toBe(sink.received()[0]);
    await expect(sink.waitFor(() => false, 10)).rejects.toThrow('2 others did');
  });
});

async function dialogue(
  port = sink.port,
): Promise<{ socket: Socket; ask: (text: string) => Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'data');
  const ask = async (text: string) => {
    socket.write(text);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  };
  return { socket, ask };
}

const PHASES: [Phase, string][] = [
  ['connect', 'CONN'],
  ['greeting', 'CONN'],
  ['ehlo', 'EHLO'],
  ['starttls', 'STARTTLS'],
  ['mail-from', 'MAIL FROM'],
  ['rcpt-to', 'RCPT TO'],
  ['data', 'DATA'],
  ['final-dot', 'DATA'],
];

describe.each(PHASES)('told to misbehave at %s', (phase, command) => {
  it('answers as it was told, and takes nothing', async () => {
    sink.misbehave({ phase, action: { reply: '554 5.7.1 Go away' } });
    // With requireTLS nodemailer does not fall back from EHLO to HELO, nor from STARTTLS to clear text.
    const failure: unknown = await send({ requireTLS: true }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ response: '554 5.7.1 Go away', responseCode: 554, command });
    expect(sink.received()).toEqual([]);
  });

  it('drops the connection, and takes nothing', async () => {
    sink.misbehave({ phase, action: 'drop' });
    await expect(send()).rejects.toMatchObject({ code: expect.stringMatching(/ECONN|ESOCKET|ETLS/) });
    expect(sink.received()).toEqual([]);
  });

  it('hangs, and takes nothing', async () => {
    sink.misbehave({ phase, action: 'hang' });
    await expect(send({ socketTimeout: 300, greetingTimeout: 300 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
    expect(sink.received()).toEqual([]);
  });

  it('drips lines of a reply that never ends, so that no time of silence is over, and takes nothing', async () => {
    sink.misbehave({ phase, action: { drip: 20 } });
    // A busy machine drips late.
    const sending = send({ socketTimeout: 2_000, greetingTimeout: 10_000 }).then(
      () => 'ended',
      () => 'ended',
    );
    expect(await Promise.race([sending, sleep(3_000, 'still waiting')])).toBe('still waiting');
    expect(sink.received()).toEqual([]);
  });

  it('is only slow when told to wait, and behaves again after so many times', async () => {
    // EHLO is said again after STARTTLS.
    sink.misbehave({ phase, action: { delay: 20 }, times: phase === 'ehlo' ? 2 : 1 });
    sink.misbehave({ phase, action: { reply: '451 4.3.0 Once' }, times: 1 });
    await send({ requireTLS: true });
    await expect(send({ requireTLS: true })).rejects.toMatchObject({ responseCode: 451 });
    await send({ requireTLS: true });
    expect(sink.received()).toHaveLength(2);
  });
});

describe('told to misbehave while content arrives', () => {
  const raw = `Subject: long\r\n\r\n${'x'.repeat(998)}\r\n`.repeat(3_000);

  it.each(['drop', 'hang', { reply: '552 5.3.4 Too big' }] as const)(
    '%j: the mail is not taken',
    async (action) => {
      sink.misbehave({ phase: 'content', action });
      await expect(send({ raw, socketTimeout: 300 })).rejects.toThrow();
      expect(sink.counted().mails).toBe(0);
    },
  );

  it('takes it all the same when it is only slow', async () => {
    sink.misbehave({ phase: 'content', action: { delay: 20 } });
    await send({ raw });
    expect(sink.received()[0]?.content.length).toBe(raw.length);
  });
});

describe('the connection dies after the final dot', () => {
  it.each([true, false])('with the mail kept: %s', async (keeps) => {
    sink.misbehave({ phase: 'final-dot', action: 'drop', keeps, times: 1 });
    await expect(send()).rejects.toThrow();
    expect(sink.received()).toHaveLength(keeps ? 1 : 0);
  });
});

it('tells who left with QUIT and who just went away', async () => {
  const before = sink.endings();
  const { ask, socket } = await dialogue();
  expect(await ask('QUIT\r\n')).toMatch(/^221 /);
  (await dialogue()).socket.destroy();
  socket.destroy();
  for (let tries = 0; sink.endings().connections < before.connections + 2 && tries < 100; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(sink.endings()).toEqual({ connections: before.connections + 2, quits: before.quits + 1 });
});

it('does not offer what it is to be without', async () => {
  const other = await startSmtpSink({ without: ['8BITMIME', 'SMTPUTF8', 'PIPELINING'] });
  const { ask, socket } = await dialogue(other.port);
  expect(await ask('EHLO me\r\n')).not.toMatch(/8BITMIME|SMTPUTF8|PIPELINING/);
  socket.destroy();
  await other.stop();
});

it('refuses one recipient only, by address or by pattern', async () => {
  sink.misbehave({
    phase: 'rcpt-to',
    action: { reply: '550 5.1.1 No such user' },
    recipient: 'Gone@x.example',
  });
  sink.misbehave({ phase: 'rcpt-to', action: { reply: '450 4.2.1 Later' }, recipient: /^later/ });
  const info = await send({ to: ['gone@x.example', 'later@x.example', 'here@x.example'] });
  expect(info.rejected).toEqual(['gone@x.example', 'later@x.example']);
  expect(sink.received()[0]?.rcptTo).toEqual(['here@x.example']);
});

it('fails mail to one recipient at its final dot, and takes that to others', async () => {
  sink.misbehave({ phase: 'final-dot', action: { reply: '452 4.3.1 Full' }, recipient: 'gone@x.example' });
  await expect(send({ to: ['gone@x.example'] })).rejects.toMatchObject({ responseCode: 452 });
  await send({ to: ['here@x.example'] });
  expect(sink.received()).toHaveLength(1);
});

describe('STARTTLS', () => {
  async function withSink(
    options: Parameters<typeof startSmtpSink>[0],
    work: (other: SmtpSink) => Promise<void>,
  ) {
    const other = await startSmtpSink(options);
    try {
      await work(other);
    } finally {
      await other.stop();
    }
  }

  it('is not offered without a certificate', async () => {
    await withSink({}, async (other) => {
      await expect(send({ port: other.port, requireTLS: true })).rejects.toMatchObject({ code: 'ETLS' });
      await send({ port: other.port });
      expect(other.received()[0]?.tls).toBeNull();
    });
  });

  it.each([
    ['has expired', () => authority.issueServer({ names: ['localhost'], validity: expired() }), /expired/],
    ['bears another name', () => authority.issueServer({ names: ['other.example'] }), /altnames/],
    [
      'is of a stranger',
      async () => (await createCertificateAuthority({ name: 'x' })).issueServer({ names: ['localhost'] }),
      /unable to (verify|get)/,
    ],
  ] as const)('is refused by a careful client when the certificate %s', async (_, issue, complaint) => {
    await withSink({ tls: await issue() }, async (other) => {
      await expect(send({ port: other.port })).rejects.toThrow(complaint);
      expect(other.received()).toEqual([]);
    });
  });

  it('counts mail without holding it, for measuring', async () => {
    await withSink({ hold: false }, async (other) => {
      await send({ port: other.port });
      expect(other.counted()).toEqual({ mails: 1, octets: RAW.length });
      expect(other.received()).toEqual([]);
    });
  });
});
