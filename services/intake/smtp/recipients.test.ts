// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCertificateAuthority,
  freePort,
  missing,
  postfixIsThere,
  startPostfix,
  startSmtpSink,
  type CertificateAuthority,
  type Rule,
  type RunningPostfix,
  type SmtpSink,
} from '@securemail/testing';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';
import { dialogue } from '../testing/smtp-dialogue.ts';

let folder: string;
let authority: CertificateAuthority;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipients-'));
  authority = await createCertificateAuthority({ name: 'Own' });
  await writeFile(path('own.pem'), authority.certificatePem);
});
afterAll(() => rm(folder, { recursive: true }));

const at = (port: number) => ({
  host: '127.0.0.1',
  port,
  tlsName: 'mail.demo.example',
  caFile: path('own.pem'),
});

async function asks(intake: RunningTestIntake, ...addresses: string[]): Promise<string[]> {
  const client = await dialogue(intake.inboundPort);
  await client.say('EHLO mx.citizen.example\r\n');
  await client.say('MAIL FROM:<bo@citizen.example>\r\n');
  const replies = [];
  for (const address of addresses) replies.push(await client.say(`RCPT TO:<${address}>\r\n`));
  client.cut();
  return replies;
}

describe('what its own server does not take is refused while the other side still has it', () => {
  const KB = 1024;
  let own: SmtpSink;
  let intake: RunningTestIntake;
  beforeEach(async () => {
    const tls = await authority.issueServer({ names: ['mail.demo.example'] });
    own = await startSmtpSink({ tls, size: 300 * KB, without: ['8BITMIME', 'SMTPUTF8'] });
    await writeFile(path('listed.txt'), 'listed@demo.example\n');
    intake = await startTestIntake({
      tenant: {
        mailServers: [at(own.port)],
        mailRoutes: [{ name: 'listed', mailboxesFile: path('listed.txt'), servers: [at(own.port)] }],
      },
      inbound: { recipientTimeoutSeconds: 5 },
    });
  });
  afterEach(async () => {
    await intake.close();
    await own.stop();
  });

  async function brings(text: string, { from = 'bo@citizen.example', more = '', to = 'anna' } = {}) {
    const client = await dialogue(intake.inboundPort);
    const replies = [];
    for (const line of [
      'EHLO mx.citizen.example',
      `MAIL FROM:<${from}>${more}`,
      `RCPT TO:<${to}@demo.example>`,
    ])
      replies.push(await client.say(`${line}\r\n`));
    if (replies.at(-1)?.startsWith('250') === true) {
      await client.say('DATA\r\n');
      replies.push(await client.say(`From: ${from}\r\n\r\n${text}\r\n.\r\n`));
    }
    client.cut();
    return replies.at(-1);
  }
  const long = 'x'.repeat(70).concat('\r\n').repeat(1_000);

  it.each(['anna', 'listed'])('a mail that is too large for it, announced or not (%s)', async (to) => {
    expect(await brings('', { more: ' SIZE=200000', to })).toMatch(/^552 5\.3\.4 /);
    expect(await brings(long, { to })).toMatch(/^552 5\.3\.4 /);
    expect(await brings('Goddag', { more: ' SIZE=200', to })).toMatch(/^250 /);
  });

  it('content that is not 7-bit, and addresses beyond ASCII', async () => {
    expect(await brings('Gå', { more: ' BODY=8BITMIME' })).toMatch(/^554 5\.6\.3 /);
    expect(await brings('', { from: 'søren@citizen.example', more: ' SMTPUTF8' })).toMatch(/^553 5\.6\.7 /);
    expect(await brings('', { more: ' SMTPUTF8', to: 'søren' })).toMatch(/^553 5\.6\.7 /);
  });
});

describe('a mailbox is asked for at its own Postfix', () => {
  if (!postfixIsThere()) {
    missing('Postfix, run by root,', 'apt install postfix');
    return;
  }
  let postfix: RunningPostfix;
  let intake: RunningTestIntake;
  beforeAll(async () => {
    postfix = await startPostfix({
      name: 'mail.demo.example',
      domains: ['demo.example'],
      tls: await authority.issueServer({ names: ['mail.demo.example'] }),
      more: {
        main: 'virtual_mailbox_maps = inline:{{anna@demo.example=box/}, {ib@demo.example=box/}}\n',
        files: {},
      },
    });
    await writeFile(path('ward.txt'), 'ulla@demo.example\n');
    intake = await startTestIntake({
      tenant: {
        mailServers: [at(postfix.port)],
        mailRoutes: [
          { name: 'ward', mailboxesFile: path('ward.txt'), servers: [{ host: 'nowhere.invalid' }] },
        ],
      },
    });
  });
  afterAll(async () => {
    await intake.close();
    await postfix.stop();
  });

  it('and before DATA what it does not have is refused, by its name', async () => {
    const [known, unknown, other] = await asks(
      intake,
      'anna@demo.example',
      'nobody@demo.example',
      'IB@demo.example',
    );
    expect(known).toMatch(/^250 /);
    expect(unknown).toMatch(/^550 5\.1\.1 .*\[unknown-recipient\]/);
    expect(other).toMatch(/^250 /);
  });

  it('but not where a list of mailboxes names it', async () => {
    expect(await asks(intake, 'Ulla@demo.example')).toEqual([expect.stringMatching(/^250 /)]);
  });
});

describe('a mailbox whose server', () => {
  let sink: SmtpSink;
  let intake: RunningTestIntake;
  const start = (port: number, more: object = {}) =>
    startTestIntake({
      tenant: { mailServers: [at(port)], ...more },
      inbound: { recipientTimeoutSeconds: 2 },
    });

  beforeEach(async () => {
    const { certificatePem, keyPem } = await authority.issueServer({ names: ['mail.demo.example'] });
    sink = await startSmtpSink({ tls: { certificatePem, keyPem } });
  });
  afterEach(async () => {
    await intake.close();
    await sink.stop();
  });

  it.each<[string, Rule]>([
    ['greylists', { phase: 'rcpt-to', action: { reply: '450 4.2.0 Greylisted' } }],
    ['refuses us', { phase: 'rcpt-to', action: { reply: '554 5.7.1 Relay access denied' } }],
    ['refuses all senders', { phase: 'mail-from', action: { reply: '550 5.7.1 Go away' } }],
    ['ends the connection', { phase: 'rcpt-to', action: 'drop' }],
    ['is too busy', { phase: 'connect', action: { reply: '421 4.3.2 Too many connections' } }],
    ['breaks off TLS', { phase: 'starttls', action: { reply: '454 4.7.0 TLS not available' } }],
    ['drops in the middle of it', { phase: 'starttls', action: 'drop' }],
  ])('%s: its mail is taken, for it may well exist', async (_, rule) => {
    sink.misbehave(rule);
    intake = await start(sink.port);
    expect(await asks(intake, 'anna@demo.example')).toEqual([expect.stringMatching(/^250 /)]);
  });

  it.each<[string, Rule]>([
    ['says nothing', { phase: 'greeting', action: 'hang' }],
    ['says nothing of it', { phase: 'rcpt-to', action: 'hang' }],
    ['drips', { phase: 'ehlo', action: { drip: 50 } }],
  ])('%s: its mail is taken when its time is over', async (_, rule) => {
    sink.misbehave(rule);
    intake = await start(sink.port);
    expect(await asks(intake, 'anna@demo.example')).toEqual([expect.stringMatching(/^250 /)]);
  });

  it('is behind one that says nothing is asked all the same', async () => {
    sink.misbehave({ phase: 'greeting', action: 'hang' });
    const standby = await startSmtpSink({
      tls: await authority.issueServer({ names: ['mail.demo.example'] }),
    });
    standby.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 No such user' } });
    intake = await start(sink.port, { mailServers: [at(sink.port), at(standby.port)] });
    for (const each of ['one', 'other'])
      expect(await asks(intake, `${each}@demo.example`)).toEqual([expect.stringMatching(/^550 5\.1\.1 /)]);
    await standby.stop();
  });

  it('takes more than its share of the time to say no is heard all the same', async () => {
    sink.misbehave({ phase: 'mail-from', action: { delay: 1_300 } });
    sink.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 No such user' } });
    intake = await start(sink.port, { mailServers: [at(sink.port), { host: 'nowhere.invalid' }] });
    expect(await asks(intake, 'nobody@demo.example')).toEqual([expect.stringMatching(/^550 5\.1\.1 /)]);
  });

  it('is not who it should be: it is told no address, and what it says counts for nothing', async () => {
    const { certificatePem, keyPem } = await authority.issueServer({ names: ['other.example'] });
    const other = await startSmtpSink({ tls: { certificatePem, keyPem } });
    const plain = await startSmtpSink();
    for (const each of [other, plain]) {
      each.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 No such user' } });
      intake = await start(each.port);
      expect(await asks(intake, 'anna@demo.example')).toEqual([expect.stringMatching(/^250 /)]);
      if (each === other) await intake.close();
      await each.stop();
    }
  });

  it('is away: the next one is asked, and else its mail is taken', async () => {
    const gone = await freePort();
    sink.misbehave({ phase: 'rcpt-to', recipient: /nobody/, action: { reply: '550 5.1.1 No such user' } });
    intake = await start(gone, { mailServers: [at(gone), at(sink.port)] });
    const [known, unknown] = await asks(intake, 'anna@demo.example', 'nobody@demo.example');
    expect([known?.slice(0, 3), unknown?.slice(0, 3)]).toEqual(['250', '550']);
    const alone = await start(gone);
    expect(await asks(alone, 'anna@demo.example')).toEqual([expect.stringMatching(/^250 /)]);
    await alone.close();
  });

  it('is asked once, however many ask at a time, and not again for a while', async () => {
    sink.misbehave({ phase: 'rcpt-to', action: { delay: 200 } });
    intake = await start(sink.port);
    await Promise.all(Array.from({ length: 20 }, () => asks(intake, 'anna@demo.example')));
    await asks(intake, 'Anna@demo.example');
    expect(sink.endings()).toEqual({ connections: 1, quits: 1 });
    expect(sink.received()).toEqual([]);
  });

  it('is asked about no address that it can not be told, which could not be delivered either', async () => {
    const { certificatePem, keyPem } = await authority.issueServer({ names: ['mail.demo.example'] });
    const old = await startSmtpSink({ tls: { certificatePem, keyPem }, without: ['SMTPUTF8'] });
    old.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 No such user' } });
    intake = await start(old.port);
    const [foreign, other] = await asks(intake, 'søren@demo.example', 'soren@demo.example');
    expect([foreign?.slice(0, 3), other?.slice(0, 3)]).toEqual(['553', '550']);
    await old.stop();
  });

  it('is not asked where the organisation does not want it', async () => {
    sink.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 No such user' } });
    intake = await start(sink.port, { inbound: { checkRecipients: false } });
    expect(await asks(intake, 'anna@demo.example')).toEqual([expect.stringMatching(/^250 /)]);
    expect(sink.endings().connections).toBe(0);
  });
});
