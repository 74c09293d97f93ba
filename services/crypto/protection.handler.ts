// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import {
  protectedMessageId,
  type AddressedRecipient,
  type DomainEvent,
  type NewEvent,
} from '@securemail/contracts';
import { HandlesEvent, type EventContext } from '@securemail/event-log';
import { gatewayAddressOf, PLATFORM, type ForwardingDirectory, type Platform } from '@securemail/service';
import type { RevocationChecker } from '@securemail/smime';
import type { TlsPolicies } from '@securemail/tls-policy';
import { withSpan } from '@securemail/telemetry';
import type { Vault } from '@securemail/vault';
import { appendAndNote } from './adapters/append-and-note.ts';
import { askFound } from './adapters/ask-revocation.ts';
import { findHeld } from './adapters/held-emails.ts';
import type { LdapDirectories } from './adapters/ldap-directory.ts';
import type { SmimeaRecords } from './adapters/smimea-records.ts';
import type { Directory } from './domain/directory.ts';
import { holdingOf, withCorrections, type Holding } from './domain/holding.ts';
import type { Planned } from './domain/plan.ts';
import { sentAgain, split } from './domain/sending-again.ts';
import type { Received } from './adapters/received.ts';
import { openReceived, type OpeningSources } from './opening.ts';
import { orHeld } from './or-held.ts';
import { protectSent, type Beginning, type ProtectingSources } from './protecting.ts';
import {
  CRYPTO_SETTINGS,
  DIRECTORY,
  FORWARDINGS,
  LDAP,
  REVOCATION,
  SMIMEA,
  TLS_POLICIES,
  type CryptoSettings,
} from './settings.ts';
import { storedIfMade } from './stored-if-made.ts';

/** An email that was never planned before. */
const FIRST: Holding = { held: new Map(), messages: 0, releasing: 0, corrected: new Map(), sequence: 0 };

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
    @Inject(FORWARDINGS) private readonly forwardings: ForwardingDirectory,
  ) {}

  @HandlesEvent('EmailAccepted')
  async onEmailAccepted(event: DomainEvent<'EmailAccepted'>, context: EventContext): Promise<void> {
    // Erased before it was protected: there is nothing left that could be sent.
    if (event.personal === null) return;
    const at = new Date();
    const { emailId, tenantId, data, personal } = event;
    const beginning = { acceptance: event, since: data.acceptedAt, before: FIRST };
    const events = await this.#protectFor(personal.recipients, beginning, at, context.progressed);
    const noted = {
      emailId,
      tenantId,
      mailFrom: personal.mailFrom,
      deadlineAt: new Date(data.deadlineAt),
      before: FIRST,
      known: { acceptance: context.sealed, unknownOutcomes: [], heldSince: null },
      at,
    };
    await appendAndNote(events, noted, this.platform, context);
  }

  /** A person let held recipients be tried again. What crypto itself said comes back to it as to everybody else. */
  @HandlesEvent('EmailReleased')
  async onEmailReleased(event: DomainEvent<'EmailReleased'>, context: EventContext): Promise<void> {
    const { pool, store } = this.platform;
    // The stream first: what is noted meanwhile is then in neither, or makes what follows begin anew.
    const stream = await store.readStream(pool, event.emailId);
    const known = await findHeld(pool, event.emailId, event.tenantId);
    if (known === null) return;
    const at = new Date();
    const before = holdingOf(stream);
    const { again, anew } = split(event, stream);
    const acceptance = known.acceptance === null ? null : await store.open(known.acceptance);
    const accepted = acceptance?.name === 'EmailAccepted' ? acceptance : null;
    const recipients = withCorrections(accepted?.personal?.recipients ?? [], before.corrected).filter(
      ({ recipientId }) => anew.includes(recipientId),
    );
    const planned =
      accepted === null || recipients.length === 0
        ? []
        : await this.#protectFor(
            recipients,
            { acceptance: accepted, since: event.time, before },
            at,
            context.progressed,
          );
    const events = sentAgain(stream, again, planned, before.messages);
    // Erased: there is nothing left that could be sent.
    if (events.length === 0) return;
    const mailFrom = accepted?.personal?.mailFrom ?? null;
    await appendAndNote(events, { ...known, mailFrom, before, known, at }, this.platform, context);
  }

  async #protectFor(
    recipients: readonly AddressedRecipient[],
    { acceptance, since, before }: Beginning,
    at: Date,
    progressed: () => void,
  ): Promise<NewEvent[]> {
    return await storedIfMade(acceptance.emailId, this.platform, (vault) =>
      this.#makeFor(recipients, { acceptance, since, before }, this.#sources(vault, at, progressed)),
    );
  }

  async #makeFor(
    recipients: readonly AddressedRecipient[],
    { acceptance, since, before }: Beginning,
    sources: ProtectingSources & OpeningSources,
  ): Promise<NewEvent[]> {
    if (acceptance.personal === null) return [];
    const { emailId, tenantId, data } = acceptance;
    const { mailFrom, arrival: names } = acceptance.personal;
    if (data.arrival !== null && names !== null) {
      const tenant = this.platform.tenants.get(tenantId);
      // A report would have in it, in clear, what was written here to keep it secure.
      const returnPath =
        data.channel === 'mailbox' && tenant !== undefined ? gatewayAddressOf(tenant) : mailFrom;
      const received = { emailId, tenantId, mailFrom, returnPath, ...data, arrival: data.arrival, names };
      return await this.#open(recipients, received, before, sources);
    }
    if (mailFrom === null) return [];
    const beginning = { acceptance, since, before };
    return await protectSent(recipients, mailFrom, beginning, sources);
  }

  /** What comes in: opened with the keys of whom it is for. */
  async #open(
    recipients: readonly AddressedRecipient[],
    received: Received,
    before: Holding,
    sources: OpeningSources,
  ): Promise<NewEvent[]> {
    const message: Planned = {
      protectedMessageId: protectedMessageId(before.messages + 1),
      method: 'internal',
      recipientIds: recipients.map(({ recipientId }) => recipientId),
    };
    return await orHeld(message, received.emailId, this.platform.logger, () =>
      withSpan('securemail.crypto', 'open', {}, () =>
        openReceived(recipients, received, before.messages, sources),
      ),
    );
  }

  #sources(vault: Vault, at: Date, progressed: () => void) {
    const { settings, ldap, smimea, policies, revocation, forwardings } = this;
    const { revocationCheckHours: hours } = settings;
    return {
      platform: { ...this.platform, vault },
      settings,
      directory: this.directory(),
      ldap,
      smimea,
      askFound: hours === 0 ? null : askFound(revocation, hours * 3_600_000),
      policies,
      revocation,
      forwardings,
      at,
      progressed,
    };
  }
}
