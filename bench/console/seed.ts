// SPDX-License-Identifier: Apache-2.0
import { TenantId } from '@securemail/contracts';
import { soughtAddress, type DigestOf } from '@securemail/receipts/testing';
import type pg from 'pg';

export const TENANT = TenantId.parse('demo');
export const DAYS = 30;
const [SENDERS, CITIZENS, DOMAINS] = [200, 50_000, 1_000];

export const senderOf = (n: number): string => `sender-${n % SENDERS}@demo.example`;
const citizen = (index: number): string => `citizen-${index}@mail-${index % DOMAINS}.example`;
/** To whom many write. */
export const OFFICE = 'office@region.example';
export const recipientsOf = (n: number): string[] => [
  citizen((n * 7_919) % CITIZENS),
  ...(n % 10 === 0 ? [OFFICE] : []),
];

/** Which email it is, by its id. */
export const numberOf = (emailId: string): number =>
  Number.parseInt(emailId.replaceAll('-', '').slice(17), 16);

/**
 * Fills the database with emails of a month, evenly spread: 1 in 10 to an office as well; 1 % not sent, one in a thousand
 * held, one in five thousand partly sent, and those of the last minute under way.
 */
export async function seedEmails(client: pg.Client, emails: number, digestOf: DigestOf): Promise<void> {
  await client.query('set search_path to receipts');
  // Rows that nobody waits for: the watch that tells senders has nothing to do.
  await client.query(
    `create temp table seeded as
      select n, accepted_at,
        (lpad(to_hex((extract(epoch from accepted_at) * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid as email_id,
        case when accepted_at > now() - interval '1 minute' then 'in-progress'
          when n % 5000 = 7 then 'partly-sent' when n % 1000 = 3 then 'held' when n % 100 = 1 then 'not-sent' else 'sent' end as state,
        exp(0.7 + 1.1 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) * interval '1 second' as took
      from (select n, date_trunc('milliseconds', now() - (1 - n::float8 / $1) * interval '${DAYS} days') as accepted_at
        from generate_series(1, $1::int) n) numbered`,
    [emails],
  );
  await client.query(
    `insert into emails (email_id, tenant_id, state, accepted_at, deadline_at, settled_at, receipt_issued, deadline_missed,
        stage, stage_since, findable)
      select email_id, '${TENANT}', state, accepted_at, accepted_at + interval '10 minutes',
        case when state <> 'in-progress' then accepted_at + took end, state <> 'in-progress', took > interval '10 minutes',
        case state when 'in-progress' then 'delivery' when 'held' then 'decision' end,
        case state when 'in-progress' then accepted_at when 'held' then accepted_at + took end, true
      from seeded order by n`,
  );
  await seedFound(client, digestOf);
  await client.query('vacuum (analyze) emails');
  await client.query('vacuum (analyze) found_by');
}

/** By what each is found. A keyed digest of what occurs once is as good as chance: nobody looks for it. */
async function seedFound(client: pg.Client, digestOf: DigestOf): Promise<void> {
  await client.query('create temp table people (who text, number int, address bytea, domain bytea)');
  const add = async (who: string, addresses: readonly string[]) => {
    const [byAddress, byDomain] = [
      await digestsOf(digestOf, addresses),
      await digestsOf(digestOf, addresses.map(at)),
    ];
    await client.query(
      `insert into people select $1, ordinal - 1, address, domain
        from unnest($2::bytea[], $3::bytea[]) with ordinality as one (address, domain, ordinal)`,
      [who, byAddress, byDomain],
    );
  };
  await add(
    'sender',
    Array.from({ length: SENDERS }, (_, index) => senderOf(index)),
  );
  await add(
    'citizen',
    Array.from({ length: CITIZENS }, (_, index) => citizen(index)),
  );
  await add('office', [OFFICE]);
  await client.query('analyze people');
  // An index that is made at the end is made in seconds.
  await client.query('alter table found_by drop constraint found_by_pkey');
  const found = (digest: string, from: string) =>
    `select '${TENANT}', ${digest}, accepted_at, email_id from seeded ${from}`;
  const joined = (who: string, number: string, where = 'true') =>
    `join people on who = '${who}' and number = ${number} where ${where}`;
  const [sender, to, office] = [
    joined('sender', `n % ${SENDERS}`),
    joined('citizen', `n::bigint * 7919 % ${CITIZENS}`),
    joined('office', '0', 'n % 10 = 0'),
  ];
  const chance = found('uuid_send(gen_random_uuid())', '');
  const all = [sender, to, office].flatMap((from) => [found('address', from), found('domain', from)]);
  await client.query(`insert into found_by ${[...all, chance, chance].join(' union all ')}`);
  await client.query("set maintenance_work_mem to '512MB'");
  await client.query('alter table found_by add primary key (tenant_id, digest, accepted_at, email_id)');
}

const at = (address: string): string => address.slice(address.indexOf('@'));

const digestsOf = (digestOf: DigestOf, texts: readonly string[]): Promise<Buffer[]> =>
  Promise.all(
    texts.map((text) => {
      const sought = soughtAddress(text);
      if (sought === null) throw new Error(`${text} is looked for by nobody`);
      return digestOf(TENANT, sought);
    }),
  );
