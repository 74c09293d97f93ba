// SPDX-License-Identifier: Apache-2.0
import {
  guardNotes,
  newEventId,
  type Address,
  type DataOf,
  type DomainEvent,
  type EmailId,
  type NewEvent,
  type PersonalOf,
  type RecipientId,
  type SealedEvent,
} from '@securemail/contracts';
import { ConcurrencyError } from '@securemail/event-store';
import { pause, reasonOf, signalAppended, sleeper, whileLeader } from '@securemail/event-log';
import { composeMessage } from '@securemail/mime';
import { gatewayAddressOf, type Platform, type Policy, type Tenant } from '@securemail/service';
import {
  ATTRIBUTE,
  count,
  currentTraceparent,
  METRIC,
  observe,
  reached,
  record,
  withSpan,
} from '@securemail/telemetry';
import { ContentDamagedError, ContentMissingError } from '@securemail/vault';
import { addressesOf } from '../domain/addresses.ts';
import {
  emailOf,
  heldSince,
  isSettled,
  isTold,
  outcomeOf,
  remindAt,
  settledAt,
  type Email,
} from '../domain/email.ts';
import { goesBack, receiptMail } from '../domain/receipt-mail.ts';
import {
  emailsOwedAReceipt,
  emailsPastDeadline,
  emailsToRemindOf,
  historyOf,
  nobodyToTell,
  oldestUnsettled,
  type Owed,
} from './projection.ts';

export interface Watch {
  /** Looks now instead of at the next round. */
  wake(): void;
  close(): Promise<void>;
}

const ROUND = 50;

/**
 * Looks for emails whose sender is to be told something: every recipient settled, or the deadline gone by. What it finds
 * stands in the database, so a crash between settling and telling is made up for at the next round.
 */
export function startWatch(platform: Platform, watchMs: number, clock: () => Date = () => new Date()): Watch {
  const { pool, store, vault, tenants, policies, logger } = platform;
  const closing = new AbortController();
  const { look, sleep, wake } = sleeper();
  /** Emails not to be looked at again before a time, milliseconds since 1970. */
  const setAside = new Map<EmailId, number>();

  /**
   * Appends unless another replica was first, or the event is there already.
   *
   * @returns whether it was appended here and now: true once for each thing that is to be told.
   */
  const tellOnce = async ({ emailId, tenantId }: Owed, event: NewEvent): Promise<boolean> => {
    try {
      const stream = await store.readStream(pool, emailId);
      if (stream.some((former) => saysTheSame(former, event))) return false;
      await store.append(pool, { emailId, tenantId }, stream.length, [event], {
        traceparent: currentTraceparent(),
      });
      signalAppended('receipts');
      reached('receipts:receipt-issued');
      return true;
    } catch (error) {
      if (!(error instanceof ConcurrencyError)) throw error;
      return false;
    }
  };

  const issueReceipt = async (
    owed: Owed,
    email: Email,
    tenant: Tenant,
    { data, personal }: Told,
    addresses: ReadonlyMap<RecipientId, Address>,
  ) => {
    const { mailFrom, subject, messageId } = personal;
    const policy = policies.of(tenant, mailFrom);
    const { language } = policy;
    const at = clock();
    const from = gatewayAddressOf(tenant);
    const reminder = isTold(email) ? email.reminders + 1 : 0;
    const facts = {
      email,
      from,
      sender: mailFrom,
      subject,
      messageId,
      addresses,
      guards: guardNotes(data.guards, (id) => addresses.get(id) ?? id, language),
      language,
      at,
      receiptMessageId: `<${newEventId()}@${tenant.domains[0] ?? 'localhost'}>`,
      reminder,
      keptUntil: keptUntil(email, policy),
    };
    const put = (original: AsyncIterable<Uint8Array> | null) =>
      vault.put(owed, composeMessage(receiptMail({ ...facts, original })));
    const returned = reminder === 0 && goesBack(email, data.content.size);
    const content = await put(returned ? vault.get(owed, data.content) : null).catch((error: unknown) => {
      // To be told comes before to get the mail back.
      if (!returned || !isLost(error)) throw error;
      logger.error({ emailId: owed.emailId, reason: reasonOf(error) }, 'a mail can not be sent back');
      return put(null);
    });
    reached('receipts:receipt-stored');
    const outcome = outcomeOf(email);
    const told = await tellOnce(owed, {
      name: 'ReceiptIssued',
      data: { content, outcome, issuedAt: at.toISOString(), decisions: email.decisions, reminder },
      personal: { recipient: mailFrom },
    });
    if (told && outcome === 'sent' && email.decisions === 0)
      record(METRIC.promiseDuration, secondsUntilSettled(email));
  };

  /** @returns false where nobody can ever be told: the email was erased. */
  const tell = async (owed: Owed): Promise<boolean> => {
    const sealed = await historyOf(pool, owed.emailId, owed.tenantId);
    const events = await Promise.all(sealed.map((event) => store.open(event)));
    const email = emailOf(events);
    const acceptance = events.find((event) => event.name === 'EmailAccepted');
    if (email === null || acceptance === undefined) return false;
    const attributes = { [ATTRIBUTE.emailId]: owed.emailId, [ATTRIBUTE.tenantId]: owed.tenantId };
    if (settledAt(email) !== null) {
      const [tenant, { personal }] = [tenants.get(owed.tenantId), acceptance];
      const sender = personal?.mailFrom ?? null;
      if (tenant === undefined || personal === null || sender === null) return false;
      // Told meanwhile, and not to be reminded yet.
      const { holding } = policies.of(tenant, sender);
      const due = remindAt(email, holding.remindAfterHours);
      if (isTold(email) && (due === null || due > clock())) return true;
      await withSpan(
        'securemail.receipts',
        'issue receipt',
        { attributes, parent: lastTraceparent(sealed) },
        () =>
          issueReceipt(
            owed,
            email,
            tenant,
            { data: acceptance.data, personal: { ...personal, mailFrom: sender } },
            addressesOf(events),
          ),
      );
      return true;
    }
    logger.error({ emailId: owed.emailId, tenantId: owed.tenantId }, 'deadline missed');
    await withSpan(
      'securemail.receipts',
      'deadline missed',
      { attributes, parent: acceptance.traceparent },
      async () => {
        const told = await tellOnce(owed, {
          name: 'DeadlineMissed',
          data: {
            deadlineAt: email.deadlineAt,
            recipientIds: email.recipients
              .filter((recipient) => !isSettled(recipient))
              .map(({ recipientId }) => recipientId),
          },
          personal: null,
        });
        if (told) count(METRIC.deadlinesMissed);
      },
    );
    return true;
  };

  const round = async () => {
    const now = clock();
    for (const [emailId, until] of setAside) if (until < now.getTime()) setAside.delete(emailId);
    const look = { limit: ROUND, tenants: [...tenants.keys()], except: [...setAside.keys()] };
    const owed = [
      ...(await emailsOwedAReceipt(pool, look)),
      ...(await emailsPastDeadline(pool, now, look)),
      ...(await emailsToRemindOf(pool, now, look)),
    ];
    await Promise.all(
      owed.map(async (each) => {
        try {
          if (!(await tell(each))) {
            await nobodyToTell(pool, each.emailId);
            logger.warn({ emailId: each.emailId }, 'there is nobody to be told any more');
          }
          // The projection says so a moment later; until then the email need not be looked at again.
          setAside.set(each.emailId, clock().getTime() + 2_000);
        } catch (error) {
          setAside.set(each.emailId, clock().getTime() + 5_000);
          logger.error(
            { emailId: each.emailId, reason: reasonOf(error) },
            'the sender could not be told, trying again',
          );
        }
      }),
    );
  };

  const watchOver = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      look();
      await round().catch((error: unknown) => {
        logger.warn({ reason: reasonOf(error) }, 'the watch could not look, trying again');
      });
      // Many events end in few emails: a short breath lets one look serve several.
      await pause(25, signal);
      await sleep(watchMs, signal);
    }
  };
  // One of all replicas: what the others would compose and store would be thrown away.
  const running = whileLeader(pool, 'watch', closing.signal, watchOver, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the watch could not begin, trying again');
  });
  const watched = observe(METRIC.oldestAge, async () => {
    const oldest = await oldestUnsettled(pool);
    const age = oldest === null ? 0 : (clock().getTime() - oldest.getTime()) / 1_000;
    return [{ value: Math.max(0, age), attributes: {} }];
  });
  return {
    wake,
    close: async () => {
      watched.close();
      closing.abort();
      await running;
    },
  };
}

/** It will not be there at another try either. */
const isLost = (error: unknown): boolean =>
  error instanceof ContentMissingError || error instanceof ContentDamagedError;

/** What the acceptance says that its sender is told. */
interface Told {
  data: DataOf<'EmailAccepted'>;
  personal: PersonalOf<'EmailAccepted'> & { mailFrom: Address };
}

/** A receipt about the same decisions, as late a reminder; or the other thing that is told once. */
const saysTheSame = (former: DomainEvent, event: NewEvent): boolean =>
  former.name === 'ReceiptIssued' && event.name === 'ReceiptIssued'
    ? former.data.decisions >= event.data.decisions && former.data.reminder >= event.data.reminder
    : former.name === event.name;

/** Until when what is held of it is kept; null where nobody is held. */
function keptUntil(email: Email, { holding }: Pick<Policy, 'holding'>): Date | null {
  const since = heldSince(email);
  return since === null ? null : new Date(Date.parse(since) + holding.endAfterDays * 24 * 3_600_000);
}

/** Two services' clocks may differ by a little. */
const secondsUntilSettled = (email: Email): number =>
  Math.max(0, Date.parse(settledAt(email) ?? email.acceptedAt) - Date.parse(email.acceptedAt)) / 1_000;

/** The span that settled the last recipient: the receipt follows from it. */
function lastTraceparent(events: readonly SealedEvent[]): string | null {
  const byTime = events.toSorted((a, b) => a.time.localeCompare(b.time));
  return byTime.findLast(({ traceparent }) => traceparent !== null)?.traceparent ?? null;
}
