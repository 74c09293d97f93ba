// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { startDnsServer, type DnsRecord, type RunningDnsServer } from '@securemail/testing';
import { createTransport } from 'nodemailer';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';
import { dialogue } from '../testing/smtp-dialogue.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'der' },
});
/** A string of TXT has 255 octets at most. */
const txt = (name: string, data: string): DnsRecord => ({
  type: 'TXT',
  name,
  data: data.match(/.{1,255}/g) ?? [],
});
const RECORDS = [
  txt('citizen.example', 'v=spf1 ip4:127.0.0.1 -all'),
  txt('_dmarc.citizen.example', 'v=DMARC1; p=reject'),
  txt('s1._domainkey.citizen.example', `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`),
  txt('other.example', 'v=spf1 -all'),
];
const MESSAGE =
  'From: Bo <bo@citizen.example>\r\nTo: anna@demo.example\r\nSubject: Journal\r\nMessage-ID: <1@citizen.example>\r\n\r\nDear Anna\r\n';

let dns: RunningDnsServer;
let intake: RunningTestIntake;
let strict: RunningTestIntake;
beforeAll(async () => {
  dns = await startDnsServer({ records: RECORDS, faults: { 'silent.example': 'silent' } });
  const outside = { dns: { servers: [{ address: dns.address, port: dns.port }], timeoutSeconds: 1 } };
  const second = {
    id: 'second',
    name: 'Second',
    domains: ['second.example'],
    mailServers: [{ host: 'mail' }],
  };
  [intake, strict] = await Promise.all([
    startTestIntake({ outside, tenants: [second] }),
    startTestIntake({ outside, tenant: { inbound: { dmarcFail: 'refuse' } } }),
  ]);
});
afterAll(async () => {
  await Promise.all([intake.close(), strict.close()]);
  await dns.stop();
});

const mail = {
  from: 'Bo <bo@citizen.example>',
  to: 'anna@demo.example',
  subject: 'Blåbær',
  text: 'Dear Anna',
};
const transportTo = (to: RunningTestIntake, more: object = {}) =>
  createTransport({ host: '127.0.0.1', port: to.inboundPort, tls: { ca: to.authorityPem }, ...more });

async function last(of = intake) {
  const event = (await of.accepted()).at(-1);
  if (event === undefined) throw new Error('nothing was accepted');
  return event;
}

async function say(lines: readonly string[], message = MESSAGE, to = intake): Promise<string[]> {
  const client = await dialogue(to.inboundPort);
  const replies = [];
  for (const line of ['EHLO mx.citizen.example', ...lines]) replies.push(await client.say(`${line}\r\n`));
  if (lines.at(-1) === 'DATA') replies.push(await client.say(`${message}.\r\n`));
  client.cut();
  return replies.slice(1);
}
const ENVELOPE = ['MAIL FROM:<bo@citizen.example>', 'RCPT TO:<anna@demo.example>', 'DATA'];

describe('mail from outside', () => {
  it('is taken from a stock client over TLS, authenticated, and becomes an inbound email', async () => {
    const dkim = { domainName: 'citizen.example', keySelector: 's1', privateKey };
    const { response } = await transportTo(intake, { requireTLS: true, dkim }).sendMail(mail);
    const event = await last();
    expect(response).toBe(`250 2.0.0 Accepted as ${event.emailId}`);
    expect(event.data).toMatchObject({
      channel: 'internet',
      direction: 'inbound',
      secureBy: null,
      submittedBy: 'internet',
      recipientIds: ['r1'],
      arrival: {
        tls: { protocol: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) },
        authentication: {
          spf: 'pass',
          dkim: ['pass'],
          dmarc: { result: 'pass', policy: 'reject' },
          arc: 'none',
        },
        thread: 'new',
      },
    });
    expect(event.personal).toMatchObject({
      mailFrom: 'bo@citizen.example',
      subject: 'Blåbær',
      recipients: [{ address: 'anna@demo.example', disclosed: true }],
      arrival: {
        spfDomain: 'citizen.example',
        dkimDomains: ['citizen.example'],
        dmarcDomain: 'citizen.example',
      },
    });
    expect(await intake.contentOf(event)).toMatch(
      /^Received: from \S+ \(\[127\.0\.0\.1\]\) by gateway\.example\s+\(Secure@Mail\)\s+with\s+ESMTPS\s/,
    );
  });

  it('is taken in clear as well, and that is told', async () => {
    await transportTo(intake, { ignoreTLS: true }).sendMail(mail);
    const event = await last();
    expect(event.data.arrival).toMatchObject({ tls: null, authentication: { spf: 'pass', dkim: [] } });
    expect(await intake.contentOf(event)).toMatch(/\swith\s+ESMTP\s/);
  });

  it('that nobody is to be told about is taken', async () => {
    const replies = await say(['MAIL FROM:<>', ...ENVELOPE.slice(1)]);
    expect(replies.at(-1)).toMatch(/^250 2\.0\.0 Accepted as/);
    expect((await last()).personal?.mailFrom).toBeNull();
  });

  it('loses fields of ours that others wrote', async () => {
    const forged = 'Authentication-Results: gateway.example; dkim=pass\r\n';
    await say(ENVELOPE, `X-SecureMail-Verdict: valid\r\nReturn-Path: <x@y.example>\r\n${forged}${MESSAGE}`);
    const content = await intake.contentOf(await last());
    expect(content).not.toMatch(/^(X-SecureMail-Verdict|Return-Path|Authentication-Results):/m);
    expect(content).toContain('Dear Anna');
  });

  it('of a domain whose DNS does not answer is taken, and nothing is known of it', async () => {
    await say(ENVELOPE, MESSAGE.replace('citizen', 'silent'));
    expect((await last()).data.arrival?.authentication.dmarc.result).toMatch(/^(temperror|none)$/);
  });

  it('that is not from where it says is marked, or refused where the organisation does so', async () => {
    const forged = ['MAIL FROM:<eva@other.example>', ...ENVELOPE.slice(1)];
    expect((await say(forged)).at(-1)).toMatch(/^250 /);
    expect((await last()).data.arrival?.authentication).toMatchObject({
      spf: 'fail',
      dmarc: { result: 'fail', policy: 'reject' },
    });
    const before = await strict.contents();
    expect((await say(forged, MESSAGE, strict)).at(-1)).toMatch(/^550 5\.7\.26 .*\[authentication-failed\]/);
    expect(await strict.accepted()).toEqual([]);
    expect(await strict.contents()).toEqual(before);
  });

  it('to the postmaster of this server goes to the one of its only organisation', async () => {
    const envelope = ['MAIL FROM:<bo@nowhere.example>', 'RCPT TO:<Postmaster>', 'DATA'];
    const message = MESSAGE.replaceAll('citizen.example', 'nowhere.example');
    expect((await say(envelope, message, strict)).at(-1)).toMatch(/^250 /);
    expect((await last(strict)).personal?.recipients).toMatchObject([{ address: 'postmaster@demo.example' }]);
    expect((await say(envelope)).at(1)).toMatch(/^5/);
  });

  it('is of the thread that it answers', async () => {
    const answer = (id: string, to: string) =>
      MESSAGE.replace(
        '<1@citizen.example>',
        `<${id}@citizen.example>\r\nIn-Reply-To: <${to}@citizen.example>`,
      );
    await say(ENVELOPE, answer('a2', '1'));
    expect((await last()).data.arrival?.thread).toBe('known');
    const encrypted = 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n';
    await say(ENVELOPE, encrypted + answer('s1', 'nothing'));
    await say(ENVELOPE, answer('s2', 's1'));
    expect((await last()).data.arrival?.thread).toBe('secure');
  });
});

it('a mail whose header has faults that others make is taken, and put in order', async () => {
  const header = MESSAGE.replace('Subject:', 'X-SecureMail-Verdict : valid\r\nSubject :');
  const faulty = `From x Mon Jan  1 10:00:00 2026\r\n${header.replace('To:', '>From x\r\nTo:')}`;
  expect((await say(ENVELOPE, faulty)).at(-1)).toMatch(/^250 /);
  const event = await last();
  expect(event.personal).toMatchObject({ subject: 'Journal', messageId: '<1@citizen.example>' });
  const content = await intake.contentOf(event);
  expect(content).toContain('\r\nTo: anna@demo.example\r\nSubject: Journal\r\n');
  expect(content).not.toMatch(/^>?From x|verdict/im);

  expect((await say(ENVELOPE, MESSAGE.replace('Subject:', 'hello\r\nSubject:'))).at(-1)).toMatch(/^250 /);
  expect((await last()).personal).toMatchObject({ subject: '', messageId: expect.stringMatching(/^<.+>$/) });
  expect(await intake.contentOf(await last())).toMatch(/\r\n\r\nhello\r\nSubject: Journal\r\n/);
});

describe('what is not taken', () => {
  it.each([
    [
      'a mail for others',
      ['MAIL FROM:<a@b.example>', 'RCPT TO:<c@else.example>'],
      /^550 5\.7\.1 .*\[relaying-denied\]/,
    ],
    [
      'a recipient that is none',
      ['MAIL FROM:<a@b.example>', 'RCPT TO:<"a b"@demo.example>'],
      /^553 5\.1\.3 /,
    ],
    ['a key', ['AUTH PLAIN AGEAYg=='], /^5\d\d /],
    [
      'a second organisation in one transaction',
      ['MAIL FROM:<a@b.example>', 'RCPT TO:<anna@demo.example>', 'RCPT TO:<c@second.example>'],
      /^452 4\.5\.3 .*\[one-organisation-at-a-time\]/,
    ],
  ])('%s', async (_, lines, reply) => {
    expect((await say(lines)).at(-1)).toMatch(reply);
  });

  it('a mail that goes in circles, or is none', async () => {
    expect((await say(ENVELOPE, `${'Received: by x\r\n'.repeat(101)}${MESSAGE}`)).at(-1)).toMatch(
      /^554 5\.4\.6/,
    );
    expect((await say(ENVELOPE, 'no header\r\n')).at(-1)).toMatch(/^554 5\.6\.0/);
    expect((await say(ENVELOPE)).at(-1)).toMatch(/^250 /);
  });
});
