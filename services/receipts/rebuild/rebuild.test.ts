// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, TenantId, type EmailId } from '@securemail/contracts';
import { replay } from '../ledger/replay.ts';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';
import * as say from '../testing/story.ts';
import { rebuildEmails } from './rebuild-emails.ts';
import { restoreHistory, UnrecordedError, type Restoring } from './restore-history.ts';

const DEMO = TenantId.parse('demo');
let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openReceiptsWorld();
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

/** Until the last that happens to each is heard, and recorded. */
async function told(emailIds: readonly EmailId[]): Promise<void> {
  const both = () =>
    world.pool.query(
      `select from history join ledger_leaves using (event_id)
        where history.email_id = any($1::uuid[]) and name = 'ReceiptIssued'`,
      [emailIds],
    );
  while ((await both()).rowCount !== emailIds.length) await sleep(20);
}
const rebuild = (progressed: (emails: number) => void = () => undefined) =>
  rebuildEmails(world.pool, { remindAfterHours: () => Promise.resolve([24, 72]), progressed });

async function accepted(): Promise<EmailId> {
  const emailId = newEmailId();
  await world.append(emailId, say.accepted({ messageId: `<${emailId}@demo.example>` }));
  return emailId;
}
async function sent(emailId: EmailId): Promise<void> {
  await world.append(emailId, say.planned([1]), say.started(1), say.delivered(1));
  await world.until(`/v1/emails/${emailId}`, ({ state }) => state === 'sent');
}
const stateOf = async (emailId: EmailId) =>
  (await world.pool.query<{ state: string }>('select state from emails where email_id = $1', [emailId]))
    .rows[0]?.state;
const shape = async () =>
  (
    await world.pool.query<{ of: string }>(
      `select indexdef as of from pg_indexes where schemaname = 'receipts' and tablename = 'emails'
       union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid = 'emails'::regclass
       union all select attname || ' ' || atttypid::regtype || ' ' || attnotnull::text from pg_attribute
         where attrelid = 'emails'::regclass and attnum > 0 and not attisdropped
       union all select tgname from pg_trigger where tgrelid = 'emails'::regclass
       union all select proname from pg_proc where pronamespace = 'receipts'::regnamespace order by 1`,
    )
  ).rows.map(({ of }) => of);

it('makes everything as it follows from the events, and leaves the table as it was', async () => {
  const [right, lost, waiting] = [await accepted(), await accepted(), await accepted()];
  await sent(right);
  await sent(lost);
  await world.until(`/v1/emails/${waiting}`, () => true);
  const before = await shape();
  await world.pool.query(`update emails set state = 'held', nobody_to_tell = true where email_id = $1`, [
    right,
  ]);
  await world.pool.query('delete from emails where email_id = $1', [lost]);
  await world.pool.query(
    `insert into emails (email_id, tenant_id, state, accepted_at, deadline_at, receipt_issued, deadline_missed)
      values (gen_random_uuid(), 'demo', 'sent', now(), now(), true, false)`,
  );
  expect(await rebuild()).toBe(3);
  expect(await shape()).toEqual(before);
  expect(await Promise.all([right, lost, waiting].map(stateOf))).toEqual(['sent', 'sent', 'accepted']);
  const { rows } = await world.pool.query<{ count: number; marked: number }>(
    `select count(*)::int as count, count(*) filter (where nobody_to_tell)::int as marked from emails`,
  );
  expect(rows[0]).toEqual({ count: 3, marked: 1 });
  await sent(waiting);
  expect((await replay(world.pool, DEMO)).differences).toEqual([]);
});

it('loses nothing of what happens meanwhile, however often it is done', async () => {
  const going = { on: true };
  const emailIds: EmailId[] = [];
  const traffic = Array.from({ length: 3 }, async () => {
    while (going.on) {
      const emailId = await accepted();
      emailIds.push(emailId);
      await sent(emailId);
      // As others mark emails, which follows from no event.
      await world.pool.query('update emails set nobody_to_tell = true where email_id = $1', [emailId]);
    }
  });
  while (emailIds.length < 12) await rebuild();
  going.on = false;
  await Promise.all(traffic);
  const { rows } = await world.pool.query<{ state: string; marked: boolean }>(
    'select state, nobody_to_tell as marked from emails where email_id = any($1::uuid[])',
    [emailIds],
  );
  expect(rows).toHaveLength(emailIds.length);
  expect(new Set(rows.map(({ state, marked }) => `${state} ${String(marked)}`))).toEqual(
    new Set(['sent true']),
  );
  expect((await replay(world.pool, DEMO)).differences).toEqual([]);
});

it('is done by one at a time, and leaves everything as it was where it breaks off', async () => {
  const before = await shape();
  const broken = rebuild(() => {
    throw new Error('broke off');
  });
  await expect(broken).rejects.toThrow('broke off');
  expect(await shape()).toEqual(before);
  const outcomes = await Promise.allSettled([rebuild(), rebuild()]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await shape()).toEqual(before);
});

it('makes what was heard anew from the ledger: changed, moved, lost and invented', async () => {
  const [changed, moved, lost, padded] = [
    await accepted(),
    await accepted(),
    await accepted(),
    await accepted(),
  ];
  for (const emailId of [changed, moved, lost, padded]) await sent(emailId);
  const shown = async () => JSON.stringify(await Promise.all([changed, moved, lost, padded].map(historyOf)));
  const historyOf = async (emailId: EmailId) =>
    (
      await world.pool.query<Record<string, unknown>>(
        'select event_id, email_id, tenant_id, source, sequence, name, event from history where email_id = $1 order by source, sequence',
        [emailId],
      )
    ).rows;
  const delivered = `where name = 'Delivered' and email_id =`;
  await told([changed, moved, lost, padded]);
  while ((await replay(world.pool, DEMO)).differenceCount > 0);
  const before = await shown();
  await world.pool.query(
    `update history set event = jsonb_set(jsonb_set(event, '{id}', to_jsonb(gen_random_uuid())), '{name}', '"Bounced"') ${delivered} '${changed}'`,
  );
  await world.pool.query(`update history set email_id = gen_random_uuid() ${delivered} '${moved}'`);
  await world.pool.query(`delete from history where email_id = '${lost}'`);
  await world.pool.query(
    `insert into history (event_id, email_id, tenant_id, source, sequence, name, event)
      select gen_random_uuid(), email_id, tenant_id, source, 900, name, event from history ${delivered} '${padded}'`,
  );
  expect(await shown()).not.toBe(before);
  const restore = (unrecorded: Restoring['unrecorded']) =>
    restoreHistory(world.pool, { progressed: () => undefined, unrecorded, recordedWithinMs: 0 });
  // The ledger may only be behind: nothing is done before somebody says what becomes of these.
  const touched = await shown();
  const refused = await restore('refuse').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(UnrecordedError);
  expect(refused).toMatchObject({
    unrecorded: { events: 1, emails: 1, from: expect.any(String), ledgerRecordedAt: expect.any(Date) },
  });
  expect(await shown()).toBe(touched);
  expect(await restore('keep')).toMatchObject({ deleted: 0, unreadableCount: 0 });
  const withPadding = JSON.parse(before) as unknown[][];
  expect((JSON.parse(await shown()) as unknown[][]).map(({ length }) => length)).toEqual(
    withPadding.map(({ length }, at) => length + (at === 3 ? 1 : 0)),
  );
  expect(await restore('delete')).toMatchObject({ deleted: 1, unreadableCount: 0 });
  await rebuild();
  expect(await shown()).toBe(before);
  expect((await replay(world.pool, DEMO)).differences).toEqual([]);
});

it('goes on where a leaf can not be read, names it, and leaves what was heard of it', async () => {
  const [unreadable, lost] = [await accepted(), await accepted()];
  for (const emailId of [unreadable, lost]) await sent(emailId);
  await told([unreadable, lost]);
  while ((await replay(world.pool, DEMO)).differenceCount > 0);
  const count = async () =>
    (
      await world.pool.query<{ events: number }>(
        'select count(*)::int as events from history where email_id = any($1::uuid[]) group by email_id order by email_id',
        [[unreadable, lost]],
      )
    ).rows.map(({ events }) => events);
  const before = await count();
  const { rows } = await world.pool.query<{ leaf: string; id: string; content: string }>(
    `select leaf, event_id as id, content from ledger_leaves where email_id = $1 and content like '%securemail.Delivered.%'`,
    [unreadable],
  );
  const [{ leaf, id, content }] = rows as [(typeof rows)[number]];
  await world.pool.query('alter table ledger_leaves disable trigger all');
  const put = (text: string) =>
    world.pool.query('update ledger_leaves set content = $2 where event_id = $1', [id, text]);
  for (const text of ['', '{}', content.replace('securemail.Delivered.v', 'securemail.Unheard.v')]) {
    await put(text);
    await world.pool.query('delete from history where email_id = $1', [lost]);
    expect(
      await restoreHistory(world.pool, { progressed: () => undefined, unrecorded: 'keep' }),
    ).toMatchObject({ unreadable: [{ tenantId: 'demo', leaf: Number(leaf) }], unreadableCount: 1 });
    expect(await count()).toEqual(before);
    const replayed = await replay(world.pool, DEMO);
    expect(replayed).toMatchObject({ unreadable: [Number(leaf)], unreadableCount: 1 });
    expect(replayed.differences).toEqual(
      expect.arrayContaining([
        { emailId: unreadable, field: 'state', recorded: expect.any(String), shown: 'sent' },
      ]),
    );
  }
  await put(content);
  await world.pool.query('alter table ledger_leaves enable trigger all');
  expect(await replay(world.pool, DEMO)).toMatchObject({ differenceCount: 0, unreadableCount: 0 });
});
