// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { toCloudEvent } from '@securemail/contracts';
import { GapSafeReader } from '@securemail/event-store';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';
import { authPlain, securedDialogue } from '../testing/smtp-dialogue.ts';

const RECIPIENTS = 1_000;
/** The longest that SMTP lets in here: 253 octets, one less than RFC 5321 §4.5.3.1.3 does. */
const DOMAIN = `${'a'.repeat(61)}.${'b'.repeat(61)}.${'c'.repeat(61)}.de`;
const longestAddress = (ordinal: number) => `${`${ordinal}`.padStart(64, 'x')}@${DOMAIN}`;

let intake: RunningTestIntake;
beforeAll(async () => {
  intake = await startTestIntake();
});
afterAll(() => intake.close());

it('the largest EmailAccepted is below 512 KiB as a CloudEvent, and the mail keeps what the event does not tell', async () => {
  const client = await securedDialogue(intake);
  await client.say(authPlain('app', intake.key));
  await client.say('MAIL FROM:<anna@demo.example>\r\n');
  for (let ordinal = 1; ordinal <= RECIPIENTS; ordinal += 1) {
    const address = longestAddress(ordinal);
    expect(address).toHaveLength(253);
    expect(await client.say(`RCPT TO:<${address}>\r\n`)).toMatch(/^250/);
  }
  await client.say('DATA\r\n');
  const subject = `${'\u{1F4E8}'.repeat(240)}\r\n `.repeat(255);
  const messageId = `<${'x'.repeat(500)}@demo.example>`;
  const message = `From: anna@demo.example\r\nMessage-ID: ${messageId}\r\nSubject: ${subject}x\r\n\r\nDear all\r\n.\r\n`;
  expect(await client.say(message)).toMatch(/^250/);
  client.cut();

  const reader = new GapSafeReader(intake.pool);
  const start = await reader.start();
  let events = (await reader.read(start, 10)).events;
  // Whatever is in a transaction elsewhere in this Postgres holds it back.
  while (events.length === 0) {
    await sleep(20);
    ({ events } = await reader.read(start, 10));
  }
  const { headers, value } = toCloudEvent(events[0]!);
  const octets = Buffer.byteLength(value) + Buffer.byteLength(JSON.stringify(headers));
  expect(octets).toBeLessThan(512 * 1024);
  const [accepted] = await intake.accepted();
  expect(accepted!.personal?.recipients).toHaveLength(RECIPIENTS);
  expect(accepted!.personal).toMatchObject({ messageId, subject: expect.stringMatching(/^.{1000}$/u) });
  expect(await intake.contentOf(accepted!)).toContain(Buffer.from(subject).toString('latin1'));
});
