// SPDX-License-Identifier: Apache-2.0
import { Problem, type Platform, type Proof } from '@securemail/service';
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

/** @throws Problem `proof-demanded`, which says of what. */
export function requireProofs(
  written: StoredMessage | StoredReply,
  reader: ProvenReader,
  platform: Pick<Platform, 'tenants'>,
): void {
  const proofs = lacking(written, reader, platform);
  if (proofs.length > 0) throw new Problem('proof-demanded', 'Prove more than your address.', { proofs });
}
