// SPDX-License-Identifier: Apache-2.0
import type { Address, DomainEvent, NewEvent, PersonalOf } from '@securemail/contracts';
import { postmasterOf, type ForwardingDirectory, type Platform, type Tenant } from '@securemail/service';
import { ATTRIBUTE, withSpan } from '@securemail/telemetry';
import { dueOf, settledLate, type Due } from '../domain/due.ts';
import type { Email, Recipient } from '../domain/email.ts';
import { emailOf } from '../domain/fold.ts';
import { followsFrom } from '../domain/follows-from.ts';
import { digestDue, SOON } from '../domain/mailing.ts';
import { isSettled, outcomeOf, settledAt } from '../domain/standing.ts';
import type { Prover } from '../ledger/prover.ts';
import type { ReceiptsSettings } from '../settings.ts';
import { addDigestEntry } from './digest-entries.ts';
import { howTold } from './how-told.ts';
import { measureMissed, measureSettled } from './measure.ts';
import { historyOf, type Owed } from './projection.ts';
import { receiptStorer, type Tellable } from './receipt-content.ts';
import { toldOnce } from './told-once.ts';

export interface Telling {
  settings: Pick<ReceiptsSettings, 'interimAfterMinutes' | 'gatherSeconds' | 'digest' | 'mostInARow'>;
  clock: () => Date;
  prover: Prover;
  forwardings: ForwardingDirectory;
}

/**
 * Tells the sender of one email what is to be told now, and that a deadline was missed to everybody who listens.
 *
 * @returns what does, by all that happened until a time, null where that is not known; false where nobody can ever be told: the email was erased.
 */
export function teller(
  platform: Platform,
  { settings, clock, prover, forwardings }: Telling,
): (owed: Owed, knownAt: Date | null) => Promise<boolean> {
  const { pool, store, tenants, policies, logger } = platform;
  const how = howTold(platform, settings);
  const stored = receiptStorer(platform, prover, forwardings);

  /** The event that tells the sender, with the mail where it is told by one of its own. */
  const receipt = async (tellable: Tellable, kind: Due) => {
    const { email } = tellable;
    const at = clock();
    const { mailing, recipient } = await how(tellable, kind, at);
    const event: NewEvent = {
      name: 'ReceiptIssued',
      data: {
        kind,
        content: mailing === 'now' ? await stored({ ...tellable, sender: recipient }, kind, at) : null,
        outcome: settledAt(email) === null ? 'in-progress' : outcomeOf(email),
        issuedAt: at.toISOString(),
        holds: email.holds,
        decisions: email.decisions,
        setbacks: email.setbacks,
        reminder: kind === 'reminder' ? email.reminders + 1 : 0,
      },
      personal: { recipient },
    };
    return { event, mailing, at };
  };

  const tell = async (of: Tellable, due: Due) => {
    const { owed, email } = of;
    const { event, mailing, at } = await receipt(of, due);
    const late = due === 'final' ? settledLate(email) : [];
    const listed = { digest: settings.digest, 'digest-soon': SOON, now: null, none: null }[mailing];
    const told = await toldOnce(
      platform,
      owed,
      of.events,
      late.length > 0 ? [missedBy(email, late), event] : [event],
      listed === null ? undefined : (tx) => addDigestEntry(tx, owed, digestDue(at, listed)),
    );
    if (told && due === 'final') measureSettled(email, of.events);
  };

  const tellDeadlineMissed = async (
    owed: Owed,
    email: Email,
    events: readonly DomainEvent[],
    of: Tellable | null,
  ) => {
    logger.error({ emailId: owed.emailId, tenantId: owed.tenantId }, 'deadline missed');
    const missed = missedBy(
      email,
      email.recipients.filter((recipient) => !isSettled(recipient) && recipient.released === null),
    );
    const told = await toldOnce(
      platform,
      owed,
      events,
      of === null ? [missed] : [missed, (await receipt(of, 'deadline')).event],
    );
    if (told) measureMissed();
  };

  return async (owed, knownAt) => {
    const sealed = await historyOf(pool, owed.emailId, owed.tenantId);
    const events = await Promise.all(sealed.map((event) => store.open(event)));
    const email = emailOf(events);
    const acceptance = events.find((event) => event.name === 'EmailAccepted');
    if (email === null || acceptance === undefined) return false;
    const { data, personal } = acceptance;
    const tenant = tenants.get(owed.tenantId);
    const sender = whoIsTold(email, tenant, personal);
    const of =
      tenant === undefined || personal === null || sender === null
        ? null
        : { owed, email, events, data, personal, sender, tenant, policy: policies.of(tenant, sender) };
    const within = (name: string, parent: string | null, work: () => Promise<void>) =>
      withSpan(
        'securemail.receipts',
        name,
        {
          attributes: { [ATTRIBUTE.emailId]: owed.emailId, [ATTRIBUTE.tenantId]: owed.tenantId },
          parent,
        },
        work,
      );
    const remindAfterHours = of?.policy.holding.remindAfterHours ?? [];
    const due = dueOf(email, { ...settings, remindAfterHours }, knownAt);
    if (due === 'deadline') {
      // Who wrote from outside was promised nothing.
      const promised = email.direction === 'inbound' ? null : of;
      await within('deadline missed', acceptance.traceparent, () =>
        tellDeadlineMissed(owed, email, events, promised),
      );
      return true;
    }
    if (of === null) return false;
    // Told meanwhile.
    if (due === null) return true;
    const [name, parent] =
      due === 'interim'
        ? ['issue interim receipt', acceptance.traceparent]
        : ['issue receipt', followsFrom(sealed)];
    await within(name, parent, () => tell(of, due));
    return true;
  };
}

const missedBy = ({ deadlineAt }: Email, recipients: readonly Recipient[]): NewEvent => ({
  name: 'DeadlineMissed',
  data: { deadlineAt, recipientIds: recipients.map(({ recipientId }) => recipientId) },
  personal: null,
});

/** Who sent it; of what came from outside the postmaster, as the sender may be anybody. Null where the email was erased. */
function whoIsTold(
  { direction }: Email,
  tenant: Tenant | undefined,
  personal: PersonalOf<'EmailAccepted'> | null,
): Address | null {
  if (personal === null || tenant === undefined) return null;
  return direction === 'inbound' ? postmasterOf(tenant) : personal.mailFrom;
}
