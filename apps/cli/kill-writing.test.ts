// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@securemail/contracts';
import { createPool } from '@securemail/event-store';
import type { Step } from '@securemail/telemetry';
import { startGatewayOfProcesses, type GatewayOfProcesses } from './testing/gateway-of-processes.ts';
import { signIn, type MailboxWriter } from './testing/mailbox-writer.ts';
import { PEOPLE } from './world/demo-files.ts';

const SITE = 'https://post.demo.example';

const STEPS: [ServiceName, Step][] = [
  ['mailbox', 'mailbox:writing-stored'],
  ['mailbox', 'mailbox:submitted'],
  ['intake', 'consumer:event-received'],
  ['intake', 'intake:content-stored'],
  ['intake', 'intake:accepted'],
  ['intake', 'consumer:event-committed'],
  ['crypto', 'crypto:message-stored'],
  ['crypto', 'consumer:event-committed'],
  ['delivery', 'delivery:handed-over'],
];

describe('a process that is killed while something is sent that was written in SecureMailBox', () => {
  let gateway: GatewayOfProcesses;
  let newcomer: MailboxWriter;
  let answering: MailboxWriter;
  const before: string[] = [];
  beforeAll(async () => {
    gateway = await startGatewayOfProcesses({ brokers: null, site: SITE });
    const { outside } = gateway;
    newcomer = await signIn(gateway, {
      site: SITE,
      address: PEOPLE.newcomer,
      claim: { organisation: 'demo', address: PEOPLE.newcomer, to: 'write', language: 'en' },
    });
    await gateway.send({ from: PEOPLE.anna, to: [PEOPLE.stranger], subject: 'Case', text: 'Dear Kim' });
    const { content } = await outside.waitFor(({ rcptTo }) => rcptTo.includes(PEOPLE.stranger));
    const [, link] = /\/mailbox\/m\/([\w-]+)/.exec(content.toString('latin1').replaceAll('=\r\n', '')) ?? [];
    answering = await signIn(gateway, { site: SITE, address: PEOPLE.stranger, claim: { link } });
  });
  afterAll(() => gateway.stop());

  /** As after the two minutes in which nobody else may be sending it. */
  const twoMinutesPass = async () => {
    const pool = createPool({ url: gateway.databaseUrl, schema: 'mailbox', max: 1 });
    await pool.query('update drafts set busy_until = now() where busy_until is not null');
    await pool.end();
  };

  it.each([
    ...STEPS.map(([service, step]) => ['a letter', service, step] as const),
    ...STEPS.slice(0, 2).map(([service, step]) => ['an answer', service, step] as const),
  ])('brings %s to the organisation once, whole: %s at %s', async (what, service, step) => {
    const { ownMailServer } = gateway;
    const text = `May I build one? ${crypto.randomUUID()}`;
    const writing = await (what === 'a letter' ? newcomer.beginLetter(text) : answering.beginAnswer(text));
    const victim = await gateway.restart(service, { SECUREMAIL_DIE_AT: step });
    const sending = writing.send();
    expect(await victim.ended).toBe('SIGKILL');
    await gateway.restart(service);
    if (step === 'mailbox:writing-stored') await twoMinutesPass();
    const emailId = await sending;

    await ownMailServer.waitFor(({ content }) => content.includes(emailId));
    // Who asks again, as after an answer that was lost, sends nothing anew.
    expect(await writing.send()).toBe(emailId);
    await sleep(500);
    const events = await gateway.events(emailId);
    expect(events.filter(({ name }) => name === 'EmailAccepted')).toHaveLength(1);
    const flags = events.filter(({ name }) => name === 'OutcomeUnknown');
    const arrived = ownMailServer.received(
      ({ content }) =>
        content.includes('Subject: SecureMailBox message received') &&
        // What was flagged may come once more, and late.
        !before.some((id) => content.includes(id)),
    );
    before.push(emailId);
    expect(arrived.length).toBeLessThanOrEqual(1 + flags.length);
    for (const { content, rcptTo } of arrived) {
      expect(content.includes(emailId)).toBe(true);
      expect(content.includes(Buffer.from('plan of the garage').toString('base64'))).toBe(true);
      expect(rcptTo).toEqual([what === 'a letter' ? PEOPLE.colleague : PEOPLE.anna]);
    }
    expect(new Set(arrived.map(({ content }) => messageIdOf(content.toString('latin1')))).size).toBe(1);
  });
});

const messageIdOf = (message: string) => /^Message-ID: (.*)$/im.exec(message)?.[1];
