// SPDX-License-Identifier: Apache-2.0
import type { ContentRef } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import { ContentErasedError } from '@securemail/vault';
import type { BegunDraft } from './adapters/drafts.ts';
import { headOf, type Head } from './adapters/head-of-message.ts';
import { readSaid, type Said } from './adapters/kept-parts.ts';
import { messagesIn, type StoredMessage } from './adapters/messages.ts';
import { isAnswerSubject, nameOf, seenSubject, startOf } from './domain/conversation-name.ts';
import { lacking, lackingOfOwn, type ProvenReader } from './proofs.ts';
import { repliesIn, type StoredReply } from './adapters/replies.ts';

type Stores = Pick<Platform, 'pool' | 'store' | 'vault'>;
type Given = Stores & Pick<Platform, 'tenants'>;

/** Characters of what somebody wrote that are read out at once; a conversation of years may have more. */
const MOST_TEXT = 1_000_000;
const NO_HEAD: Head = { subject: '', from: [] };
const NOT_READ: Said = { contact: null, subject: '', text: '', files: [] };

/**
 * What was written in a conversation, in both directions, that its reader can see now, the oldest first. Of what he `lacks`
 * a proof for it says no more than that it is there.
 */
export async function entriesOf(reader: ProvenReader, conversationId: string, stores: Given, now: Date) {
  const [messages, replies] = await Promise.all([
    messagesIn(stores.pool, reader, conversationId, now),
    repliesIn(stores.pool, reader, conversationId, now),
  ]);
  const received = messages.map(async (message) => {
    const lacks = lacking(message, reader, stores);
    const head = lacks.length > 0 ? NO_HEAD : await headIn(message, stores);
    return head === null
      ? null
      : {
          kind: 'message' as const,
          at: message.depositedAt.toISOString(),
          ...standing(message),
          ...head,
          isAnswer: isAnswerSubject(head.subject),
          lacks,
        };
  });
  let left = MOST_TEXT;
  // The newest first, for those are what is read.
  const written = replies.toReversed().map(async (reply) => {
    const lacks = lackingOfOwn(reply, reader, stores);
    const isWithheld = lacks.length > 0;
    left -= isWithheld ? 0 : reply.said.size;
    const isLeftOut = !isWithheld && left < 0;
    const said = isLeftOut || isWithheld ? NOT_READ : await saidIn(reply, stores);
    return said === null
      ? null
      : {
          // A letter answers nothing.
          kind: reply.messageId === null ? ('letter' as const) : ('reply' as const),
          at: reply.submittedAt.toISOString(),
          replyId: reply.replyId,
          contact: said.contact?.name ?? null,
          subject: said.subject,
          text: said.text,
          files: said.files,
          isLeftOut,
          lacks,
        };
  });
  const entries = await Promise.all([...received, ...written]);
  return entries.filter((each) => each !== null).sort((one, other) => one.at.localeCompare(other.at));
}

/** The answer under way in a conversation: to a message of it that can still be answered; of several the newest. */
export function answerIn(drafts: readonly BegunDraft[], conversationId: string) {
  const draft = drafts.find((each) => each.conversationId === conversationId && !each.isLeft);
  return draft === undefined || draft.messageId === null
    ? null
    : { messageId: draft.messageId, changedAt: draft.changedAt.toISOString() };
}

/** What a conversation is about, as far as its reader may see it. */
export function nameIn(entries: Awaited<ReturnType<typeof entriesOf>>): string {
  const name = nameOf(entries.map((entry) => (entry.kind === 'reply' ? '' : entry.subject)));
  const messages = entries.filter((entry) => entry.kind === 'message');
  if (name !== '' || messages.length === 0 || !messages.every(({ isAnswer }) => isAnswer)) return name;
  const written = entries.find((entry) => entry.kind !== 'message');
  return written === undefined ? '' : startOf(written.text);
}

/** What is saved, or shown, of a conversation is called as it: by its own subject where somebody gave it one. */
export async function subjectFor(
  subject: string,
  reader: ProvenReader,
  conversationId: string,
  stores: Given,
  now: Date,
): Promise<string> {
  const isOwn = subject !== '' && !isAnswerSubject(subject);
  return isOwn ? subject : nameIn(await entriesOf(reader, conversationId, stores, now));
}

export const standing = ({ messageId, depositedAt, endsAt, openedAt }: StoredMessage) => ({
  messageId,
  depositedAt: depositedAt.toISOString(),
  endsAt: endsAt.toISOString(),
  openedAt: openedAt?.toISOString() ?? null,
});

/** Where a message lies; null where it was erased. */
export async function contentOf(
  { protected: sealed }: StoredMessage,
  { store }: Pick<Stores, 'store'>,
): Promise<ContentRef | null> {
  const event = await store.open(sealed);
  return event.name !== 'EmailProtected' || event.personal === null ? null : event.data.content;
}

/** Null where it was erased. */
export const headIn = (message: StoredMessage, stores: Stores): Promise<Head | null> =>
  orGone(async () => {
    const content = await contentOf(message, stores);
    return content === null ? null : await headOf(stores.vault.get(message, content));
  });

/** Null where it was erased. */
export const saidIn = ({ replyId, said }: StoredReply, { vault }: Stores): Promise<Said | null> =>
  orGone(async () => {
    const found = await readSaid(vault, { emailId: replyId }, said);
    return { ...found, subject: seenSubject(found.subject) };
  });

async function orGone<T>(read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ContentErasedError) return null;
    throw error;
  }
}
