// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import type { DomainEvent, NewEvent } from '@securemail/contracts';
import { AwayError, HandlesEvent, reasonOf, type EventContext, signalAppended } from '@securemail/event-log';
import { MalformedMessageError } from '@securemail/mime';
import { PLATFORM, type Platform } from '@securemail/service';
import {
  CryptographicOperationError,
  KeyUnavailableError,
  UnsuitableCertificateError,
} from '@securemail/smime';
import { ATTRIBUTE, currentTraceparent, withSpan } from '@securemail/telemetry';
import { ContentDamagedError, ContentMissingError } from '@securemail/vault';
import { gatheredFor } from './adapters/gathered-directory.ts';
import type { LdapDirectories } from './adapters/ldap-directory.ts';
import { protect, PlanOutdatedError, type Original } from './adapters/protector.ts';
import type { Directory } from './domain/directory.ts';
import { factsOf } from './domain/facts.ts';
import { failed, plan, type Planned } from './domain/plan.ts';
import { fewAtATime } from './few-at-a-time.ts';
import { CRYPTO_SETTINGS, DIRECTORY, LDAP, type CryptoSettings } from './settings.ts';

/**
 * How many messages of one email are made side by side. Each holds about 5 MB, whatever the size of the mail: four
 * chunks of the vault on their way in and four on their way out, as the database driver wants them.
 */
const MESSAGES_AT_ONCE = 4;

/** Turns an accepted email into protected messages, and holds what can't be protected. */
@Controller()
export class ProtectionHandler {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CRYPTO_SETTINGS) private readonly settings: CryptoSettings,
    @Inject(DIRECTORY) private readonly directory: () => Directory,
    @Inject(LDAP) private readonly ldap: LdapDirectories | null,
  ) {}

  @HandlesEvent('EmailAccepted')
  async onEmailAccepted(event: DomainEvent<'EmailAccepted'>, context: EventContext): Promise<void> {
    // Erased before it was protected: there is nothing left that could be sent.
    if (event.personal === null) return;
    const at = new Date();
    const { emailId, tenantId } = event;
    const { mailFrom, recipients } = event.personal;
    const directory = await gatheredFor(
      { directory: this.directory(), pool: this.platform.pool, tenantId, ldap: this.ldap },
      recipients.map(({ address }) => address),
      at,
    );
    const original: Original = {
      emailId,
      tenantId,
      mailFrom,
      recipients,
      content: event.data.content,
      deadlineAt: event.data.deadlineAt,
    };
    const tenant = this.platform.tenants.get(event.tenantId);
    const signing = directory.signerFor(mailFrom, at) === null ? 'no-signing-key' : null;
    const { planned, messages, held } = plan(
      recipients.map((recipient) =>
        factsOf(recipient, {
          ownDomains: tenant?.domains ?? [],
          forbiddenMethods: tenant?.forbiddenMethods ?? [],
          signing,
          personal: (address) => directory.person(address, at),
          organisation: (domain) => directory.organisation(domain, at),
        }),
      ),
    );
    const made = await fewAtATime(MESSAGES_AT_ONCE, messages, (message) =>
      this.#make(message, original, directory, at, context.progressed),
    );
    const events: NewEvent[] = [planned, ...made.flat(), ...held];
    await context.append(this.platform.store, 0, events, currentTraceparent());
    signalAppended('crypto');
  }

  /**
   * A fault of the message itself is decided here; a fault of ours (database, vault, a key that is away) is thrown, and
   * tried again.
   */
  async #make(
    message: Planned,
    original: Original,
    directory: Directory,
    at: Date,
    progressed: () => void,
  ): Promise<NewEvent[]> {
    const { vault, logger } = this.platform;
    const attributes = { [ATTRIBUTE.protectionMethod]: message.method };
    try {
      return await withSpan('securemail.crypto', 'protect', { attributes }, async () => [
        await protect(message, original, { vault, directory, settings: this.settings, at, progressed }),
      ]);
    } catch (error) {
      if (error instanceof ContentDamagedError || error instanceof ContentMissingError) {
        logger.error({ emailId: original.emailId, reason: reasonOf(error) }, 'content unreadable: held');
        return failed(message, 'content-unreadable');
      }
      if (FAULTS.some((fault) => error instanceof fault)) {
        logger.error(
          { emailId: original.emailId, reason: reasonOf(error) },
          'message could not be protected: held',
        );
        return failed(message, 'protection-failed');
      }
      if (error instanceof KeyUnavailableError) {
        throw new AwayError(`the key that signs can not be asked (${error.name})`, { cause: error });
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
