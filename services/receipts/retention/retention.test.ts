// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { EmailId, newEmailId, type NewEvent } from '@securemail/contracts';
import { createApiKey } from '@securemail/service';
import { openReceiptsWorld, type Answer, type ReceiptsWorld } from '../testing/running-receipts.ts';
import type { ErasureAnswer, HoldAnswer } from './http/retention.requests.ts';
import * as say from '../testing/story.ts';

const keeper = createApiKey('keeper');
const auditor = createApiKey('auditor');
const otherKeeper = createApiKey('other-keeper');
let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openReceiptsWorld({
    tenants: { other: { retention: { keepDays: 10 } } },
    moreKeys: {
      demo: [
        { id: 'keeper', sha256: keeper.sha256, scopes: ['retention'] },
        { id: 'auditor', sha256: auditor.sha256, scopes: ['audit'] },
      ],
      other: [{ id: 'other-keeper', sha256: otherKeeper.sha256, scopes: ['retention'] }],
    },
  });
  running = await world.start({ retention: { everyMinutes: 0.005 } });
});
afterAll(async () => {
  await running.close();
  await world.close();
});

interface Refusal {
  type: string;
  detail: string;
  until: string;
}

const WORDS = { by: 'Ida Iversen', reason: 'Bo Berg asked for it' };
const A_DAY = 24 * 3_600_000;
const daysAgo = (days: number) => new Date(Date.now() - days * A_DAY).toISOString();

async function post(path: string, body: object, key: string = keeper.key) {
  const { status, text } = await world.ask(path, { 'Content-Type': 'application/json' }, key, {
    method: 'POST',
    body: JSON.stringify({ ...WORDS, ...body }),
  });
  return { status, body: JSON.parse(text) as Refusal & ErasureAnswer & HoldAnswer };
}
const erase = (emailId: EmailId, more: object = {}, key?: string) =>
  post('/v1/erasures', { emailId, ...more }, key);

/** Sent, told, and the receipt has arrived: nothing is waited for. */
async function ended(to = say.BO, ...more: NewEvent[]): Promise<EmailId> {
  const emailId = newEmailId();
  await world.append(
    emailId,
    say.accepted({ to: [to] }),
    say.planned([1]),
    say.madeFor([to]),
    say.started(1),
  );
  await world.append(emailId, say.delivered(1), ...more);
  await told(emailId);
  return emailId;
}

async function told(emailId: EmailId, stage: 'decision' | null = null): Promise<void> {
  await world.receiptMail(emailId);
  await world.append(emailId, say.receiptDelivered());
  const stands = () =>
    world.pool.query('select from emails where email_id = $1 and stage is not distinct from $2', [
      emailId,
      stage,
    ]);
  while ((await stands()).rowCount === 0) await sleep(20);
}

const show = (emailId: EmailId): Promise<Answer> => world.get(`/v1/emails/${emailId}`);

describe('an email that a person has erased', () => {
  it('names nobody any more, has no content, and is shown as erased, by whom and why', async () => {
    const emailId = await ended('gone@citizen.example');
    const dry = await erase(emailId, { dryRun: true });
    expect(dry).toEqual({ status: 200, body: { emailId, erasedAt: null, wasErased: false } });
    expect((await show(emailId)).body).toMatchObject({ from: 'anna@demo.example', erasedAt: null });

    const { status, body } = await erase(emailId);
    expect(status).toBe(200);
    expect(body).toEqual({ emailId, erasedAt: expect.any(String), wasErased: false });
    const after = await world.until(`/v1/emails/${emailId}`, ({ erasedAt }) => erasedAt !== null);
    expect(after).toMatchObject({ state: 'sent', from: null, subject: null, erasedAt: body.erasedAt });
    // The one that remains says who had it done, under a key of its own.
    const { events } = await world.until(`/v1/emails/${emailId}/events`, (shown) =>
      shown.events.some(({ name }) => name === 'ErasureRequested'),
    );
    expect(events.filter(({ personal }) => personal !== null)).toMatchObject([
      { name: 'ErasureRequested', personal: WORDS },
    ]);
    expect(JSON.stringify(events)).not.toContain('citizen.example');
    const found = await world.get('/v1/emails?address=gone@citizen.example');
    expect(found.body.emails).toEqual([]);
  });

  it('is erased once, however often that is asked for', async () => {
    const emailId = await ended();
    const { body } = await erase(emailId);
    const again = await erase(emailId);
    expect(again.body).toEqual({ emailId, erasedAt: body.erasedAt, wasErased: true });
    expect((await world.told(emailId)).filter(({ name }) => name === 'ContentErased')).toHaveLength(1);
  });

  it('is found by nothing any more, also where its key was gone before that could be said, or a backup has it again', async () => {
    const emailId = await ended();
    const digests = async () =>
      (await world.pool.query('select from found_by where email_id = $1', [emailId])).rowCount;
    while ((await digests()) === 0) await sleep(20);
    await world.pool.query('create table kept_found as select * from found_by where email_id = $1', [
      emailId,
    ]);
    await world.pool.query('create table kept_key as select * from vault.data_keys where email_id = $1', [
      emailId,
    ]);
    // As it is where the process ends after the key was destroyed.
    await running.close();
    await world.vault.erase(emailId);
    running = await world.start({ retention: { everyMinutes: 0.005 } });
    expect((await erase(emailId, { dryRun: true })).status).toBe(200);
    expect(await digests()).toBeGreaterThan(0);
    for (const wasErased of [false, true]) {
      expect((await erase(emailId)).body).toMatchObject({ emailId, wasErased });
      expect(await digests()).toBe(0);
      await world.pool.query('insert into found_by select * from kept_found');
      await world.pool.query(
        'update vault.data_keys k set wrapped = b.wrapped, erased_at = null from kept_key b where k.email_id = b.email_id',
      );
    }
    await world.pool.query('drop table kept_found, kept_key');
  });

  it('is erased once by many at once', async () => {
    const emailId = await ended();
    const answers = await Promise.all(Array.from({ length: 8 }, () => erase(emailId)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await world.told(emailId)).filter(({ name }) => name === 'ContentErased')).toHaveLength(1);
  });
});

describe('an email that is still needed', () => {
  const refused = async (emailId: EmailId) => {
    const { status, body } = await erase(emailId);
    expect((await world.told(emailId)).filter(({ name }) => name === 'ContentErased')).toEqual([]);
    return [status, body.type, body.detail, body.until];
  };

  it.each([
    ['nothing was done with it', [], 'It is still to be protected.'],
    ['somebody is under way', [say.planned([1]), say.started(1)], 'Somebody of it is still under way.'],
    ['somebody is held', [say.held([1])], 'Somebody of it is held: release or reject it first.'],
  ])('is not erased: %s', async (_, events, detail) => {
    const emailId = newEmailId();
    await world.append(emailId, say.accepted({ messageId: `<${emailId}@demo.example>` }), ...events);
    await world.until(`/v1/emails/${emailId}`, ({ recipients }) =>
      events.length === 0 ? true : recipients[0]?.status !== 'accepted',
    );
    if (detail.includes('held')) await told(emailId, 'decision');
    expect(await refused(emailId)).toEqual([409, '/errors/email-not-ended', detail, undefined]);
  });

  it('is not erased while it can be read in SecureMailBox, and is once it was taken back', async () => {
    const endsAt = new Date(Date.now() + 5 * A_DAY).toISOString();
    const emailId = newEmailId();
    await world.append(
      emailId,
      say.accepted(),
      say.planned([1], 'mailbox'),
      say.madeFor([say.BO], 'mailbox'),
      say.deposited(1, endsAt),
      say.started(1),
      say.delivered(1),
    );
    await told(emailId);
    const detail = 'It can be read in SecureMailBox: take it back first.';
    expect(await refused(emailId)).toEqual([409, '/errors/email-not-ended', detail, endsAt]);
    await world.append(emailId, say.withdrawn(1, null));
    await world.receiptMail(emailId, 2);
    await world.append(emailId, say.receiptDelivered());
    while ((await erase(emailId)).status !== 200) await sleep(50);
  });

  it('is unknown to who is of another organisation, and to who may not erase', async () => {
    const emailId = await ended();
    expect((await erase(emailId, {}, world.keys.demo)).status).toBe(403);
    expect((await erase(emailId, {}, auditor.key)).status).toBe(403);
    expect((await erase(newEmailId())).body.type).toBe('/errors/email-not-found');
    expect((await erase(emailId, { reason: ' ' })).body.type).toBe('/errors/invalid-request');
  });
});

describe('a legal hold', () => {
  const place = (body: object) => post('/v1/legal-holds', body);
  const lift = (holdId: string) => post(`/v1/legal-holds/${holdId}/lift`, {});

  it.each([
    ['an address', { address: 'Witness@citizen.example' }, 'witness@citizen.example', 'address'],
    ['a domain', { address: '@held.example' }, 'bo@held.example', 'domain'],
    ['everything', { everything: true }, 'bo@citizen.example', 'everything'],
  ])('keeps what it covers: %s, until it is lifted', async (_, body, to, covers) => {
    const emailId = await ended(to);
    const placed = await place(body);
    expect(placed).toMatchObject({ status: 201, body: { covers, liftedAt: null, ...WORDS } });
    const kept = await erase(emailId);
    expect([kept.status, kept.body.type]).toEqual([409, '/errors/legal-hold']);
    expect(kept.body.detail).toContain(placed.body.holdId);
    const lifted = await lift(placed.body.holdId);
    expect(lifted).toMatchObject({ status: 200, body: { liftedAt: expect.any(String) } });
    expect((await lift(placed.body.holdId)).body.liftedAt).toBe(lifted.body.liftedAt);
    expect((await erase(emailId)).status).toBe(200);
  });

  it('of one email is shown with it, and keeps no other', async () => {
    const [held, other] = [await ended(), await ended()];
    const placed = await place({ emailId: held });
    expect([(await erase(held)).status, (await erase(other)).status]).toEqual([409, 200]);
    await world.until(`/v1/emails/${held}/events`, ({ events }) =>
      events.some(({ name }) => name === 'LegalHoldPlaced'),
    );
    await lift(placed.body.holdId);
    expect((await place({ emailId: newEmailId() })).body.type).toBe('/errors/email-not-found');
    expect((await place({ emailId: held, everything: true })).status).toBe(422);
    expect((await lift(newEmailId())).body.type).toBe('/errors/legal-hold-not-found');
  });

  it('is listed, page by page, also for who audits', async () => {
    const holds = [];
    for (const address of ['a@held.example', 'b@held.example', 'c@held.example'])
      holds.push((await place({ address })).body.holdId);
    const listed: unknown[] = [];
    let cursor = '';
    do {
      const { text } = await world.ask(`/v1/legal-holds?limit=2${cursor}`, {}, auditor.key);
      const page = JSON.parse(text) as { legalHolds: { holdId: string }[]; next: string | null };
      listed.push(...page.legalHolds.map(({ holdId }) => holdId));
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(listed).toEqual(holds);
    for (const holdId of holds) await lift(holdId);
    const after = await world.ask('/v1/retention', {}, auditor.key);
    expect(JSON.parse(after.text)).toEqual({ keepDays: null, due: 0, legalHolds: 0 });
  });

  it('that is placed while others erase, keeps whatever was not erased by then', async () => {
    const emailIds = await Promise.all(Array.from({ length: 6 }, () => ended('race@race.example')));
    const [placed, ...erased] = await Promise.all([
      place({ address: 'race@race.example' }),
      ...emailIds.map((emailId) => erase(emailId)),
    ]);
    const later = await Promise.all(emailIds.map((emailId) => erase(emailId, { dryRun: true })));
    // What was not erased by then is kept since.
    expect(later.map(({ status }) => status)).toEqual(erased.map(({ status }) => status));
    expect(later.map(({ body }) => body.wasErased || body.type)).toEqual(
      erased.map(({ status }) => status === 200 || '/errors/legal-hold'),
    );
    for (const [index, { status }] of erased.entries()) {
      const shown = await world.told(emailIds[index]!);
      expect(shown.some(({ name }) => name === 'ContentErased')).toBe(status === 200);
    }
    await lift(placed.body.holdId);
  });
});

describe('what an organisation keeps for so many days', () => {
  /** Of the organisation that keeps for ten days. */
  async function endedThere(days: number, ...more: NewEvent[]): Promise<EmailId> {
    const emailId = newEmailId();
    const acceptedAt = daysAgo(days);
    const others = [say.planned([1]), ...more, say.delivered(1)];
    world.setClock(acceptedAt);
    await world.appendFor('other', emailId, ...others);
    await heard(emailId, others.length);
    // Last: else it is told that it takes long.
    await world.appendFor(
      'other',
      emailId,
      say.accepted({
        from: 'ole@other.example',
        acceptedAt,
        deadlineAt: acceptedAt,
        messageId: `<${emailId}@other.example>`,
      }),
    );
    world.setClock(null);
    await world.receiptMail(emailId);
    await world.appendFor('other', emailId, say.receiptDelivered());
    return emailId;
  }
  async function heard(emailId: EmailId, events: number): Promise<void> {
    const known = () => world.pool.query('select from history where email_id = $1', [emailId]);
    while ((await known()).rowCount !== events) await sleep(20);
  }
  /** By somebody outside, in SecureMailBox, where it can be read for 90 days. */
  function writtenThere(acceptedAt: string): NewEvent {
    const event = say.accepted({ to: ['ole@other.example'], from: say.BO, inbound: true, acceptedAt });
    if (event.name !== 'EmailAccepted') throw new Error('not an acceptance');
    return { ...event, data: { ...event.data, channel: 'mailbox' } };
  }
  const isErased = async (emailId: EmailId) =>
    (await world.told(emailId)).some(({ name }) => name === 'ContentErased');

  it('is erased after them, and not before', async () => {
    const old = await endedThere(11);
    const young = await endedThere(9);
    const readable = await endedThere(40, say.deposited(1, daysAgo(5)));
    while (!(await isErased(old))) await sleep(50);
    await sleep(1_000);
    expect([await isErased(young), await isErased(readable)]).toEqual([false, false]);
    const event = (await world.told(old)).find(({ name }) => name === 'ContentErased');
    expect(event?.data).toEqual({ because: 'retention', requestId: null });
    const { text } = await world.ask('/v1/emails', {}, world.keys.other);
    expect(text).toContain(old);
  });

  it('is kept for as long as its writer can read it in SecureMailBox', async () => {
    const [old, older] = [newEmailId(), newEmailId()];
    for (const [emailId, days] of [
      [old, 40],
      [older, 101],
    ] as const) {
      world.setClock(daysAgo(days));
      await world.appendFor('other', emailId, say.delivered(1));
      await heard(emailId, 1);
      await world.appendFor('other', emailId, writtenThere(daysAgo(days)));
    }
    world.setClock(null);
    while (!(await isErased(older))) await sleep(50);
    await sleep(1_000);
    expect(await isErased(old)).toBe(false);
  });

  it('is kept by a legal hold, and erased once that is lifted', async () => {
    const { rows } = await world.pool.query<{ hold_id: string }>(
      `insert into legal_holds (hold_id, tenant_id, covers, placed_at)
       values (gen_random_uuid(), 'other', 'everything', now()) returning hold_id`,
    );
    const old = await endedThere(12);
    await sleep(1_500);
    expect(await isErased(old)).toBe(false);
    const { text } = await world.ask('/v1/retention', {}, otherKeeper.key);
    expect(JSON.parse(text)).toEqual({ keepDays: 10, due: 0, legalHolds: 1 });
    await world.pool.query('update legal_holds set lifted_at = now() where hold_id = $1', [rows[0]?.hold_id]);
    while (!(await isErased(old))) await sleep(50);
  });
});
