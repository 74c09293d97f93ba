// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Address,
  EmailId,
  newContentId,
  notificationIdOf,
  protectedMessageId,
  recipientId,
  Sha256,
} from '@securemail/contracts';
import { createCertificateAuthority, startSmtpSink, type SmtpSink } from '@securemail/testing';
import { BO_FAILED, postfixReport, qmailReport } from './testing/delivery-reports.ts';
import { httpClient, MAIL } from './testing/http-client.ts';
import { startTestIntake, type RunningTestIntake } from './testing/running-intake.ts';
import { dialogue } from './testing/smtp-dialogue.ts';

let intake: RunningTestIntake;
beforeAll(async () => {
  intake = await startTestIntake({ tenant: { inbound: { checkRecipients: false } } });
});
afterAll(() => intake.close());

async function sent(more: object = {}) {
  const { body } = await httpClient(intake).postJson({ ...MAIL, ...more });
  const event = (await intake.accepted()).find(({ emailId }) => emailId === body['emailId']);
  if (event?.personal == null) throw new Error('nothing was accepted');
  return { emailId: event.emailId, messageId: event.personal.messageId };
}

async function arrives(
  mail: string,
  { from = '', to = 'anna@demo.example' } = {},
  port = intake.inboundPort,
): Promise<string> {
  const client = await dialogue(port);
  await client.say('EHLO mx.citizen.example\r\n');
  for (const line of [`MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA']) await client.say(`${line}\r\n`);
  const reply = await client.say(`${mail}.\r\n`);
  client.cut();
  return reply;
}
const eventsOf = async (id: string) => (await intake.events()).filter(({ emailId }) => emailId === id);

it('a delivery report becomes an event of the email that it is about, and no mail', async () => {
  const { emailId, messageId } = await sent();
  const before = await intake.contents();
  expect(await arrives(postfixReport({ messageId, recipient: BO_FAILED }))).toBe(
    `250 2.0.0 Accepted as ${emailId}`,
  );
  const [, reported] = await eventsOf(emailId);
  expect(reported).toMatchObject({
    name: 'DeliveryReported',
    data: {
      recipientIds: ['r1'],
      action: 'failed',
      status: '5.1.1',
      reply: { code: 550, enhancedCode: '5.1.1' },
    },
    personal: {
      reportingMta: 'dns; mx.citizen.example',
      diagnostic: expect.stringContaining('User unknown'),
    },
  });
  expect(await intake.contents()).toEqual(before);
});

it('is one also behind a text that something on the way has put before it', async () => {
  const { emailId, messageId } = await sent();
  const [header = '', ...body] = postfixReport({ messageId, recipient: BO_FAILED }).split('\r\n\r\n');
  const isOfContent = /^Content-Type:.*(\r\n[ \t].*)*$/im;
  const type = isOfContent.exec(header)?.[0] ?? '';
  const around = header.replace(isOfContent, 'Content-Type: multipart/mixed; boundary=around');
  const note = '--around\r\n\r\nThis mail is from outside.';
  await arrives(
    `${around}\r\n\r\n${note}\r\n--around\r\n${type}\r\n\r\n${body.join('\r\n\r\n')}--around--\r\n`,
  );
  expect((await eventsOf(emailId)).map(({ name }) => name)).toEqual(['EmailAccepted', 'DeliveryReported']);
});

it('says the same thing twice, and it is told once', async () => {
  const { emailId, messageId } = await sent();
  const report = postfixReport({ messageId, recipient: BO_FAILED });
  await arrives(report);
  expect(await arrives(report)).toBe(`250 2.0.0 Accepted as ${emailId}`);
  expect(await eventsOf(emailId)).toHaveLength(2);
  const late = BO_FAILED.replace('failed', 'delayed').replace('5.1.1', '4.4.1');
  await arrives(postfixReport({ messageId, recipient: late }));
  expect((await eventsOf(emailId)).map(({ name }) => name)).toEqual([
    'EmailAccepted',
    'DeliveryReported',
    'DeliveryReported',
  ]);
});

const RETURNED = /\r\n--\S+\r\nContent-Description: Undelivered Message[^]*?(?=\r\n--\S+--\r\n)/;

it('is one also without the mail that it is about, by what it answers', async () => {
  for (const field of ['In-Reply-To: %s', 'References: <other@demo.example> %s']) {
    const { emailId, messageId } = await sent();
    const report = postfixReport({ messageId, recipient: BO_FAILED });
    const alone = report
      .replace(RETURNED, '')
      .replace('Subject:', `${field.replace('%s', messageId)}\r\nSubject:`);
    expect(alone).not.toContain('Undelivered Message\r\n');
    expect(await arrives(alone)).toBe(`250 2.0.0 Accepted as ${emailId}`);
  }
});

it('is one of the only recipient also where it names whom his server passed it on to', async () => {
  const { emailId, messageId } = await sent();
  const elsewhere = BO_FAILED.replaceAll('bo@citizen', 'bo.b@elsewhere');
  expect(await arrives(postfixReport({ messageId, recipient: elsewhere }))).toBe(
    `250 2.0.0 Accepted as ${emailId}`,
  );
  expect((await eventsOf(emailId)).at(-1)).toMatchObject({
    data: { recipientIds: ['r1'], action: 'failed' },
    personal: { diagnostic: expect.stringContaining('User unknown') },
  });
});

it('is one also in the words of qmail', async () => {
  const { emailId, messageId } = await sent({ to: ['bo@citizen.example', 'li@citizen.example'] });
  expect(await arrives(qmailReport({ messageId, recipient: 'li@citizen.example' }))).toBe(
    `250 2.0.0 Accepted as ${emailId}`,
  );
  expect((await eventsOf(emailId)).at(-1)).toMatchObject({
    name: 'DeliveryReported',
    data: { recipientIds: ['r2'], action: 'failed', status: '5.1.1' },
    personal: {
      reportingMta: 'dns; mx.citizen.example',
      diagnostic: 'Sorry, no mailbox here by that name. (#5.1.1)',
    },
  });
});

describe('a mail as any other is', () => {
  const isMail = async (mail: string, more: object = {}) => {
    const before = (await intake.accepted()).length;
    expect(await arrives(mail, more)).toMatch(/^250 /);
    const all = await intake.accepted();
    expect(all).toHaveLength(before + 1);
    expect((await intake.events()).filter(({ name }) => name === 'DeliveryReported')).toEqual(reportedBefore);
  };
  let reportedBefore: unknown[];
  beforeEach(async () => {
    reportedBefore = (await intake.events()).filter(({ name }) => name === 'DeliveryReported');
  });

  it('a report about a mail that was never sent from here', async () => {
    await isMail(postfixReport({ messageId: '<unknown@demo.example>', recipient: BO_FAILED }));
  });

  it('a report about somebody whom the mail was not for', async () => {
    const other = BO_FAILED.replaceAll('bo@', 'kim@');
    const { messageId: toTwo } = await sent({ to: ['bo@citizen.example', 'li@citizen.example'] });
    await isMail(postfixReport({ messageId: toTwo, recipient: other }));
    const { messageId } = await sent();
    await isMail(postfixReport({ messageId, recipient: `${BO_FAILED}\n\n${other}` }));
  });

  it('a report that is sent to somebody who did not write the mail', async () => {
    const { messageId } = await sent();
    await isMail(postfixReport({ messageId, recipient: BO_FAILED }), { to: 'ib@demo.example' });
  });

  it('a report that has a sender, and is none by that', async () => {
    const { messageId } = await sent();
    await isMail(postfixReport({ messageId, recipient: BO_FAILED }), { from: 'bo@citizen.example' });
  });

  it('a report that can not be understood', async () => {
    const { messageId } = await sent();
    await isMail(postfixReport({ messageId, recipient: 'nonsense' }));
    await isMail(postfixReport({ messageId, recipient: BO_FAILED, returned: 'text/plain' }));
    const words = qmailReport({ messageId, recipient: 'bo@citizen.example' });
    await isMail(words.replace('Hi. This is', 'Hello. This is'));
    await isMail(words.replace('---', '==='));
    await isMail(words.replace('<bo@', 'bo@'));
  });

  it('the eleventh report about a recipient', async () => {
    const { emailId, messageId } = await sent();
    for (let code = 1; code <= 10; code += 1) {
      const recipient = BO_FAILED.replace('Status: 5.1.1', `Status: 5.9.${code}`);
      await arrives(postfixReport({ messageId, recipient }));
    }
    expect(await eventsOf(emailId)).toHaveLength(11);
    reportedBefore = (await intake.events()).filter(({ name }) => name === 'DeliveryReported');
    await isMail(postfixReport({ messageId, recipient: BO_FAILED }));
  });
});

describe('a report about a notification of SecureMailBox', () => {
  let folder: string;
  let own: SmtpSink;
  let withMailbox: RunningTestIntake;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notifications-'));
    const caFile = join(folder, 'own.pem');
    const authority = await createCertificateAuthority({ name: 'Own' });
    await writeFile(caFile, authority.certificatePem);
    own = await startSmtpSink({ tls: await authority.issueServer({ names: ['localhost'] }) });
    own.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 No such user' } });
    const server = { host: '127.0.0.1', port: own.port, tlsName: 'localhost', caFile };
    withMailbox = await startTestIntake({
      tenant: { mailServers: [server], mailbox: { url: 'https://post.demo.example' } },
      inbound: { recipientTimeoutSeconds: 5 },
    });
  });
  afterAll(async () => {
    await withMailbox.close();
    await own.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const notified = async () => {
    const { body } = await httpClient(withMailbox).postJson(MAIL);
    const emailId = EmailId.parse(body['emailId']);
    const messageId = randomUUID();
    const recipient = recipientId(1);
    await withMailbox.append(emailId, {
      name: 'MailboxMessageDeposited',
      data: {
        protectedMessageId: protectedMessageId(1),
        recipientIds: [recipient],
        content: { contentId: newContentId(), size: 1, sha256: Sha256.parse('0'.repeat(64)) },
        messageId,
        linkSha256: Sha256.parse('0'.repeat(64)),
        endsAt: new Date().toISOString(),
      },
      personal: {
        takeBack: null,
        mailFrom: Address.parse('securemail@demo.example'),
        recipients: [
          { recipientId: recipient, address: Address.parse('bo@citizen.example'), disclosed: true },
        ],
      },
    });
    const noted = () => withMailbox.pool.query('select from sent_messages where email_id = $1', [emailId]);
    while ((await noted()).rowCount !== 2) await sleep(20);
    return { emailId, messageId: notificationIdOf({ messageId }, 'demo.example') };
  };
  const to = 'securemail@demo.example';
  const brought = (mail: string, envelope: { from?: string; to?: string }) =>
    arrives(mail, envelope, withMailbox.inboundPort);

  it('is an event of the email, though who notifies has no mailbox', async () => {
    const { emailId, messageId } = await notified();
    const report = postfixReport({ messageId, recipient: BO_FAILED, to });
    expect(await brought(report, { to })).toBe(`250 2.0.0 Accepted as ${emailId}`);
    const reports = (await withMailbox.events()).filter(({ name }) => name === 'DeliveryReported');
    expect(reports).toMatchObject([{ emailId, data: { recipientIds: ['r1'], action: 'failed' } }]);
  });

  it('is all that is taken there: no other mail, no other sender, and nobody else’s report', async () => {
    const { messageId } = await notified();
    const report = postfixReport({ messageId, recipient: BO_FAILED, to });
    expect(await brought(report, { to, from: 'x@evil.example' })).toMatch(/^5/);
    expect(await brought('Subject: Buy\r\n\r\nnow\r\n', { to })).toMatch(/^550/);
    const foreign = postfixReport({ messageId: '<x@demo.example>', recipient: BO_FAILED, to });
    expect(await brought(foreign, { to })).toMatch(/^550/);
    const accepted = await withMailbox.accepted();
    expect(accepted.filter(({ data }) => data.direction === 'inbound')).toEqual([]);
  });
});
