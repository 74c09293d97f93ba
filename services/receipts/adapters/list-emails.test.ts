// SPDX-License-Identifier: Apache-2.0
import { TenantId } from '@securemail/contracts';
import { listEmails, type EmailFilter } from './list-emails.ts';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';

const ALL = Buffer.alloc(16, 1);
const FEW = Buffer.alloc(16, 2);
const EMAILS = 5_000;
const tenantId = TenantId.parse('demo');

let world: ReceiptsWorld;
beforeAll(async () => {
  world = await openReceiptsWorld();
  // One in a hundred is not sent, one in a thousand held; one in five hundred is to somebody, all are from somebody.
  await world.pool.query(
    `insert into emails (email_id, tenant_id, state, accepted_at, deadline_at, receipt_issued, deadline_missed, findable, stage, stage_since, nobody_to_tell)
      select ((case tenant when 'demo' then '0' else '1' end) || lpad(n::text, 31, '0'))::uuid, tenant, case when n % 100 = 0 then 'not-sent' when n % 1000 = 1 then 'held' else 'sent' end,
        timestamptz '2026-01-01' + (n / 2) * interval '1 s', now(), true, false, true,
        case when n % 1000 = 1 then 'decision' when n % 1000 in (500, 700) then 'receipt' end,
        case when n % 1000 in (1, 500, 700) then timestamptz '2026-02-01' - (n % 7) * interval '1 s' end, n = 1700
      from generate_series(1, $1::int) n, unnest(array['demo', 'other']) tenant`,
    [EMAILS],
  );
  await world.pool.query(
    `insert into found_by select tenant_id, digest, accepted_at, email_id
      from emails, unnest($1::bytea[]) digest
      where digest = $2 or right(email_id::text, 4)::int % 500 in (0, 1)`,
    [[ALL, FEW], ALL],
  );
});
afterAll(() => world.close());

const none = {
  state: null,
  stage: null,
  digest: null,
  since: null,
  until: null,
  after: null,
  isOldestFirst: false,
};
const list = (filter: Partial<EmailFilter>) =>
  listEmails(world.pool, { tenantId, ...none, limit: 10, ...filter });
/** By reading everything, with no index and no thought. */
const expected = async ({
  state,
  stage = null,
  digest,
  since,
  until,
  after,
  isOldestFirst,
  limit = 10,
}: Partial<EmailFilter>) => {
  const { rows } = await world.pool.query<{
    emailId: string;
    acceptedAt: Date;
    state: string;
    stage: string | null;
    stageSince: Date | null;
  }>(
    `select email_id as "emailId", accepted_at as "acceptedAt", state, case when not nobody_to_tell then stage end as stage, stage_since as "stageSince"
      from emails where tenant_id = 'demo'
      and ($1::bytea is null or email_id in (select email_id from found_by where digest = $1))`,
    [digest ?? null],
  );
  const place = ({ at, emailId }: { at: Date; emailId: string }) => `${at.toISOString()} ${emailId}`;
  const isBehind = (one: string, other: string) => (isOldestFirst === true ? one > other : one < other);
  return rows
    .map((row) => ({ ...row, at: (stage === null ? row.acceptedAt : row.stageSince) ?? new Date(0) }))
    .filter((each) => stage === null || each.stage === stage)
    .filter((each) => (state === 'unfinished' ? each.stage !== null : (state ?? each.state) === each.state))
    .filter(({ acceptedAt }) => since == null || acceptedAt >= since)
    .filter(({ acceptedAt }) => until == null || acceptedAt < until)
    .filter((each) => after == null || isBehind(place(each), place(after)))
    .toSorted((a, b) => (isBehind(place(a), place(b)) ? 1 : -1))
    .slice(0, limit)
    .map(({ emailId }) => emailId);
};

const RANGE = { since: new Date('2026-01-01T00:10:00Z'), until: new Date('2026-01-01T00:30:00Z') };
describe.each([
  ['everybody’s', null],
  ['of many', ALL],
  ['of few', FEW],
])('emails %s', (_, digest) => {
  it.each([null, 'sent', 'not-sent', 'held', 'partly-sent', 'unfinished'] as const)(
    'in the state %s',
    async (state) => {
      for (const range of [{}, RANGE, { isOldestFirst: true }]) {
        const first = { digest, state, ...range };
        const page = await list(first);
        expect(page.map(({ emailId }) => emailId)).toEqual(await expected(first));
        expect(page.length === 0).toBe(state === 'partly-sent');
        const next = { ...first, after: page[4] ?? null };
        expect((await list(next)).map(({ emailId }) => emailId)).toEqual(await expected(next));
      }
    },
  );
  it.each([
    ['receipt', null],
    ['decision', 'held'],
    ['receipt', 'unfinished'],
    ['retry', null],
  ] as const)('that wait for %s, of the state %s, by how long they do', async (stage, state) => {
    for (const range of [{}, RANGE, { isOldestFirst: true }]) {
      const first = { digest, stage, state, limit: 3, ...range };
      const page = await list(first);
      expect(page.map(({ emailId }) => emailId)).toEqual(await expected(first));
      const next = { ...first, after: page[1] ?? null };
      expect((await list(next)).map(({ emailId }) => emailId)).toEqual(await expected(next));
    }
  });
});
