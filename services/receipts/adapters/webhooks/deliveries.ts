// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';

export interface NewDelivery {
  deliveryId: string;
  webhookId: string;
  emailId: EmailId | null;
  eventId: string;
  type: string;
  payload: string;
  traceparent: string | null;
}

/** Adds what is to be told, in its order; what is there already stays. */
export async function addDeliveries(
  executor: Pool | Transaction,
  deliveries: readonly NewDelivery[],
  now: Date,
  giveUpAt: Date,
): Promise<void> {
  await executor.query({
    name: 'receipts/add-deliveries',
    text: `insert into webhook_deliveries
        (delivery_id, webhook_id, email_id, event_id, type, payload, traceparent, next_at, give_up_at, created_at)
      select *, $8::timestamptz, $9::timestamptz, $8::timestamptz
      from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[])
      on conflict do nothing`,
    values: [
      deliveries.map(({ deliveryId }) => deliveryId),
      deliveries.map(({ webhookId }) => webhookId),
      deliveries.map(({ emailId }) => emailId),
      deliveries.map(({ eventId }) => eventId),
      deliveries.map(({ type }) => type),
      deliveries.map(({ payload }) => payload),
      deliveries.map(({ traceparent }) => traceparent),
      now,
      giveUpAt,
    ],
  });
}

/** Webhooks to whom something is to be told now. */
export async function webhooksWithWork(
  pool: Pool,
  now: Date,
): Promise<{ webhookId: string; tenantId: TenantId }[]> {
  const { rows } = await pool.query<{ webhookId: string; tenantId: TenantId }>({
    name: 'receipts/webhooks-with-work',
    text: `select webhook_id as "webhookId", tenant_id as "tenantId" from webhooks w
      where enabled and exists (select from webhook_deliveries d
        where d.webhook_id = w.webhook_id and d.status = 'waiting' and d.next_at <= $1)`,
    values: [now],
  });
  return rows;
}

export interface Claimed extends Omit<NewDelivery, 'eventId'> {
  attempts: number;
  giveUpAt: Date;
}

/**
 * Takes what one webhook is to be told now, for as long as the lease lasts. What comes later of an email waits for what
 * came earlier, also where that is in the hands of another process.
 */
export async function claimDeliveries(
  pool: Pool,
  webhookId: string,
  { now, leasedUntil, limit }: { now: Date; leasedUntil: Date; limit: number },
): Promise<Claimed[]> {
  const { rows } = await pool.query<Claimed>({
    name: 'receipts/claim-deliveries',
    text: `with due as (
        select delivery_id from webhook_deliveries d
        where webhook_id = $1 and status = 'waiting' and next_at <= $2
          and (leased_until is null or leased_until <= $2)
          and not exists (select from webhook_deliveries earlier
            where earlier.webhook_id = d.webhook_id and earlier.email_id = d.email_id
              and earlier.status = 'waiting' and earlier.position < d.position)
        order by next_at, position limit $4 for update skip locked)
      update webhook_deliveries d set leased_until = $3, attempts = attempts + 1
      from due where d.delivery_id = due.delivery_id
      returning d.delivery_id as "deliveryId", d.webhook_id as "webhookId", d.email_id as "emailId", d.type, d.payload,
        d.traceparent, d.attempts, d.give_up_at as "giveUpAt"`,
    values: [webhookId, now, leasedUntil, limit],
  });
  return rows;
}

export interface Outcome {
  status: 'delivered' | 'waiting' | 'failed';
  at: Date;
  /** Of the answer. */
  lastStatus: number | null;
  failure: string | null;
  nextAt: Date;
}

/** @param attempts as it was claimed: who lost the lease says nothing. */
export async function recordOutcome(
  pool: Pool,
  { deliveryId, attempts }: Pick<Claimed, 'deliveryId' | 'attempts'>,
  { status, at, lastStatus, failure, nextAt }: Outcome,
): Promise<void> {
  await pool.query({
    name: 'receipts/record-outcome',
    text: `update webhook_deliveries set status = $3, last_at = $4, last_status = $5, last_failure = $6, next_at = $7,
        leased_until = null
      where delivery_id = $1 and attempts = $2 and status = 'waiting'`,
    values: [deliveryId, attempts, status, at, lastStatus, failure, nextAt],
  });
}

/** Notes that a webhook works, or since when it does not, after what was told is recorded; disables it where that is too long ago, or it is to be. */
export async function recordHealth(
  pool: Pool,
  webhookId: string,
  health: { ok: true } | { ok: false; at: Date; gone: boolean; disableBefore: Date },
): Promise<{ disabled: boolean }> {
  if (health.ok) {
    await pool.query(
      'update webhooks set failing_since = null where webhook_id = $1 and failing_since is not null',
      [webhookId],
    );
    return { disabled: false };
  }
  const { rowCount } = await pool.query(
    // Where nothing waits any more nothing fails either, until there is something to tell again.
    `with failing as (update webhooks w set
         failing_since = case when $3 or failing_since < $4 or exists (select from webhook_deliveries d
           where d.webhook_id = w.webhook_id and d.status = 'waiting') then coalesce(failing_since, $2) end,
         enabled = not ($3 or coalesce(failing_since, $2) < $4),
         disabled_because = case when $3 then 'gone' when failing_since < $4 then 'failing' else disabled_because end
       where webhook_id = $1 and enabled returning enabled)
     select from failing where not enabled`,
    [webhookId, health.at, health.gone, health.disableBefore],
  );
  return { disabled: rowCount === 1 };
}

export interface DeliveryRow {
  deliveryId: string;
  emailId: EmailId | null;
  type: string;
  status: 'waiting' | 'delivered' | 'failed';
  attempts: number;
  createdAt: Date;
  nextAt: Date;
  lastAt: Date | null;
  lastStatus: number | null;
  lastFailure: string | null;
  position: string;
}

/** Newest first. */
export async function listDeliveries(
  pool: Pool,
  webhookId: string,
  { status, before, limit }: { status: string | null; before: string | null; limit: number },
): Promise<DeliveryRow[]> {
  const { rows } = await pool.query<DeliveryRow>(
    `select delivery_id as "deliveryId", email_id as "emailId", type, status, attempts, created_at as "createdAt",
       next_at as "nextAt", last_at as "lastAt", last_status as "lastStatus", last_failure as "lastFailure", position
     from webhook_deliveries where webhook_id = $1 and ($2::text is null or status = $2)
       and ($3::bigint is null or position < $3) order by position desc limit $4`,
    [webhookId, status, before, limit],
  );
  return rows;
}

/**
 * Has something told again, with the same id, and anew: the waits between tries begin with the shortest. Not while a try is
 * under way, whose claim goes by its number.
 *
 * @returns false where there is no such delivery.
 */
export async function redeliver(
  pool: Pool,
  webhookId: string,
  deliveryId: string,
  now: Date,
  giveUpAt: Date,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update webhook_deliveries set status = 'waiting', next_at = $3, give_up_at = $4, leased_until = null,
       attempts = case when leased_until > $3 then attempts else 0 end
     where webhook_id = $1 and delivery_id = $2`,
    [webhookId, deliveryId, now, giveUpAt],
  );
  return rowCount === 1;
}

/** What can't be told any more because nobody may, and what was told long ago. */
export async function tidyDeliveries(pool: Pool, now: Date, keptSince: Date): Promise<void> {
  await pool.query(
    `update webhook_deliveries set status = 'failed', last_failure = coalesce(last_failure, 'webhook-disabled')
     where status = 'waiting' and give_up_at < $1 and (leased_until is null or leased_until < $1)`,
    [now],
  );
  // They may have been the last that waited.
  await pool.query(
    `update webhooks w set failing_since = null where enabled and failing_since is not null
       and not exists (select from webhook_deliveries d where d.webhook_id = w.webhook_id and d.status = 'waiting')`,
  );
  await pool.query("delete from webhook_deliveries where created_at < $1 and status <> 'waiting'", [
    keptSince,
  ]);
}

/** When the oldest delivery was made that waits; null where none does. */
export async function oldestWaiting(pool: Pool): Promise<Date | null> {
  const { rows } = await pool.query<{ oldest: Date | null }>(
    "select min(created_at) as oldest from webhook_deliveries where status = 'waiting'",
  );
  return rows[0]?.oldest ?? null;
}
