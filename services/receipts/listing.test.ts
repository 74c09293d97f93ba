// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, type EmailId } from '@securemail/contracts';
import { openReceiptsWorld, type Body, type ReceiptsWorld } from './testing/running-receipts.ts';
import {
  accepted,
  BO,
  bounced,
  delivered,
  held,
  KIM,
  receiptDelivered,
  started,
  unknown,
} from './testing/story.ts';

let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeEach(async () => {
  world = await openReceiptsWorld();
  running = await world.start();
});
afterEach(async () => {
  await running.close();
  await world.close();
});

const minute = (number: number) => new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString();
const idsIn = ({ emails }: Pick<Body, 'emails'>) => emails.map(({ emailId }) => emailId);

/** Emails accepted a minute apart, the oldest first; waits until all of them are shown. */
async function acceptMany(count: number, first = 0): Promise<EmailId[]> {
  const emailIds = Array.from({ length: count }, () => newEmailId());
  for (const [index, emailId] of emailIds.entries())
    await world.append(emailId, accepted({ acceptedAt: minute(first + index) }));
  await world.until(`/v1/emails?limit=200`, ({ emails }) => idsIn({ emails }).includes(emailIds.at(-1)!));
  await Promise.all(emailIds.map((emailId) => world.until(`/v1/emails/${emailId}`, () => true)));
  return emailIds;
}

async function readAll(query: string, betweenPages = () => Promise.resolve()): Promise<EmailId[][]> {
  const pages: EmailId[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, body } = await world.get(
      `/v1/emails?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    expect(status).toBe(200);
    pages.push(idsIn(body));
    cursor = body.next;
    if (cursor !== null) await betweenPages();
  }
  return pages;
}

describe('the list of emails', () => {
  it('shows the newest first, page by page, each email once', async () => {
    const emailIds = await acceptMany(7);
    const pages = await readAll('limit=3');
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(emailIds.toReversed());
    expect((await readAll('limit=7')).map(({ length }) => length)).toEqual([7]);
  });

  it('has no gap and no duplicate where emails were accepted in one and the same millisecond', async () => {
    const emailIds = Array.from({ length: 7 }, () => newEmailId());
    for (const emailId of emailIds) await world.append(emailId, accepted({ acceptedAt: minute(1) }));
    await world.until('/v1/emails', ({ emails }) => emails.length === 7);
    const listed = (await readAll('limit=2')).flat();
    expect(listed).toHaveLength(7);
    expect(new Set(listed)).toEqual(new Set(emailIds));
  });

  it('has no gap and no duplicate while new emails arrive and others change their state', async () => {
    const before = await acceptMany(9);
    let arrived = 100;
    const pages = await readAll('limit=2', async () => {
      await acceptMany(2, (arrived += 10));
      await world.append(before[0]!, started(1));
    });
    expect(pages.flat()).toEqual(before.toReversed());
  });

  it('can be narrowed to a state, also over several pages', async () => {
    const told = {
      accepted: [],
      'in-progress': [started(1)],
      sent: [started(1, 2), delivered(1, 2)],
      'partly-sent': [started(1, 2), delivered(1), bounced(2)],
      held: [held([1, 2])],
      'not-sent': [started(1, 2), bounced(1, 2)],
    };
    const expected = new Map<string, EmailId[]>();
    for (const round of [1, 2, 3]) {
      for (const [index, [state, events]] of Object.entries(told).entries()) {
        const emailId = newEmailId();
        await world.append(
          emailId,
          accepted({ to: [BO, KIM], acceptedAt: minute(10 * round + index) }),
          ...events,
        );
        await world.until(`/v1/emails/${emailId}`, ({ state: shown }) => shown === state);
        expected.set(state, [emailId, ...(expected.get(state) ?? [])]);
      }
    }
    for (const [state, emailIds] of expected)
      expect((await readAll(`state=${state}&limit=2`)).flat()).toEqual(emailIds);
  });

  it('can be narrowed to what is unfinished, whatever it waits for, the oldest first', async () => {
    const told = {
      accepted: [],
      sent: [started(1, 2), delivered(1, 2)],
      'in-progress': [started(1)],
      held: [held([1, 2])],
      'not-sent': [started(1, 2), bounced(1, 2)],
    };
    const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
    const emailIds: EmailId[] = [];
    for (const [index, [state, events]] of Object.entries(told).entries()) {
      const emailId = newEmailId();
      await world.append(emailId, accepted({ to: [BO, KIM], acceptedAt: secondsAgo(10 - index) }), ...events);
      await world.until(`/v1/emails/${emailId}`, ({ state: shown }) => shown === state);
      if (/sent$/.test(state)) {
        await world.until(`/v1/emails/${emailId}`, ({ receipt }) => receipt !== null);
        await world.append(emailId, receiptDelivered());
      }
      emailIds.push(emailId);
    }
    const unfinished = [emailIds[0], emailIds[2], emailIds[3]];
    // Of the others the senders were told.
    await world.until('/v1/emails?state=unfinished', ({ emails }) => emails.length === unfinished.length);
    expect((await readAll('state=unfinished&order=oldest&limit=1')).flat()).toEqual(unfinished);
    expect((await readAll('state=unfinished&limit=2')).flat()).toEqual(unfinished.toReversed());
    expect((await readAll('order=oldest&limit=2')).flat()).toEqual(emailIds);
    const { body } = await world.get('/v1/emails?state=unfinished&limit=200');
    for (const stage of ['protection', 'delivery', 'attempt', 'decision', 'receipt-mail', 'receipt']) {
      const wait = body.emails
        .filter(({ waitsFor }) => waitsFor?.stage === stage)
        .toSorted((a, b) => a.waitsFor!.since.localeCompare(b.waitsFor!.since));
      expect((await readAll(`state=unfinished&stage=${stage}&order=oldest&limit=1`)).flat()).toEqual(
        wait.map(({ emailId }) => emailId),
      );
    }
    expect((await readAll('stage=protection')).flat()).toEqual([emailIds[2], emailIds[0]]);
  });

  it('shows an email of unknown outcome that waits for a person among those held', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted(), started(1), unknown('hold', 1));
    await world.until('/v1/emails?state=held', (body) => idsIn(body).includes(emailId));
  });

  it('can be narrowed to a time: from a moment on, and up to just before another', async () => {
    const emailIds = await acceptMany(6);
    const between = async (query: string) => (await readAll(query)).flat().toReversed();
    expect(await between(`since=${minute(2)}`)).toEqual(emailIds.slice(2));
    expect(await between(`until=${minute(2)}`)).toEqual(emailIds.slice(0, 2));
    expect(await between(`since=${minute(1)}&until=${minute(5)}&limit=3`)).toEqual(emailIds.slice(1, 5));
    expect(await between(`since=${minute(9)}`)).toEqual([]);
  });

  it('never shows another organisation’s emails, also with a cursor of theirs', async () => {
    const ours = await acceptMany(2);
    const theirs = Array.from({ length: 3 }, () => newEmailId());
    for (const [index, emailId] of theirs.entries())
      await world.appendFor(
        'other',
        emailId,
        accepted({ from: 'eve@other.example', acceptedAt: minute(index) }),
      );
    const list = async (query: string) => (await world.get(`/v1/emails${query}`, world.keys.other)).body;
    while ((await list('')).emails.length < 3) await sleep(20);
    expect(idsIn(await list(''))).toEqual(theirs.toReversed());
    const { next } = await list('?limit=1');
    expect((await readAll(`limit=50&cursor=${next}`)).flat().every((id) => ours.includes(id))).toBe(true);
    expect((await readAll('')).flat()).toEqual(ours.toReversed());
  });

  it('needs a key that reads', async () => {
    expect((await world.get('/v1/emails', null)).body.type).toBe('/errors/unauthenticated');
    expect((await world.get('/v1/emails', 'sm_demo_wrong')).body.type).toBe('/errors/unauthenticated');
    expect((await world.get('/v1/emails', world.keys.sending)).body.type).toBe('/errors/forbidden');
  });
});

describe('a question that can not be answered', () => {
  const word = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('because of its cursor is told so', async () => {
    const cursors = [
      '',
      'x',
      '%00',
      word('text'),
      word([]),
      word([minute(1)]),
      word([minute(1), 'no id']),
      word(['yesterday', newEmailId()]),
      word([minute(1), newEmailId(), 1]),
      word({ acceptedAt: minute(1) }),
    ];
    for (const cursor of cursors) {
      const { status, body, type } = await world.get(`/v1/emails?cursor=${cursor}`);
      expect([cursor, status, body.type]).toEqual([cursor, 400, '/errors/invalid-cursor']);
      expect(type).toContain('application/problem+json');
    }
  });

  it.each([
    ['state=gone', 'state'],
    ['state=sent&state=held', 'state'],
    ['since=yesterday', 'since'],
    ['until=2026-02-30T00:00:00Z', 'until'],
    ['since=2026-01-01', 'since'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=', 'limit'],
    ['limit=2.5', 'limit'],
    ['limit=many', 'limit'],
    ['cursor=a&cursor=b', 'cursor'],
    ['sender=anna', 'sender'],
  ])('because of its parameters is told which: %s', async (query, path) => {
    const { status, body, type } = await world.get(`/v1/emails?${query}`);
    expect([status, body.type]).toEqual([422, '/errors/invalid-request']);
    expect(type).toContain('application/problem+json');
    expect(body.errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it.each([
    'since=0000-01-01T00:00:00Z',
    'until=9999-12-31T23:59:59Z',
    'limit=200',
    `until=0001-01-01T00:00:00Z`,
    'since=2026-01-31T09:00:00%2B01:00',
  ])('is not one that asks for the far past or future: %s', async (query) => {
    expect((await world.get(`/v1/emails?${query}`)).status).toBe(200);
  });
});
