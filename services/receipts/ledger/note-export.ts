// SPDX-License-Identifier: Apache-2.0
import { EmailId, newEmailId, type TenantId } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import type { EventStore, Pool } from '@securemail/event-store';
import { sessionIn } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { looking } from '../console/adapters/sessions.ts';
import { signedOut } from '../console/looks.ts';
import type { ReadyExport } from './export-ledger.ts';

/** Who takes history out of the ledger stands in it. */
export interface Exporter {
  /** An API key, or the session of a person; null: at the command line. */
  keyId: string | null;
  by: string;
  reason: string;
}

export async function noteExport(
  { pool, store }: { pool: Pool; store: EventStore },
  tenantId: TenantId,
  { scope, checkpoint }: Pick<ReadyExport, 'scope' | 'checkpoint'>,
  { keyId, by, reason }: Exporter,
): Promise<void> {
  const of =
    scope.kind === 'email'
      ? { emailId: EmailId.parse(scope.emailId), from: null, to: null }
      : { emailId: null, from: scope.from, to: scope.to };
  const sessionId = keyId === null ? null : sessionIn(keyId);
  const appended = await store.append(
    pool,
    { emailId: newEmailId(), tenantId },
    0,
    [
      {
        name: 'AuditExported',
        data: { ...of, events: scope.count, size: checkpoint.size, keyId },
        personal: { by, reason },
      },
    ],
    {
      traceparent: currentTraceparent(),
      ...(sessionId === null ? {} : { when: looking(sessionId) }),
    },
  );
  if (appended.length === 0) throw signedOut();
  signalAppended('receipts');
}
