// SPDX-License-Identifier: Apache-2.0
import { Problem, type Platform, type Proof } from '@securemail/service';
import type { Draft } from './adapters/drafts.ts';
import type { StoredMessage } from './adapters/messages.ts';
import type { StoredReply } from './adapters/replies.ts';
import type { StoredSession } from './adapters/sessions.ts';
import { lackingFor, type Graded } from './domain/demands.ts';

/** Who asks, and what he has proven. */
export type ProvenReader = Pick<StoredSession, 'tenantId' | 'person' | 'proofs'>;

/** What the reader has still to prove before he is shown it. @throws Error where the organisation is no more. */
export function lacking(
  graded: Graded,
  { tenantId, proofs }: Pick<ProvenReader, 'tenantId' | 'proofs'>,
  { tenants }: Pick<Platform, 'tenants'>,
): Proof[] {
  const demands = tenants.get(tenantId)?.mailbox?.demands;
  if (demands === undefined) throw new Error(`tenants: ${tenantId} has no mailbox`);
  return lackingFor(graded, demands, proofs);
}

/**
 * Likewise of what somebody wrote himself. An answer is as sensitive as what it answers, also where it became a letter
 * because that was gone; what somebody wrote first is his own alone.
 */
export const lackingOfOwn = (
  own: StoredReply | Draft,
  reader: Pick<ProvenReader, 'tenantId' | 'proofs'>,
  platform: Pick<Platform, 'tenants'>,
): Proof[] => {
  const isFirst = own.messageId === null && own.demanded.length === 0 && own.levels.length === 0;
  return isFirst ? [] : lacking(own, reader, platform);
};

/** @throws Problem `proof-demanded`, which says of what. */
export function requireProofs(
  message: StoredMessage,
  reader: ProvenReader,
  platform: Pick<Platform, 'tenants'>,
): void {
  demand({ proofs: lacking(message, reader, platform) });
}

/**
 * As {@link lackingOfOwn} has it.
 *
 * @throws Problem `proof-demanded`, which says of what; and, of what is under way, its `draftId`, by which it is thrown away.
 */
export function requireProofsOfOwn(
  own: StoredReply | Draft,
  reader: ProvenReader,
  platform: Pick<Platform, 'tenants'>,
): void {
  const proofs = lackingOfOwn(own, reader, platform);
  demand('draftId' in own ? { proofs, draftId: own.draftId } : { proofs });
}

function demand(asked: { proofs: readonly Proof[]; draftId?: string }): void {
  if (asked.proofs.length > 0) throw new Problem('proof-demanded', 'Prove more than your address.', asked);
}
