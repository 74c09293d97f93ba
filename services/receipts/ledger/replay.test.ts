// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, newEventId, TenantId, type EmailId } from '@securemail/contracts';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';
import { sentIn } from '../testing/sent.ts';
import { accepted, planned, started } from '../testing/story.ts';
import { replay } from './replay.ts';

const DEMO = TenantId.parse('demo');
let world: ReceiptsWorld;
let running: { close(): Promise<void> };
let sent: EmailId[];
let waiting: EmailId;
let between: Date;
beforeAll(async () => {
  world = await openReceiptsWorld();
  running = await world.start();
  sent = await Promise.all([1, 2, 3].map(() => send()));
  between = new Date();
  await sleep(50);
  waiting = newEmailId();
  await world.append(
    waiting,
    accepted({ to: ['bo@citizen.example', 'ib@citizen.example'] }),
    planned([1, 2]),
    started(1),
  );
  await world.appendFor('other', newEmailId(), accepted({ to: ['bo@citizen.example'] }));
  await settled();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

async function send(): Promise<EmailId> {
  const emailId = await sentIn(world);
  await settled();
  return emailId;
}
/** Until all is in the ledger and in what is shown. */
async function settled(): Promise<void> {
  for (;;) {
    const { rows } = await world.pool.query<{ all: string; recorded: string; known: string }>(
      `select (select count(*) from intake.events) + (select count(*) from crypto.events)
        + (select count(*) from delivery.events) + (select count(*) from receipts.events) as all,
        (select count(*) from ledger_leaves) as recorded, (select count(*) from history) as known`,
    );
    const [counts] = rows;
    if (counts?.all === counts?.recorded && counts?.all === counts?.known) return;
    await sleep(20);
  }
}

it('finds nothing where what is shown follows from what was recorded', async () => {
  const told: number[] = [];
  const replayed = await replay(world.pool, DEMO, { progressed: ({ emails }) => told.push(emails) });
  expect(replayed).toMatchObject({ emails: 4, differences: [], differenceCount: 0 });
  expect(replayed.events).toBe(18);
  expect(replayed.states).toEqual({ sent: 3, 'in-progress': 1 });
  expect(told.at(-1)).toBe(4);
});

it('goes back to a moment, for all or for one', async () => {
  expect(await replay(world.pool, DEMO, { at: between })).toMatchObject({ emails: 3, differences: null });
  const one = await replay(world.pool, DEMO, { at: new Date(), emailIds: [waiting] });
  expect(one).toMatchObject({ emails: 1, states: { 'in-progress': 1 } });
  expect(await replay(world.pool, DEMO, { at: new Date(0) })).toMatchObject({ emails: 0, events: 0 });
});

it('says of each email what is shown otherwise, is not shown, or was never recorded', async () => {
  const invented = newEmailId();
  const [changed, gone] = [sent[0]!, sent[1]!];
  await world.pool.query(`update emails set state = 'not-sent', deadline_missed = true where email_id = $1`, [
    changed,
  ]);
  await world.pool.query('delete from emails where email_id = $1', [gone]);
  await world.pool.query(
    `insert into emails select $1, tenant_id, state, accepted_at, deadline_at, settled_at, receipt_issued, deadline_missed
      from emails where email_id = $2`,
    [invented, sent[2]],
  );
  const { differences, differenceCount } = await replay(world.pool, DEMO);
  expect(differenceCount).toBe(4);
  expect(differences).toEqual(
    expect.arrayContaining([
      { emailId: changed, field: 'state', recorded: 'sent', shown: 'not-sent' },
      { emailId: changed, field: 'deadlineMissed', recorded: false, shown: true },
      { emailId: gone, field: 'email', recorded: 'sent', shown: null },
      { emailId: invented, field: 'email', recorded: null, shown: 'sent' },
    ]),
  );
});

it('says which events of an email only the ledger has, or only what is shown', async () => {
  const emailId = sent[2]!;
  const { rows } = await world.pool.query<{ id: string }>(
    `select event_id as id from history where email_id = $1 and name = 'Delivered'`,
    [emailId],
  );
  await world.pool.query('create table taken as select * from history where event_id = $1', [rows[0]?.id]);
  await world.pool.query('delete from history where event_id = $1', [rows[0]?.id]);
  const differences = async () => (await replay(world.pool, DEMO, { emailIds: [emailId] })).differences;
  expect(await differences()).toEqual([{ emailId, field: 'events', recorded: [rows[0]?.id], shown: [] }]);
  const invented = newEventId();
  await world.pool.query(
    `insert into history (event_id, email_id, tenant_id, source, sequence, name, event)
      select $1::uuid, email_id, tenant_id, source, sequence, name, jsonb_set(event, '{id}', to_jsonb($1::uuid::text)) from taken`,
    [invented],
  );
  expect(await differences()).toEqual([
    { emailId, field: 'events', recorded: [rows[0]?.id], shown: [invented] },
  ]);
  // So it is while the ledger is behind, too.
  expect((await replay(world.pool, DEMO)).behind).toBe(1);
});

it('counts all that differs, and tells of a hundred', async () => {
  await world.pool.query(
    `insert into emails (email_id, tenant_id, state, accepted_at, deadline_at, receipt_issued, deadline_missed)
      select gen_random_uuid(), 'demo', 'sent', now(), now(), true, false from generate_series(1, 450)`,
  );
  const before = await replay(world.pool, TenantId.parse('nobody'));
  expect(before).toMatchObject({ differences: [], differenceCount: 0, behind: 0 });
  const { differences, differenceCount } = await replay(world.pool, DEMO);
  expect(differences).toHaveLength(100);
  expect(differenceCount).toBeGreaterThanOrEqual(450);
});
