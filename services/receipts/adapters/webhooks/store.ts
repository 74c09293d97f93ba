// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { WebhookType } from '../../domain/webhook-message.ts';

export interface WebhookRow {
  webhookId: string;
  tenantId: TenantId;
  url: string;
  types: WebhookType[] | null;
  description: string;
  secret: Buffer;
  formerSecret: Buffer | null;
  formerUntil: Date | null;
  enabled: boolean;
  disabledBecause: string | null;
  failingSince: Date | null;
  createdAt: Date;
}

/** An enabled webhook, and what it is told. */
export type Listening = Pick<WebhookRow, 'webhookId' | 'tenantId' | 'types'>;

const COLUMNS = `webhook_id as "webhookId", tenant_id as "tenantId", url, types, description, secret,
  former_secret as "formerSecret", former_until as "formerUntil", enabled, disabled_because as "disabledBecause",
  failing_since as "failingSince", created_at as "createdAt"`;

/** @returns false where the organisation has as many as it may. */
export async function addWebhook(
  pool: Pool,
  row: Pick<WebhookRow, 'webhookId' | 'tenantId' | 'url' | 'types' | 'description' | 'secret' | 'createdAt'>,
  atMost: number,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into webhooks (webhook_id, tenant_id, url, types, description, secret, created_at)
     select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from webhooks where tenant_id = $2) < $8`,
    [row.webhookId, row.tenantId, row.url, row.types, row.description, row.secret, row.createdAt, atMost],
  );
  return rowCount === 1;
}

/** Oldest first, behind the one named. */
export async function listWebhooks(
  pool: Pool,
  tenantId: TenantId,
  after: string | null,
  limit: number,
): Promise<WebhookRow[]> {
  const { rows } = await pool.query<WebhookRow>(
    `select ${COLUMNS} from webhooks where tenant_id = $1 and ($2::uuid is null or webhook_id > $2)
     order by webhook_id limit $3`,
    [tenantId, after, limit],
  );
  return rows;
}

export async function findWebhook(
  pool: Pool,
  tenantId: TenantId,
  webhookId: string,
): Promise<WebhookRow | null> {
  const { rows } = await pool.query<WebhookRow>(
    `select ${COLUMNS} from webhooks where tenant_id = $1 and webhook_id = $2`,
    [tenantId, webhookId],
  );
  return rows[0] ?? null;
}

/** What is left out stays. Who enables one begins anew. */
export async function changeWebhook(
  pool: Pool,
  { tenantId, webhookId }: Pick<WebhookRow, 'tenantId' | 'webhookId'>,
  change: {
    url?: string | undefined;
    types?: WebhookType[] | null | undefined;
    description?: string | undefined;
    enabled?: boolean | undefined;
  },
): Promise<void> {
  await pool.query(
    `update webhooks set url = coalesce($3, url), types = case when $4 then $5 else types end,
       description = coalesce($6, description), enabled = coalesce($7, enabled),
       disabled_because = case when $7 is null then disabled_because when $7 then null else 'by-administrator' end,
       failing_since = case when $7 then null else failing_since end
     where tenant_id = $1 and webhook_id = $2`,
    [
      tenantId,
      webhookId,
      change.url,
      change.types !== undefined,
      change.types ?? null,
      change.description,
      change.enabled ?? null,
    ],
  );
}

export async function rotateSecret(
  pool: Pool,
  { tenantId, webhookId }: Pick<WebhookRow, 'tenantId' | 'webhookId'>,
  secret: Buffer,
  formerUntil: Date,
): Promise<void> {
  await pool.query(
    `update webhooks set former_secret = secret, former_until = $4, secret = $3
     where tenant_id = $1 and webhook_id = $2`,
    [tenantId, webhookId, secret, formerUntil],
  );
}

/** With all that was to be told there. */
export async function removeWebhook(pool: Pool, tenantId: TenantId, webhookId: string): Promise<void> {
  await pool.query(
    `with gone as (delete from webhooks where tenant_id = $1 and webhook_id = $2 returning webhook_id)
     delete from webhook_deliveries where webhook_id in (select webhook_id from gone)`,
    [tenantId, webhookId],
  );
}
