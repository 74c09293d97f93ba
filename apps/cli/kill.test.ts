// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@securemail/contracts';
import { startKafka, type RunningKafka } from '@securemail/testing';
import type { Step } from '@securemail/telemetry';
import { startGatewayOfProcesses, type GatewayOfProcesses } from './testing/gateway-of-processes.ts';
import { PEOPLE } from './world/demo-files.ts';

const EMAIL = {
  from: PEOPLE.anna,
  to: [PEOPLE.person],
  cc: [PEOPLE.colleague],
  subject: 'Journal',
  text: 'Dear Bo',
};

const POSTGRES_STEPS: [ServiceName, Step][] = [
  ['intake', 'intake:content-stored'],
  ['intake', 'intake:accepted'],
  ['crypto', 'consumer:event-received'],
  ['crypto', 'crypto:message-stored'],
  ['crypto', 'consumer:event-committed'],
  ['delivery', 'consumer:event-received'],
  ['delivery', 'consumer:event-committed'],
  ['delivery', 'delivery:job-claimed'],
  ['delivery', 'delivery:attempt-recorded'],
  ['delivery', 'delivery:handed-over'],
  ['delivery', 'delivery:outcome-recorded'],
  ['receipts', 'consumer:event-received'],
  ['receipts', 'consumer:event-committed'],
  ['receipts', 'receipts:receipt-stored'],
  ['receipts', 'receipts:receipt-issued'],
];
const KAFKA_STEPS: [ServiceName, Step][] = [
  ['intake', 'intake:accepted'],
  ['intake', 'relay:published'],
  ['crypto', 'consumer:event-committed'],
  ['delivery', 'delivery:handed-over'],
];

/** Lets a service die at a step, brings it back, and sees what became of the mail. */
function diesAt(gateway: () => GatewayOfProcesses): (service: ServiceName, step: Step) => Promise<void> {
  return async (service, step) => {
    const world = gateway();
    const { outside, ownMailServer } = world;
    const victim = await world.restart(service, { SECUREMAIL_DIE_AT: step });
    const sending = world.send(EMAIL);
    expect(await victim.ended).toBe('SIGKILL');
    await world.restart(service);
    const emailId = await sending;
    const email = await world.settled(emailId);
    expect(email.state).toBe('sent');

    const flagged = (await world.events(emailId))
      .filter(({ name }) => name === 'OutcomeUnknown')
      .map(({ data }) => data);
    const arrivals = {
      [PEOPLE.person]: outside,
      [PEOPLE.colleague]: ownMailServer,
      [PEOPLE.anna]: ownMailServer,
    };
    for (const [address, server] of Object.entries(arrivals)) {
      const arrived = server.received(
        ({ rcptTo, content }) => rcptTo.includes(address) && content.includes(emailId),
      );
      const recipientId = address === PEOPLE.anna ? 'sender' : address === PEOPLE.person ? 'r1' : 'r2';
      const flags = flagged.filter(({ recipientIds }) => (recipientIds as string[]).includes(recipientId));
      // Never lost; and more than once only where that was said beforehand.
      expect(arrived.length).toBeGreaterThanOrEqual(1);
      expect(arrived.length).toBeLessThanOrEqual(1 + flags.length);
      const messageIds = new Set(
        arrived.map(({ content }) => /^Message-ID: (.*)$/im.exec(content.toString('latin1'))?.[1]),
      );
      expect(messageIds.size).toBe(1);
    }
    // An acceptance that was never answered may not become a mail of its own.
    await sleep(300);
    expect(outside.received(({ content }) => content.includes('Subject: Journal'))).toHaveLength(
      outside.received(({ content }) => content.includes(emailId)).length,
    );
    outside.clear();
    ownMailServer.clear();
  };
}

describe('a process that is killed, events over Postgres', () => {
  let gateway: GatewayOfProcesses;
  beforeAll(async () => {
    gateway = await startGatewayOfProcesses({ brokers: null, site: 'https://post.demo.example' });
  });
  afterAll(() => gateway.stop());

  it.each(['consumer:event-received', 'mailbox:notification-stored', 'consumer:event-committed'] as const)(
    'deposits a message in SecureMailBox once, and tells of it once: mailbox at %s',
    async (step) => {
      const { outside } = gateway;
      const victim = await gateway.restart('mailbox', { SECUREMAIL_DIE_AT: step });
      const sending = gateway.send({ ...EMAIL, to: [PEOPLE.stranger], cc: [] });
      expect(await victim.ended).toBe('SIGKILL');
      await gateway.restart('mailbox');
      const emailId = await sending;
      expect((await gateway.settled(emailId)).recipients).toMatchObject([
        { method: 'mailbox', status: 'sent' },
      ]);
      const deposits = (await gateway.events(emailId)).filter(
        ({ name }) => name === 'MailboxMessageDeposited',
      );
      expect(deposits).toHaveLength(1);
      await sleep(300);
      expect(outside.received(({ rcptTo }) => rcptTo.includes(PEOPLE.stranger))).toHaveLength(1);
      outside.clear();
    },
  );

  it.each(POSTGRES_STEPS)(
    'neither loses a mail nor sends it twice unflagged: %s at %s',
    diesAt(() => gateway),
  );
});

describe('a process that is killed, events over Kafka', () => {
  let kafka: RunningKafka;
  let gateway: GatewayOfProcesses;
  beforeAll(async () => {
    kafka = await startKafka();
    gateway = await startGatewayOfProcesses({ brokers: kafka.brokers });
  }, 600_000);
  afterAll(async () => {
    await gateway.stop();
    await kafka.stop();
  });

  it.each(KAFKA_STEPS)(
    'neither loses a mail nor sends it twice unflagged: %s at %s',
    diesAt(() => gateway),
  );
});
