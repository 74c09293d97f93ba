// SPDX-License-Identifier: Apache-2.0
import type { Address, AddressedRecipient } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import type { Directory } from '../domain/directory.ts';
import { NO_TAGS } from '../domain/received/subject-tag.ts';
import { certifiersOf } from './certifying.ts';
import type { Readers, Received } from './received.ts';

/** Readers of whom no message was made yet. */
export interface Group extends Omit<Readers, 'protectedMessageId'> {
  /** Alike for those to whom the same is shown in the same way. */
  shownAs: string;
}

export interface ReaderSources {
  platform: Pick<Platform, 'tenants' | 'policies'>;
  directory: Pick<Directory, 'organisationSigner' | 'unwrappersFor'>;
  /** Whether what such a mailbox gets leaves its organisation by itself. */
  forwardsOutside: (address: Address) => boolean;
  at: Date;
}

/**
 * Whether what is secure must not lie open in that mailbox, for what it gets leaves its organisation by itself, where that
 * is refused.
 */
export function staysClosed(
  own: Address,
  { tenantId }: Pick<Received, 'tenantId'>,
  { platform, forwardsOutside }: Pick<ReaderSources, 'platform' | 'forwardsOutside'>,
): boolean {
  const tenant = platform.tenants.get(tenantId);
  return (
    tenant !== undefined &&
    platform.policies.of(tenant, own).guards.forwardsOutside === 'refuse' &&
    forwardsOutside(own)
  );
}

/** Recipients with the same keys, to whom a mail is shown in the same way. */
export function readersOf(
  recipients: readonly AddressedRecipient[],
  received: Pick<Received, 'tenantId'>,
  sources: ReaderSources,
): Group[] {
  const { tenantId } = received;
  const { directory, platform, at } = sources;
  const tenant = platform.tenants.get(tenantId);
  const certifierOf = certifiersOf(platform, { tenantId, received: true }, directory, at);
  const each = recipients.map((recipient) => {
    const { address: own } = recipient;
    const policy = tenant === undefined ? null : platform.policies.of(tenant, own);
    const isClosed = staysClosed(own, received, sources);
    const keysOf = directory.unwrappersFor(own, tenant?.domains ?? []);
    const unwrappers = isClosed ? [] : keysOf;
    const withheld = isClosed ? keysOf.map(({ certificate }) => certificate) : [];
    const certifying = certifierOf(own);
    const language = policy?.language ?? 'en';
    const certifier = typeof certifying === 'string' ? certifying : certifying.organisation.domain;
    const shownAs = `${language} ${certifier}`;
    const keys = keysOf.map(({ certificate }) => certificate.sha256);
    const alike = [shownAs, String(isClosed), ...keys].join(' ');
    return { recipient, unwrappers, withheld, certifying, language, shownAs, alike };
  });
  return [...Map.groupBy(each, ({ alike }) => alike).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { unwrappers, withheld, language, certifying, shownAs } = first;
    return {
      shownAs,
      recipients: group.map(({ recipient }) => recipient),
      unwrappers,
      withheld,
      language,
      subjectTags: tenant?.inbound.subjectTags ?? NO_TAGS,
      whenUnopened: tenant?.inbound.whenUnopened ?? 'explain',
      certifying,
    };
  });
}
