// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import {
  protectedMessageId,
  type Address,
  type AddressedRecipient,
  type DomainEvent,
  type EmailId,
  type NewEvent,
} from '@securemail/contracts';
import { AwayError, HandlesEvent, reasonOf, type EventContext } from '@securemail/event-log';
import { MalformedMessageError } from '@securemail/mime';
import { PLATFORM, type Platform } from '@securemail/service';
import {
  CryptographicOperationError,
  KeyUnavailableError,
  UnsuitableCertificateError,
  type RevocationChecker,
} from '@securemail/smime';
import type { TlsPolicies } from '@securemail/tls-policy';
import { ATTRIBUTE, withSpan } from '@securemail/telemetry';
import { ContentDamagedError, ContentMissingError } from '@securemail/vault';
import { appendAndNote } from './adapters/append-and-note.ts';
import { certifyingFor } from './adapters/certifying.ts';
import { gatherFacts } from './adapters/gathered-facts.ts';
import { findHeld } from './adapters/held-emails.ts';
import type { LdapDirectories } from './adapters/ldap-directory.ts';
import type { SmimeaRecords } from './adapters/smimea-records.ts';
import { protect, PlanOutdatedError, type Original } from './adapters/protector.ts';
import type { Directory } from './domain/directory.ts';
import type { Surroundings } from './domain/facts.ts';
import { holdingOf, withCorrections, type Holding } from './domain/holding.ts';
import { failed, plan, type Planned } from './domain/plan.ts';
import { sentAgain, split } from './domain/sending-again.ts';
import { fewAtATime } from './few-at-a-time.ts';
import type { Received } from './adapters/received.ts';
import { openReceived } from './opening.ts';
import {
  CRYPTO_SETTINGS,
  DIRECTORY,
  LDAP,
  REVOCATION,
  SMIMEA,
  TLS_POLICIES,
  type CryptoSettings,
} from './settings.ts';

/**
 * How many messages of one email are made side by side. Each holds about 5 MB, whatever the size of the mail: four
 * chunks of the vault on their way in and four on their way out, as the database driver wants them.
 */
const MESSAGES_AT_ONCE = 4;

/** An email that was never planned before. */
const FIRST: Holding = { held: new Map(), messages: 0, releasing: 0, corrected: new Map(), sequence: 0 };

interface Beginning {
  acceptance: DomainEvent<'EmailAccepted'>;
  /** When this try began to count. */
  since: string;
  before: Holding;
}

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
    const known = await findHeld(pool, event.emailId, event.tenantId);
    if (known === null) return;
    const at = new Date();
    const stream = await store.readStream(pool, event.emailId);
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
    if (acceptance.personal === null) return [];
    const { emailId, tenantId, data } = acceptance;
    const { mailFrom, arrival: names } = acceptance.personal;
    if (data.arrival !== null && names !== null) {
      const received = { emailId, tenantId, mailFrom, ...data, arrival: data.arrival, names };
      return await this.#open(recipients, received, before, at, progressed);
    }
    return mailFrom === null
      ? []
      : await this.#protect(recipients, mailFrom, { acceptance, since, before }, at, progressed);
  }

  /** What leaves: planned, and made. */
  async #protect(
    recipients: readonly AddressedRecipient[],
    mailFrom: Address,
    { acceptance, since, before }: Beginning,
    at: Date,
    progressed: () => void,
  ): Promise<NewEvent[]> {
    const { emailId, tenantId, data } = acceptance;
    const original: Original = {
      emailId,
      tenantId,
      mailFrom,
      recipients,
      content: data.content,
      sensitive: data.guards.some(({ rules }) => rules.length > 0),
      deadlineAt: data.deadlineAt,
      disclosed: (acceptance.personal?.recipients ?? []).filter(({ disclosed }) => disclosed),
      messageId: acceptance.personal?.messageId ?? '',
      channel: data.channel,
    };
    const sources = {
      platform: this.platform,
      directory: this.directory(),
      ldap: this.ldap,
      smimea: this.smimea,
      policies: this.policies,
      progressed,
    };
    const { facts, directory, tls, certificatesUnknown } = await gatherFacts(sources, original, at);
    this.#beAwayWhereUnknown(tls, certificatesUnknown, since, at);
    const { planned, messages, held } = plan(facts, before.messages);
    const made = await fewAtATime(MESSAGES_AT_ONCE, messages, (message) =>
      this.#make(message, original, directory, at, progressed),
    );
    return [planned, ...made.flat(), ...held];
  }

  /** What comes in: opened with the keys of whom it is for. */
  async #open(
    recipients: readonly AddressedRecipient[],
    received: Received,
    before: Holding,
    at: Date,
    progressed: () => void,
  ): Promise<NewEvent[]> {
    const means = {
      platform: this.platform,
      settings: this.settings,
      directory: this.directory(),
      revocation: this.revocation,
      at,
      progressed,
    };
    const message: Planned = {
      protectedMessageId: protectedMessageId(before.messages + 1),
      method: 'internal',
      recipientIds: recipients.map(({ recipientId }) => recipientId),
    };
    return await this.#orHeld(message, received.emailId, () =>
      withSpan('securemail.crypto', 'open', {}, () =>
        openReceived(recipients, received, before.messages, means),
      ),
    );
  }

  /** A server of others that does not answer may soon; the email is not held for that at once. */
  #beAwayWhereUnknown(tls: Surroundings['tls'], certificates: number, since: string, at: Date): void {
    const domains = [...tls.values()].filter((finding) => finding === 'tls-lookup-failed').length;
    const patience = this.settings.lookupPatienceSeconds * 1_000;
    if (domains + certificates === 0 || at.getTime() >= Date.parse(since) + patience) return;
    throw new AwayError(`${domains} domains and ${certificates} certificates can not be looked up`);
  }

  async #make(
    message: Planned,
    original: Original,
    directory: Directory,
    at: Date,
    progressed: () => void,
  ): Promise<NewEvent[]> {
    const { vault } = this.platform;
    const attributes = { [ATTRIBUTE.protectionMethod]: message.method };
    return await this.#orHeld(message, original.emailId, () =>
      withSpan('securemail.crypto', 'protect', { attributes }, async () => [
        await protect(message, original, {
          vault,
          directory,
          settings: this.settings,
          certifying: certifyingFor(
            this.platform,
            { tenantId: original.tenantId, own: original.mailFrom, received: false },
            directory,
            at,
          ),
          at,
          progressed,
        }),
      ]),
    );
  }

  /**
   * A fault of the message itself is decided here; a fault of ours (database, vault, a key that is away) is thrown, and
   * tried again.
   */
  async #orHeld(message: Planned, emailId: EmailId, make: () => Promise<NewEvent[]>): Promise<NewEvent[]> {
    const { logger } = this.platform;
    try {
      return await make();
    } catch (error) {
      if (error instanceof ContentDamagedError || error instanceof ContentMissingError) {
        logger.error({ emailId, reason: reasonOf(error) }, 'content unreadable: held');
        return failed(message, 'content-unreadable');
      }
      if (FAULTS.some((fault) => error instanceof fault)) {
        logger.error({ emailId, reason: reasonOf(error) }, 'message could not be made: held');
        return failed(message, 'protection-failed');
      }
      if (error instanceof KeyUnavailableError) {
        throw new AwayError(`a key can not be asked (${error.name})`, { cause: error });
      }
      throw error;
    }
  }
}

const FAULTS = [
  MalformedMessageError,
  CryptographicOperationError,
  UnsuitableCertificateError,
  PlanOutdatedError,
];
