// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, TenantId, type EmailId } from '@securemail/contracts';
import { appendChange } from '@securemail/policy';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import { accepted, BO, deferred, delivered, held, KIM, started, unknown } from './testing/story.ts';

let world: ReceiptsWorld;
let running: { close(): Promise<void> }[];
beforeAll(async () => {
  world = await openReceiptsWorld();
  const patches = Object.fromEntries(
    (['on-trouble', 'digest'] as const).map((receipts) => [
      `people/${receipts}@demo.example`,
      { receipts, language: 'da' },
    ]),
  );
  const who = { version: 1, at: new Date(), by: 'Ida Iversen', keyId: null, reason: 'agreed' };
  await appendChange(world.pool, TenantId.parse('demo'), { ...who, patches });
  // Two of them: whatever is told is told once all the same.
  const digest = { everyHours: 1 / 3_600, atHour: 0 };
  running = await Promise.all([world.start({ digest }), world.start({ digest })]);
});
afterAll(async () => {
  await Promise.all(running.map((each) => each.close()));
  await world.close();
});

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const kindsTold = async (emailId: EmailId) =>
  (await world.told(emailId)).map((event) => (event.name === 'ReceiptIssued' ? event.data.kind : event.name));
async function untilTold(emailId: EmailId, ...kinds: string[]) {
  while ((await kindsTold(emailId)).length < kinds.length) await sleep(20);
  await sleep(300);
  expect(await kindsTold(emailId)).toEqual(kinds);
}

describe('a mail that takes long', () => {
  it('is told of once when eight minutes have passed, and then how it ended', async () => {
    const emailId = newEmailId();
    const acceptance = accepted({ to: [BO, KIM], acceptedAt: ago(8.1) });
    await world.appendWhole(emailId, acceptance, started(1, 2), delivered(1), deferred(2));
    await untilTold(emailId, 'interim');
    const interim = await world.receiptMail(emailId);
    expect(interim.subject).toBe('Still under way: Journal');
    expect(interim.text).toMatch(/^Your mail is still under way to some/);
    expect(interim.text).toContain(
      `${KIM}\n  Not sent yet: the recipient’s mail server could not take it now (450`,
    );
    await world.append(emailId, started(2), delivered(2));
    await untilTold(emailId, 'interim', 'final');
    expect((await world.receiptMail(emailId, 2)).subject).toBe('Sent securely: Journal');
  });

  it('is not told of before', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted({ acceptedAt: ago(7.9) }), started(1), deferred(1));
    await world.until(`/v1/emails/${emailId}`, ({ state }) => state === 'in-progress');
    await sleep(500);
    expect(await world.told(emailId)).toEqual([]);
  });

  it('is told of again when its deadline is missed, where it is not known whether it arrived, too', async () => {
    const emailId = newEmailId();
    const acceptedAt = ago(8.1);
    const deadlineAt = new Date(Date.now() + 1_500).toISOString();
    await world.append(emailId, accepted({ acceptedAt, deadlineAt }), started(1), unknown('send-again', 1));
    await untilTold(emailId, 'interim', 'DeadlineMissed', 'deadline');
    const { subject, text } = await world.receiptMail(emailId, 2);
    expect(subject).toBe('Late: Journal');
    expect(text).toContain(
      'Perhaps sent: the connection broke before the other side confirmed. We try again',
    );
    await world.append(emailId, started(1), delivered(1));
    await untilTold(emailId, 'interim', 'DeadlineMissed', 'deadline', 'final');
    expect((await world.receiptMail(emailId, 3)).text).toContain('may be there more than once');
  });

  it('is told of by one mail where nobody could tell before the deadline', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted({ acceptedAt: ago(20) }));
    await untilTold(emailId, 'DeadlineMissed', 'deadline');
  });
});

describe('who wants', () => {
  const mailed = async (emailId: EmailId) =>
    (await world.told(emailId)).flatMap((event) =>
      event.name === 'ReceiptIssued' ? [[event.data.kind, event.data.content !== null]] : [],
    );

  it('to hear of trouble alone gets no mail of what went well, and the API has the receipt', async () => {
    const [well, badly, late] = [newEmailId(), newEmailId(), newEmailId()];
    const from = 'on-trouble@demo.example';
    await world.append(well, accepted({ from }), started(1), delivered(1));
    await world.append(badly, accepted({ from }), held([1]));
    await world.append(late, accepted({ from, acceptedAt: ago(9) }), started(1), deferred(1));
    await untilTold(late, 'interim');
    await world.append(late, started(1), delivered(1));
    await untilTold(late, 'interim', 'final');
    await untilTold(badly, 'final');
    await untilTold(well, 'final');
    expect(await mailed(well)).toEqual([['final', false]]);
    expect(await mailed(badly)).toEqual([['final', true]]);
    expect(await mailed(late)).toEqual([
      ['interim', true],
      ['final', true],
    ]);
    const receipt = await world.until(`/v1/emails/${well}/receipt`, () => true);
    expect(receipt).toMatchObject({ outcome: 'sent', text: 'Din mail blev sendt sikkert til alle.' });
  });

  it('a digest gets one mail about several, and trouble at once', async () => {
    const [hidden, ...shown] = [newEmailId(), newEmailId(), newEmailId(), newEmailId()];
    const emailIds = [hidden, ...shown];
    const from = 'digest@demo.example';
    const badly = newEmailId();
    await world.append(badly, accepted({ from }), held([1]));
    await untilTold(badly, 'final');
    expect(await mailed(badly)).toEqual([['final', true]]);
    for (const [index, emailId] of emailIds.entries()) {
      const mail = { from, subject: `Sag ${index}`, hideSubject: emailId === hidden };
      await world.append(emailId, accepted(mail), started(1), delivered(1));
    }
    const digests = async () => {
      const all = await Promise.all(emailIds.map((emailId) => world.told(emailId)));
      return all.flat().filter((event) => event.name === 'ReceiptIssued' && event.data.kind === 'digest');
    };
    const listed = async () =>
      (await world.pool.query('select from digest_entries')).rowCount === 0 &&
      (await Promise.all(emailIds.map(mailed))).every((each) => each.length > 0) &&
      (await digests()).length > 0;
    while (!(await listed())) await sleep(50);
    await sleep(1_500);
    const texts = await Promise.all(
      (await digests()).map(async ({ emailId }) => {
        const { text, subject, headers } = await world.receiptMail(emailId);
        expect(subject).toMatch(/^Sendt sikkert: [1234]$/);
        expect(headers.get('auto-submitted')).toBe('auto-generated');
        return text ?? '';
      }),
    );
    // They may fall into two hours; each is listed in one of them.
    const names = ['(emnet vises ikke)', 'Sag 1', 'Sag 2', 'Sag 3'];
    for (const name of names) expect(texts.join('').split(`${name}, `)).toHaveLength(2);
    expect(texts.join('')).not.toContain('Sag 0');
    expect((await Promise.all(emailIds.map(mailed))).map(([first]) => first)).toEqual([
      ['final', false],
      ['final', false],
      ['final', false],
      ['final', false],
    ]);
  });
});

it.each(['owner-liste@demo.example', 'liste-bounces+bo=x@demo.example', 'securemail@demo.example'])(
  'a list, a mail server or ourselves are told nothing: the postmaster is: %s',
  async (from) => {
    const emailId = newEmailId();
    await world.append(emailId, accepted({ from }), held([1]));
    await untilTold(emailId, 'final');
    expect((await world.told(emailId))[0]).toMatchObject({
      personal: { recipient: 'postmaster@demo.example' },
    });
  },
);
