// SPDX-License-Identifier: Apache-2.0
import type { Address, EmailId, NewEvent, TenantId } from '@securemail/contracts';
import { signalAppended, type EventContext } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { heldIn, heldUntil, type Holding } from '../domain/holding.ts';
import { countDecided } from './count-decided.ts';
import { forgetHeld, noteHeld, type HeldEmail } from './held-emails.ts';

/** For an organisation that is not in the settings any more. */
const HOLD_DAYS = 7;

export interface Noted {
  emailId: EmailId;
  tenantId: TenantId;
  /** Whose settings say how long it is held; null: the organisation's. */
  mailFrom: Address | null;
  deadlineAt: Date;
  /** Where its recipients stood when it was decided what to append. */
  before: Holding;
  /** What it takes to go on with who is held, as far as it was noted before. */
  known: Pick<HeldEmail, 'acceptance' | 'unknownOutcomes'> & { heldSince: Date | null; endsAt?: Date };
  at: Date;
}

/** Appends what was decided about an email, and notes who of it is held now; all of it or nothing. */
export async function appendAndNote(
  events: readonly NewEvent[],
  { emailId, tenantId, mailFrom, deadlineAt, before, known, at }: Noted,
  { store, tenants, policies }: Pick<Platform, 'store' | 'tenants' | 'policies'>,
  context: EventContext,
): Promise<void> {
  const heldNow = heldIn(events);
  if (heldNow.size === 0 && known.heldSince === null) {
    await context.append(store, before.sequence, events, currentTraceparent());
  } else {
    const tenant = tenants.get(tenantId);
    const days = tenant === undefined ? HOLD_DAYS : policies.of(tenant, mailFrom).holding.endAfterDays;
    const endsAt = new Date(at.getTime() + days * 24 * 3_600_000);
    await context.commit(async (tx) => {
      const stream = { emailId, tenantId };
      await store.append(tx, stream, before.sequence, heldUntil(events, endsAt.toISOString()), {
        traceparent: currentTraceparent(),
      });
      const recipients = new Map([...before.held, ...heldNow]);
      // Another release, which is not worked on yet, needs what is known of the email.
      if (recipients.size === 0 && before.releasing <= 1) {
        await forgetHeld(tx, emailId);
        return;
      }
      await noteHeld(tx, {
        emailId,
        tenantId,
        acceptance: known.acceptance,
        unknownOutcomes: known.unknownOutcomes,
        deadlineAt,
        recipients,
        // Who is held again has all the time anew, and with him all others of the email.
        heldSince: heldNow.size > 0 ? at : (known.heldSince ?? at),
        endsAt: heldNow.size > 0 ? endsAt : (known.endsAt ?? endsAt),
      });
    });
  }
  signalAppended('crypto');
  countDecided(events);
}
