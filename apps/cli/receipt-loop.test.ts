// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerIn } from '@securemail/mime';
import {
  createDatabase,
  freePort,
  startSmtpSink,
  type ReceivedMail,
  type SmtpSink,
} from '@securemail/testing';
import { createTransport } from 'nodemailer';
import { startAllInOne, type RunningGateway } from './all-in-one.ts';
import { AllSettings } from './settings.ts';
import { ensureDemoFiles, PEOPLE } from './world/demo-files.ts';
import { demoSettings } from './world/demo-settings.ts';

const MOST = 5;

let folder: string;
let sink: SmtpSink;
let apiKey: string;
let gateway: RunningGateway;
let own: ReturnType<typeof createTransport>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'receipt-loop-test-'));
  const paths = await ensureDemoFiles(folder);
  const [certificatePem = '', keyPem = ''] = await Promise.all(
    [paths.mailServerCertificate, paths.mailServerKey].map((file) => readFile(file, 'utf8')),
  );
  apiKey = await readFile(paths.apiKey, 'utf8');
  const [databaseUrl, smtpPort] = [await createDatabase(), await freePort()];
  sink = await startSmtpSink({ tls: { certificatePem, keyPem } });
  const ports = { ownMailServerPort: sink.port, outsidePort: sink.port, smtpPort };
  const settings = demoSettings({ paths, databaseUrl, brokers: null, ...ports });
  const receipts = { ...settings.receipts, mostInARow: MOST };
  gateway = await startAllInOne(AllSettings.parse({ ...settings, receipts }), { host: '127.0.0.1', port: 0 });
  own = createTransport({ host: '127.0.0.1', port: smtpPort, tls: { ca: await readFile(paths.authority) } });
});
afterAll(async () => {
  own.close();
  await gateway.close();
  await sink.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A rule of Anna's mailbox: hands what she gets to somebody outside, as her mail server does that. */
type Rule = (mail: ReceivedMail) => string | Buffer;

/** As procmail's `!` does: as it is, in an envelope of hers. */
const redirected: Rule = ({ content }) => content;
/** As a rule of Exchange does: a mail of hers, with a field that keeps its own server from doing so again. */
const forwarded: Rule = ({ content }) =>
  [
    `From: Anna Ager <${PEOPLE.anna}>`,
    `To: ${PEOPLE.person}`,
    `Subject: ${headerIn(content).get('Subject') ?? ''}`,
    `X-MS-Exchange-Inbox-Rules-Loop: ${PEOPLE.anna}`,
    '',
    'See below.',
    '',
  ].join('\r\n');
/** As a script does that says of itself nothing at all. */
const written: Rule = () =>
  `From: ${PEOPLE.anna}\r\nTo: ${PEOPLE.person}\r\nSubject: Mail has come\r\n\r\nLook into your mailbox.\r\n`;

/** What Anna is told in the end when she sends one mail, and how many of them went on. */
async function toldUnder(rule: Rule): Promise<{ subjects: string[]; passedOn: number }> {
  sink.clear();
  const response = await fetch(`${gateway.url}/v1/emails`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      from: PEOPLE.anna,
      to: [PEOPLE.person],
      subject: 'Journal',
      text: 'x',
      secure: true,
    }),
  });
  expect(response.status).toBe(202);
  const told = () => sink.received(({ rcptTo, mailFrom }) => rcptTo.includes(PEOPLE.anna) && mailFrom === '');
  let passedOn = 0;
  while (told().length === 0) await sleep(50);
  let quietSince = Date.now();
  while (Date.now() - quietSince < 4_000 && passedOn < 4 * MOST) {
    await sleep(50);
    for (const mail of told().slice(passedOn)) {
      passedOn += 1;
      quietSince = Date.now();
      await own.sendMail({ envelope: { from: PEOPLE.anna, to: PEOPLE.person }, raw: rule(mail) });
    }
  }
  return { subjects: told().map(({ content }) => headerIn(content).get('Subject') ?? ''), passedOn };
}
const asked = () => sink.received(({ rcptTo }) => rcptTo.includes(PEOPLE.person)).length;

describe.each([
  ['as it is', redirected],
  ['as a mail of hers, and says so', forwarded],
])('a receipt that a rule hands on %s', (_shape, rule) => {
  afterEach(() => {
    sink.behave();
  });

  it('arrives, and is told of by no other', async () => {
    expect(await toldUnder(rule)).toEqual({ subjects: ['Sent securely: Journal'], passedOn: 1 });
    expect(asked()).toBe(2);
  });
});

it('of one that does not arrive nobody is told, for it is ours', async () => {
  sink.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 Nobody' }, recipient: PEOPLE.person });
  expect(await toldUnder(redirected)).toEqual({ subjects: ['Not sent: Journal'], passedOn: 1 });
  sink.behave();
});

it.each(['well', 'badly'])(
  'a rule that says nothing of itself is told of so often and no more, where all goes %s',
  async (how) => {
    if (how === 'badly')
      sink.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 Nobody' }, recipient: PEOPLE.person });
    const { passedOn } = await toldUnder(written);
    expect(passedOn).toBeGreaterThan(0);
    expect(passedOn).toBeLessThanOrEqual(MOST);
    sink.behave();
  },
);
