// SPDX-License-Identifier: Apache-2.0
import type { Address, Channel } from '@securemail/contracts';
import type { Header } from '@securemail/mime';
import type { ForwardingDirectory, Guards, Platform, Tenant } from '@securemail/service';
import { knownThread } from './adapters/known-threads.ts';
import { isAutoForwarded } from './domain/guards/auto-forwarded.ts';
import type { GuardFacts, GuardPolicy } from './domain/guards/guard.ts';
import type { ThreadKeys } from './domain/guards/thread-keys.ts';

export interface Guarded {
  tenant: Tenant;
  channel: Channel;
  header: Header;
  threadKeys: ThreadKeys;
  /** Each once. */
  recipients: readonly Address[];
  askedSecure: boolean;
}

/** Where guards learn what is not in the mail. */
export interface GuardSources {
  pool: Platform['pool'];
  forwardings: ForwardingDirectory;
}

/** What guards know of a mail before its content is looked into. */
export async function guardFacts(
  { pool, forwardings }: GuardSources,
  { tenant, channel, header, threadKeys, recipients, askedSecure }: Guarded,
): Promise<GuardFacts> {
  const autoForwarded = channel === 'relay' && isAutoForwarded(header);
  const { own, earlier } = threadKeys;
  // What a rule passes on may be the very mail that was secure.
  const keys = autoForwarded && own !== null ? [own, ...earlier] : earlier;
  return {
    ownDomains: tenant.domains,
    recipients,
    askedSecure,
    thread: await knownThread(pool, tenant.id, keys),
    autoForwarded,
    forwardsOutside: await forwardings.of(tenant),
    content: null,
  };
}

export const guardPolicyOf = (guards: Guards): GuardPolicy => ({
  secureThread: guards.secureThread,
  newOutsider: guards.newOutsider,
  autoForwarded: guards.autoForwarded,
  forwardsOutside: guards.forwardsOutside,
  sensitiveContent: 'protect',
});
