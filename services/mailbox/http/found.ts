// SPDX-License-Identifier: Apache-2.0
import { Problem, type Platform } from '@securemail/service';
import { z } from 'zod';
import { draftOf, type Place } from '../adapters/drafts.ts';
import { hasEnded, messageOf, messageOfLink, type Reader, type StoredMessage } from '../adapters/messages.ts';
import { digestOf, isToken } from '../adapters/secrets.ts';
import { hasMailbox, type WithMailbox } from '../organisations.ts';
import { requireProofs, requireProofsOfOwn, type ProvenReader } from '../proofs.ts';

/** @throws Problem `link-not-found`, or `mailbox-message-ended` */
export async function followLink(
  link: string,
  { pool, tenants }: Pick<Platform, 'pool' | 'tenants'>,
  now: Date,
): Promise<{ message: StoredMessage; tenant: WithMailbox }> {
  const message = isToken(link) ? await messageOfLink(pool, digestOf(link)) : null;
  const tenant = message === null ? undefined : tenants.get(message.tenantId);
  if (message === null || !hasMailbox(tenant))
    throw new Problem('link-not-found', 'Is it as it stands in the mail, to its end?');
  if (hasEnded(message, now))
    throw new Problem('mailbox-message-ended', 'Its time is over.', { organisation: tenant.id });
  return { message, tenant };
}

/** A message that who asks may read. @throws Problem as {@link findMessage}, or `proof-demanded` */
export async function requireMessage(
  id: string,
  reader: ProvenReader,
  platform: Pick<Platform, 'pool' | 'tenants'>,
  now: Date,
): Promise<StoredMessage> {
  const message = await findMessage(id, reader, platform, now);
  requireProofs(message, reader, platform);
  return message;
}

/**
 * A message of who asks, of which he may perhaps be shown nothing yet.
 *
 * @throws Problem `mailbox-message-not-found`, `mailbox-message-ended`
 */
export async function findMessage(
  id: string,
  reader: Reader,
  platform: Pick<Platform, 'pool'>,
  now: Date,
): Promise<StoredMessage> {
  const message = await ownMessage(id, reader, platform);
  if (hasEnded(message, now)) throw ended();
  return message;
}

/** Likewise, also where it has ended. @throws Problem `mailbox-message-not-found` */
export async function ownMessage(
  id: string,
  reader: Reader,
  { pool }: Pick<Platform, 'pool'>,
): Promise<StoredMessage> {
  const isId = z.uuid().safeParse(id).success;
  const message = isId ? await messageOf(pool, reader, id) : null;
  if (message === null) throw new Problem('mailbox-message-not-found', 'It is not among your messages.');
  return message;
}

/**
 * A message whose answer under way who asks may see: also where it has ended, for what was begun is still its writer's.
 *
 * @throws Problem `mailbox-message-not-found`, `proof-demanded`
 */
export async function requireAnswered(
  id: string,
  reader: ProvenReader,
  platform: Pick<Platform, 'pool' | 'tenants'>,
): Promise<StoredMessage> {
  const message = await ownMessage(id, reader, platform);
  requireProofs(message, reader, platform);
  return message;
}

/** Where who asks writes a letter, whatever he has proven: of use only for what shows nothing of it. */
export const placeOfLetter = ({ tenantId, person }: Reader): Place => ({ tenantId, person, messageId: null });

/** Where who asks writes a letter. @throws Problem `proof-demanded` where that was begun as an answer to what demanded it. */
export async function requireLetter(
  reader: ProvenReader,
  platform: Pick<Platform, 'pool' | 'tenants'>,
): Promise<Place> {
  const place = placeOfLetter(reader);
  const draft = await draftOf(platform.pool, place);
  if (draft !== null) requireProofsOfOwn(draft, reader, platform);
  return place;
}

export const ended = () =>
  new Problem('mailbox-message-ended', 'Until when it could be read stands in its notification.');
