// SPDX-License-Identifier: Apache-2.0
import type { EmailId, EventId, SealedEvent, ServiceName, TenantId } from '@securemail/contracts';

/** A row of `events` as `pg` reads it. What stands there was checked when it was appended. */
export interface SealedRow {
  id: EventId;
  name: string;
  version: number;
  source: ServiceName;
  time: Date;
  tenant_id: TenantId;
  email_id: EmailId;
  sequence: number;
  traceparent: string | null;
  data: unknown;
  personal: string | null;
}

export const SEALED_COLUMNS =
  'id, name, version, source, time, tenant_id, email_id, sequence, traceparent, data, personal';

export const sealedEvent = (row: SealedRow): SealedEvent => ({
  id: row.id,
  name: row.name,
  version: row.version,
  source: row.source,
  time: row.time.toISOString(),
  tenantId: row.tenant_id,
  emailId: row.email_id,
  sequence: row.sequence,
  traceparent: row.traceparent,
  data: row.data,
  personal: row.personal,
});
