// SPDX-License-Identifier: Apache-2.0
import type { Address, AddressedRecipient, DomainEvent, NewEvent } from '@securemail/contracts';
import { AwayError } from '@securemail/event-log';
import { headerAlone, MalformedMessageError, type Header } from '@securemail/mime';
import type { Platform } from '@securemail/service';
import { ATTRIBUTE, withSpan } from '@securemail/telemetry';
import { ContentDamagedError, ContentMissingError } from '@securemail/vault';
import { certifiersOf } from './adapters/certifying.ts';
import { gatherFacts } from './adapters/gathered-facts.ts';
import { protect, type Means, type Original } from './adapters/protector.ts';
import type { Message } from './adapters/received-message.ts';
import { authorsOf } from './domain/authors.ts';
import type { Holding } from './domain/holding.ts';
import { isKnownOnlyAtTheTop } from './domain/known-at-the-top.ts';
import { plan, type Planned } from './domain/plan.ts';
import { fewAtATime } from './few-at-a-time.ts';
import { orHeld } from './or-held.ts';
import type { CryptoSettings } from './settings.ts';

/**
 * How many messages of one email are made side by side. Each holds about 5 MB, whatever the size of the mail: four
 * chunks of the vault on their way in and four on their way out, as the database driver wants them.
 */
const MESSAGES_AT_ONCE = 4;

export interface Beginning {
  acceptance: DomainEvent<'EmailAccepted'>;
  /** When this try began to count. */
  since: string;
  before: Holding;
}

export type ProtectingSources = Omit<Parameters<typeof gatherFacts>[0], 'platform' | 'until'> & {
  platform: Platform;
  settings: CryptoSettings;
  at: Date;
};

/** So long others are asked where patience has ended before it began, ms: as for what is handled late. */
const LEAST_ASKING_MS = 30_000;

/** What leaves: planned, and made; whom nothing can be made for is held. */
export async function protectSent(
  recipients: readonly AddressedRecipient[],
  mailFrom: Address,
  { acceptance, since, before }: Beginning,
  sources: ProtectingSources,
): Promise<NewEvent[]> {
  const { platform, settings, at, progressed } = sources;
  const { emailId, tenantId, data } = acceptance;
  const { vault, logger } = platform;
  const header = await readableHeader(() => vault.get({ emailId }, data.content));
  const ownDomains = platform.tenants.get(tenantId)?.domains ?? [];
  const authors = authorsOf({ header, mailFrom, channel: data.channel, ownDomains });
  const original: Original = {
    emailId,
    tenantId,
    mailFrom,
    ...authors,
    recipients,
    content: data.content,
    sensitive: data.hideSubject || data.guards.some(({ rules }) => rules.length > 0),
    deadlineAt: data.deadlineAt,
    disclosed: (acceptance.personal?.recipients ?? []).filter(({ disclosed }) => disclosed),
    messageId: acceptance.personal?.messageId ?? '',
    channel: data.channel,
  };
  const accepted = acceptance.personal?.recipients ?? [];
  // Whose address somebody corrected is another one, who wrote nothing.
  const wroteInMailbox = accepted
    .filter(({ recipientId }) => data.wroteInMailbox.includes(recipientId))
    .map(({ address }) => address);
  const patienceEnds = Date.parse(since) + settings.lookupPatienceSeconds * 1_000;
  const until = Math.max(patienceEnds, at.getTime() + LEAST_ASKING_MS);
  const { facts, directory, unanswered } = await gatherFacts(
    { ...sources, until },
    { ...original, wroteInMailbox },
    at,
  );
  beAwayWhereUnknown(unanswered, patienceEnds);
  const { planned, messages, held } = plan(facts, before.messages);
  const certifying =
    header !== null && isKnownOnlyAtTheTop(header)
      ? 'left-as-it-came'
      : certifiersOf(platform, { tenantId, received: false }, directory, at)(authors.author);
  const means: Means = { vault, settings, directory, certifying, at, progressed };
  const made = await fewAtATime(MESSAGES_AT_ONCE, messages, (message) =>
    orHeld(message, emailId, logger, () => madeOf(message, original, means)),
  );
  return [planned, ...made.flat(), ...held];
}

/** Null where making a message of it will find that it can't be read, and hold it. */
async function readableHeader(message: Message): Promise<Header | null> {
  try {
    return await headerAlone(message());
  } catch (error) {
    if (UNREADABLE.some((fault) => error instanceof fault)) return null;
    throw error;
  }
}

const UNREADABLE = [MalformedMessageError, ContentDamagedError, ContentMissingError];

const madeOf = (message: Planned, original: Original, means: Means): Promise<NewEvent[]> =>
  withSpan(
    'securemail.crypto',
    'protect',
    { attributes: { [ATTRIBUTE.protectionMethod]: message.method } },
    async () => [await protect(message, original, means)],
  );

/** A server of others that does not answer may soon; the email is not held for that at once. */
function beAwayWhereUnknown(unanswered: number, patienceEnds: number): void {
  if (unanswered === 0 || Date.now() >= patienceEnds) return;
  throw new AwayError(`${unanswered} lookups have no answer`);
}
