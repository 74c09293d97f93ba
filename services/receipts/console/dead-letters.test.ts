// SPDX-License-Identifier: Apache-2.0
import { newEmailId, newEventId, type SealedEvent } from '@securemail/contracts';
import { createApiKey } from '@securemail/service';
import { accepted } from '../testing/story.ts';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';

const key = createApiKey('operator');
const otherKey = createApiKey('other-operator');
const withKey = (id: string, { sha256 }: { sha256: string }) => ({
  id,
  sha256,
  scopes: ['dead-letters:replay'],
});

let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openReceiptsWorld({
    moreKeys: { demo: [withKey('operator', key)], other: [withKey('other-operator', otherKey)] },
  });
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const PATH = '/v1/dead-letters/receipts';
/** As the consumer parks what it could not deal with. */
async function parked(
  tenantId: string,
  status = 'parked',
  emailId = newEmailId(),
): Promise<{ number: number; event: SealedEvent }> {
  const event = {
    id: newEventId(),
    name: 'DeadlineMissed',
    version: 1,
    source: 'receipts',
    time: new Date().toISOString(),
    tenantId,
    emailId,
    sequence: 1,
    traceparent: null,
    data: { deadlineAt: new Date().toISOString(), recipientIds: ['r1'] },
    personal: null,
  } as unknown as SealedEvent;
  const { rows } = await world.pool.query<{ number: number }>(
    `insert into dead_letters (event_id, email_id, event_name, source, arrival, status, reason, attempts, endings,
       first_failed_at, last_failed_at, next_attempt_at)
     values ($1, $2, $3, 'receipts', $4, $5, 'Error at test', 10, 0, now(), now(), now() + interval '1 hour')
     returning arrived::int as number`,
    [event.id, event.emailId, event.name, JSON.stringify({ kind: 'event', event }), status],
  );
  return { number: rows[0]!.number, event };
}
const list = async (query = '', of = key.key) => {
  const { text } = await world.ask(`${PATH}${query}`, {}, of);
  return JSON.parse(text) as { deadLetters: Record<string, unknown>[]; next: string | null };
};
const replay = async (
  number: number | string,
  of = key.key,
  body: object = { by: 'Olga', reason: 'room again' },
) => {
  const { status, text } = await world.ask(
    `${PATH}/${number}/replay`,
    { 'Content-Type': 'application/json' },
    of,
    {
      method: 'POST',
      body: JSON.stringify(body),
    },
  );
  return { status, body: JSON.parse(text) as Record<string, unknown> };
};

it('says to nobody what is wrong with his question before it knows who he is', async () => {
  for (const query of ['?limit=x', '?emailId=x', '?status=lost']) {
    expect((await world.ask(`${PATH}${query}`, {}, 'nobody')).status).toBe(401);
    expect((await world.ask(`${PATH}${query}`, {}, key.key)).status).toBe(422);
  }
});

describe('dead letters', () => {
  it('are listed for their own organisation, page by page, without what is in them', async () => {
    const letters = [await parked('demo'), await parked('demo', 'retrying'), await parked('other')];
    const { deadLetters } = await list();
    expect(deadLetters.map(({ number }) => number)).toEqual([letters[0]!.number, letters[1]!.number]);
    expect(deadLetters[0]).toMatchObject({
      service: 'receipts',
      eventName: 'DeadlineMissed',
      emailId: letters[0]!.event.emailId,
      status: 'parked',
      reason: 'Error at test',
      nextAttemptAt: null,
    });
    expect(deadLetters[0]).not.toHaveProperty('arrival');
    const first = await list('?limit=1');
    const second = await list(`?limit=1&cursor=${first.next ?? ''}`);
    expect([first, second].map((page) => page.deadLetters[0]!['number'])).toEqual([
      letters[0]!.number,
      letters[1]!.number,
    ]);
    expect((await list('?status=retrying')).deadLetters).toHaveLength(1);
    expect((await list('', otherKey.key)).deadLetters).toHaveLength(1);
    // Of one email: for everybody who may see it, and of nobody else's.
    const { emailId } = letters[1]!.event;
    const ofEmail = await list(`?emailId=${emailId}`, world.keys.demo);
    expect(ofEmail.deadLetters.map(({ number }) => number)).toEqual([letters[1]!.number]);
    expect((await list(`?emailId=${letters[2]!.event.emailId}`)).deadLetters).toEqual([]);
    expect((await list('', world.keys.demo)).deadLetters).toBeUndefined();
  });

  it('are tried again once somebody says so, who stands in the history with his reason', async () => {
    const { number, event } = await parked('demo');
    expect(await replay(number)).toMatchObject({ status: 202, body: { number, status: 'retrying' } });
    const { rows } = await world.pool.query<{ emailId: string; data: unknown }>(
      `select email_id as "emailId", data from events where name = 'DeadLetterReplayed'`,
    );
    expect(rows.map(({ data }) => data)).toEqual([
      {
        replayed: { emailId: event.emailId, eventId: event.id, eventName: 'DeadlineMissed' },
        keyId: 'operator',
      },
    ]);
    // It is an event that can be dealt with: soon it is gone.
    while ((await list()).deadLetters.some((letter) => letter['number'] === number));
    expect(await replay(number)).toMatchObject({
      status: 404,
      body: { type: '/errors/dead-letter-not-found' },
    });
  });

  it('show in the timeline of their email who had them tried again, and why', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted());
    await world.until(`/v1/emails/${emailId}`, ({ state }) => state === 'accepted');
    const { number } = await parked('demo', 'parked', emailId);
    expect((await replay(number)).status).toBe(202);
    const path = `/v1/emails/${emailId}/events`;
    const { events } = await world.until(path, (body) =>
      body.events.some(({ name }) => name === 'DeadLetterReplayed'),
    );
    expect(events.find(({ name }) => name === 'DeadLetterReplayed')).toMatchObject({
      source: 'receipts',
      data: { replayed: { emailId, eventName: 'DeadlineMissed' }, keyId: 'operator' },
      personal: { by: 'Olga', reason: 'room again' },
    });
    // The state of the email is none of its business, nor is the email that of another organisation.
    expect((await world.get(`/v1/emails/${emailId}`)).body.recipients).toMatchObject([
      { status: 'accepted' },
    ]);
    expect((await world.get(path, world.keys.other)).status).toBe(404);
  });

  it.each([
    ['parked', 'Somebody has to have it tried again.'],
    ['retrying', 'It is tried again by itself.'],
  ])('are told in place of an email whose first event is %s', async (status, words) => {
    const { number, event } = await parked('demo', status);
    const path = `/v1/emails/${event.emailId}`;
    for (const rest of ['', '/events', '/trace', '/receipt']) {
      const { body } = await world.get(`${path}${rest}`);
      expect(body).toMatchObject({ status: 404, type: '/errors/email-set-aside' });
      expect(JSON.stringify(body)).toContain(
        `its DeadlineMissed waits as dead letter ${number} of receipts. ${words}`,
      );
    }
    expect((await world.get(path, world.keys.other)).body).toMatchObject({ type: '/errors/email-not-found' });
  });

  it('that are tried already are left alone', async () => {
    const { number } = await parked('demo', 'retrying');
    expect(await replay(number)).toMatchObject({
      status: 409,
      body: { type: '/errors/dead-letter-not-parked' },
    });
  });

  it('of others are not there, nor what is no number; who may not, and who says no reason, changes nothing', async () => {
    const { number } = await parked('other');
    for (const named of [number, 0, -1, 'x', 999_999_999, '9'.repeat(30)])
      expect((await replay(named)).status).toBe(404);
    const own = await parked('demo');
    expect((await replay(own.number, world.keys.admin)).status).toBe(403);
    expect((await replay(own.number, 'nobody')).status).toBe(401);
    expect(await replay(own.number, key.key, { by: 'Olga', reason: ' ' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'reason' }] },
    });
    const { rows } = await world.pool.query<{ status: string }>(
      'select status from dead_letters where arrived = any($1)',
      [[number, own.number]],
    );
    expect(rows).toEqual([{ status: 'parked' }, { status: 'parked' }]);
  });
});
