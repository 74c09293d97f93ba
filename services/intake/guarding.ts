// SPDX-License-Identifier: Apache-2.0
import type { Address } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import type { Header } from '@securemail/mime';
import type { Rule, Scanner } from '@securemail/sensitive-content';
import type { ForwardingDirectory, Platform, Tenant } from '@securemail/service';
import { withSpan } from '@securemail/telemetry';
import { attachedKeys } from './adapters/attached-mails.ts';
import { knownThread } from './adapters/known-threads.ts';
import { isAutoForwarded } from './domain/guards/auto-forwarded.ts';
import type { GuardFacts } from './domain/guards/guard.ts';
import type { ThreadKeys } from './domain/guards/thread-keys.ts';

/** Where guards learn what does not stand in the header. */
export interface GuardSources {
  forwardings: ForwardingDirectory;
  scanner: Pick<Scanner, 'scan'>;
}

export interface Guarded {
  tenant: Tenant;
  header: Header;
  threadKeys: ThreadKeys;
  /** Each once. */
  recipients: readonly Address[];
  named: readonly Address[];
  askedSecure: boolean;
  whenNotAskedSecure: GuardFacts['whenNotAskedSecure'];
}

/** Each of which a mail has that somebody introduces anew (RFC 5322 §3.6.6). */
const RESENT = ['Resent-Date', 'Resent-From', 'Resent-To'];

/** What guards know of a mail before its content is looked into. */
export async function guardFacts(
  { pool }: Pick<Platform, 'pool'>,
  { forwardings }: Pick<GuardSources, 'forwardings'>,
  { tenant, header, threadKeys, recipients, named, askedSecure, whenNotAskedSecure }: Guarded,
): Promise<GuardFacts> {
  const autoForwarded = isAutoForwarded(header);
  const { own, earlier } = threadKeys;
  // What a rule, or somebody by hand, passes on as it is may be the very mail that was secure, or internal.
  const passedOn = own !== null && (autoForwarded || RESENT.some((name) => header.get(name) !== undefined));
  return {
    ownDomains: tenant.domains,
    recipients,
    named,
    askedSecure,
    whenNotAskedSecure,
    thread: await (passedOn
      ? knownThread(pool, tenant.id, [own, ...earlier])
      : knownThread(pool, tenant.id, earlier, own)),
    attached: null,
    autoForwarded,
    forwardsOutside: await forwardings.of(tenant),
    content: null,
  };
}

/**
 * What is known of the threads of the mails that are attached to one. Of more than can be looked into nothing is known but that
 * there may be secure ones among them.
 *
 * @throws what the content throws.
 */
export function attachedThread(
  { pool }: Pick<Platform, 'pool'>,
  { id }: Tenant,
  content: AsyncIterable<Uint8Array>,
): Promise<GuardFacts['attached']> {
  return withSpan('securemail.intake', 'look for attached mails', {}, async () => {
    const keys = await attachedKeys(content);
    return keys === null ? { secure: 'asked', outsiders: true } : await knownThread(pool, id, keys);
  });
}

/**
 * Looks into the content of a mail by the tenant's rules. Pictures and the like, which have no text to be read, are in so
 * many signatures that they do not count as unread.
 *
 * @throws what the content throws. Where it can not be looked into for another reason, that is what is found.
 */
export function lookInto(
  content: AsyncIterable<Uint8Array>,
  rules: readonly Rule[],
  { scanner, logger }: Pick<GuardSources, 'scanner'> & Pick<Platform, 'logger'>,
): Promise<NonNullable<GuardFacts['content']>> {
  return withSpan('securemail.intake', 'look into content', {}, async () => {
    const read = watched(content);
    try {
      const { found, unread } = await scanner.scan(read.source, rules);
      const closed = unread.map(({ because }) => because).filter((because) => because !== 'no-text');
      return { rules: [...new Set(found.map(({ rule }) => rule))], unread: [...new Set(closed)] };
    } catch (error) {
      if (read.failed()) throw error;
      logger.error({ reason: reasonOf(error) }, 'the content of a mail could not be looked into');
      const late = error instanceof DOMException && error.name === 'TimeoutError';
      return { rules: [], unread: [late ? 'timeout' : 'crashed'] };
    }
  });
}

function watched(content: AsyncIterable<Uint8Array>) {
  let failed = false;
  async function* source() {
    try {
      yield* content;
    } catch (error) {
      failed = true;
      throw error;
    }
  }
  return { source: source(), failed: () => failed };
}
