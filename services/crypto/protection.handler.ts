// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import {
  protectedMessageId,
  type Address,
  type AddressedRecipient,
  type DomainEvent,
  type NewEvent,
  type TenantId,
} from '@securemail/contracts';
import { HandlesEvent, type EventContext, signalAppended } from '@securemail/event-log';
import { PLATFORM, type Platform } from '@securemail/service';
import type { RevocationChecker } from '@securemail/smime';
import type { TlsPolicies } from '@securemail/tls-policy';
import { currentTraceparent, withSpan } from '@securemail/telemetry';
import { findHeld, forgetHeld, noteHeld, type HeldEmail } from './adapters/held-emails.ts';
import type { LdapDirectories } from './adapters/ldap-directory.ts';
import type { SmimeaRecords } from './adapters/smimea-records.ts';
import type { Directory } from './domain/directory.ts';
import { changesIn, heldIn, holdingOf, type Holding } from './domain/holding.ts';
import type { Planned } from './domain/plan.ts';
import type { Received } from './adapters/received.ts';
import { openReceived } from './opening.ts';
import { orHeld } from './or-held.ts';
import { protectSent, type Beginning } from './protecting.ts';
import {
  CRYPTO_SETTINGS,
  DIRECTORY,
  LDAP,
  REVOCATION,
  SMIMEA,
  TLS_POLICIES,
  type CryptoSettings,
} from './settings.ts';

/** An email that was never planned before. */
const FIRST: Holding = { held: new Map(), messages: 0, releasing: 0, sequence: 0 };
/** For an organisation that is not in the settings any more. */
const HOLD_DAYS = 7;

/** Turns an accepted email into protected messages, or an opened one where it came from outside, and holds what can't be. */
@Controller()
export class ProtectionHandler {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CRYPTO_SETTINGS) private readonly settings: CryptoSettings,
    @Inject(DIRECTORY) private readonly directory: () => Directory,
    @Inject(LDAP) private readonly ldap: LdapDirectories | null,
    @Inject(SMIMEA) private readonly smimea: SmimeaRecords | null,
    @Inject(TLS_POLICIES) private readonly policies: TlsPolicies,
    @Inject(REVOCATION) private readonly revocation: RevocationChecker,
  ) {}

  @HandlesEvent('EmailAccepted')
  async onEmailAccepted(event: DomainEvent<'EmailAccepted'>, context: EventContext): Promise<void> {
    // Erased before it was protected: there is nothing left that could be sent.
    if (event.personal === null) return;
    const recipients = event.personal.recipients;
    await this.#protectFor(
      recipients,
      { acceptance: event, since: event.data.acceptedAt, before: FIRST },
      context,
      {
        acceptance: context.sealed,
        heldSince: null,
      },
    );
  }

  /** A person let held recipients be tried again. What crypto itself said comes back to it as to everybody else. */
  @HandlesEvent('EmailReleased')
  async onEmailReleased(event: DomainEvent<'EmailReleased'>, context: EventContext): Promise<void> {
    const { pool, store } = this.platform;
    const known = await findHeld(pool, event.emailId, event.tenantId);
    const acceptance = known === null ? null : await store.open(known.acceptance);
    if (acceptance?.name !== 'EmailAccepted' || acceptance.personal === null) return;
    const stream = await store.readStream(pool, event.emailId);
    const changes = changesIn(stream);
    const recipients = acceptance.personal.recipients
      .filter(({ recipientId }) => event.data.recipientIds.includes(recipientId))
      .map((recipient) => ({
        ...recipient,
        address: changes.get(recipient.recipientId) ?? recipient.address,
      }));
    const before = holdingOf(stream);
    await this.#protectFor(recipients, { acceptance, since: event.time, before }, context, known);
  }

  async #protectFor(
    recipients: readonly AddressedRecipient[],
    { acceptance, since, before }: Beginning,
    context: EventContext,
    known: (Pick<HeldEmail, 'acceptance'> & { heldSince: Date | null; endsAt?: Date }) | null,
  ): Promise<void> {
    if (acceptance.personal === null || known === null) return;
    const at = new Date();
    const { emailId, tenantId, data } = acceptance;
    const { mailFrom, arrival: names } = acceptance.personal;
    const events =
      data.arrival !== null && names !== null
        ? await this.#open(
            recipients,
            { emailId, tenantId, mailFrom, ...data, arrival: data.arrival, names },
            before,
            at,
            context.progressed,
          )
        : mailFrom !== null
          ? await protectSent(
              recipients,
              mailFrom,
              { acceptance, since, before },
              this.#sources(at, context.progressed),
            )
          : [];
    const heldNow = heldIn(events);
    const { store } = this.platform;
    if (heldNow.size === 0 && known.heldSince === null) {
      await context.append(store, before.sequence, events, currentTraceparent());
    } else {
      const endsAt = new Date(at.getTime() + this.#holdDays(tenantId, mailFrom) * 24 * 3_600_000);
      await context.commit(async (tx) => {
        await store.append(tx, acceptance, before.sequence, events, { traceparent: currentTraceparent() });
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
          deadlineAt: new Date(data.deadlineAt),
          recipients,
          // Who is held again has all the time anew, and with him all others of the email.
          heldSince: heldNow.size > 0 ? at : (known.heldSince ?? at),
          endsAt: heldNow.size > 0 ? endsAt : (known.endsAt ?? endsAt),
        });
      });
    }
    signalAppended('crypto');
  }

  /** What comes in: opened with the keys of whom it is for. */
  async #open(
    recipients: readonly AddressedRecipient[],
    received: Received,
    before: Holding,
    at: Date,
    progressed: () => void,
  ): Promise<NewEvent[]> {
    const message: Planned = {
      protectedMessageId: protectedMessageId(before.messages + 1),
      method: 'internal',
      recipientIds: recipients.map(({ recipientId }) => recipientId),
    };
    return await orHeld(message, received.emailId, this.platform.logger, () =>
      withSpan('securemail.crypto', 'open', {}, () =>
        openReceived(recipients, received, before.messages, this.#sources(at, progressed)),
      ),
    );
  }

  #sources(at: Date, progressed: () => void) {
    const { platform, settings, ldap, smimea, policies, revocation } = this;
    return {
      platform,
      settings,
      directory: this.directory(),
      ldap,
      smimea,
      policies,
      revocation,
      at,
      progressed,
    };
  }

  #holdDays(tenantId: TenantId, mailFrom: Address | null): number {
    const { tenants, policies } = this.platform;
    const tenant = tenants.get(tenantId);
    return tenant === undefined ? HOLD_DAYS : policies.of(tenant, mailFrom).holding.endAfterDays;
  }
}
