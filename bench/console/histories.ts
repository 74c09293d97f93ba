// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import {
  CATALOGUE,
  SERVICES,
  type EmailId,
  type NewEvent,
  type SealedEvent,
  type ServiceName,
} from '@securemail/contracts';
import { createPool, EventStore, type PersonalCipher } from '@securemail/event-store';
import {
  accepted,
  bounced,
  deferred,
  delivered,
  findableBy,
  held,
  madeFor,
  planned,
  started,
  type DigestOf,
} from '@securemail/receipts/testing';
import type pg from 'pg';
import { numberOf, recipientsOf, senderOf, TENANT } from './seed.ts';

/** An email that a page shows. */
export interface Shown {
  emailId: EmailId;
  state: string;
  acceptedAt: Date;
}

export const messageIdOf = (emailId: EmailId): string => `<${numberOf(emailId)}@demo.example>`;
export const traceIdOf = (emailId: EmailId): string => numberOf(emailId).toString(16).padStart(32, 'a');

/** Gives emails their events, sealed as services seal them, and lets them be found by what stands in them. */
export async function seedHistories(
  client: pg.Client,
  shown: readonly Shown[],
  { databaseUrl, cipher, digestOf }: { databaseUrl: string; cipher: PersonalCipher; digestOf: DigestOf },
): Promise<void> {
  const seals = sealsOf(databaseUrl, cipher);
  try {
    for (const email of shown) {
      const story = storyOf(email);
      const events = await seals.sealed(email, story);
      await keep(client, email, events);
      await heldToo(client, email, events);
      const [acceptance] = events;
      if (acceptance === undefined) continue;
      for (const sought of findableBy(
        [await seals.open(acceptance)],
        [acceptance.traceparent?.slice(3, 35) ?? ''],
      ))
        await client.query('insert into receipts.found_by values ($1, $2, $3, $4) on conflict do nothing', [
          TENANT,
          await digestOf(TENANT, sought),
          email.acceptedAt,
          email.emailId,
        ]);
    }
  } finally {
    await seals.close();
  }
  await client.query('vacuum (analyze) receipts.history');
  await client.query('vacuum (analyze) crypto.held');
}

/** Events that one service could not handle, and a person is to replay. */
export async function seedDeadLetters(client: pg.Client, shown: readonly Shown[]): Promise<void> {
  await client.query(
    `insert into delivery.dead_letters (event_id, email_id, event_name, source, arrival, status, reason, attempts,
        first_failed_at, last_failed_at, next_attempt_at)
      select event_id, email_id, name, source, jsonb_build_object('kind', 'event', 'event', event), 'parked',
        'Error: no such file', 12, now() - interval '1 day', now(), now()
      from receipts.history where email_id = any($1::uuid[]) and name = 'EmailProtected' order by event_id`,
    [shown.map(({ emailId }) => emailId)],
  );
  await client.query('analyze delivery.dead_letters');
}

function storyOf({ emailId, state, acceptedAt }: Shown): NewEvent[] {
  const to = recipientsOf(numberOf(emailId));
  const everybody = to.map((_, index) => index + 1);
  const acceptance = accepted({
    to,
    from: senderOf(numberOf(emailId)),
    messageId: messageIdOf(emailId),
    acceptedAt: acceptedAt.toISOString(),
  });
  const tried = [
    planned(everybody),
    madeFor(to),
    started(...everybody),
    deferred(...everybody),
    started(...everybody),
  ];
  switch (state) {
    case 'held':
      return [acceptance, planned(everybody, null), held(everybody)];
    case 'in-progress':
      return [acceptance, planned(everybody), madeFor(to), started(...everybody)];
    case 'not-sent':
      return [acceptance, ...tried, bounced(...everybody)];
    default:
      return [acceptance, ...tried, delivered(...everybody)];
  }
}

/** Seals as each service does that appends, and appends nothing: nobody is to work on these. */
function sealsOf(databaseUrl: string, cipher: PersonalCipher) {
  const services = new Map(
    SERVICES.map((service) => [
      service,
      {
        store: new EventStore({ service, cipher }),
        pool: createPool({ url: databaseUrl, schema: service, max: 1 }),
      },
    ]),
  );
  const of = (service: ServiceName | 'each') => {
    const found = service === 'each' ? undefined : services.get(service);
    if (found === undefined) throw new Error(`${service} says nothing of an email`);
    return found;
  };
  return {
    async sealed({ emailId }: Shown, story: readonly NewEvent[]): Promise<SealedEvent[]> {
      const events: SealedEvent[] = [];
      for (const event of story) {
        const { service } = CATALOGUE[event.name];
        const { store, pool } = of(service);
        const tx = await pool.connect();
        try {
          await tx.query('begin');
          const traceparent = `00-${traceIdOf(emailId)}-${randomBytes(8).toString('hex')}-01`;
          const [sealed] = await store.append(tx, { emailId, tenantId: TENANT }, 'any', [event], {
            traceparent,
          });
          if (sealed === undefined) continue;
          const before = events.filter(({ source }) => source === service).length;
          events.push({ ...sealed, sequence: before + 1 });
        } finally {
          await tx.query('rollback');
          tx.release();
        }
      }
      return events;
    },
    open: (event: SealedEvent) => of(event.source).store.open(event),
    async close() {
      await Promise.all([...services.values()].map(({ pool }) => pool.end()));
    },
  };
}

async function keep(client: pg.Client, { emailId }: Shown, events: readonly SealedEvent[]): Promise<void> {
  await client.query(
    `insert into receipts.history (event_id, email_id, tenant_id, source, sequence, name, event)
      select id, $2, '${TENANT}', source, sequence, name, event
      from unnest($1::uuid[], $3::text[], $4::int[], $5::text[], $6::jsonb[]) as one (id, source, sequence, name, event)`,
    [
      events.map(({ id }) => id),
      emailId,
      events.map(({ source }) => source),
      events.map(({ sequence }) => sequence),
      events.map(({ name }) => name),
      events.map((event) => JSON.stringify(event)),
    ],
  );
}

async function heldToo(
  client: pg.Client,
  { emailId, state, acceptedAt }: Shown,
  [acceptance]: readonly SealedEvent[],
): Promise<void> {
  if (state !== 'held') return;
  await client.query(
    `insert into crypto.held (email_id, tenant_id, acceptance, held_since, ends_at, deadline_at, recipients)
      values ($1, '${TENANT}', $2, $3, now() + interval '14 days', $3, $4)`,
    [emailId, JSON.stringify(acceptance), acceptedAt, JSON.stringify({ r1: 'no-secure-method' })],
  );
}
