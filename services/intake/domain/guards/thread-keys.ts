// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';

/** Names a mail or a conversation; two mails with one in common are of one thread. */
export type ThreadKey = string;

export interface ThreadKeys {
  /** Of the mail itself, its Message-ID; null where it has none. */
  own: ThreadKey | null;
  /** Of the mails and the conversation that it goes on. */
  earlier: readonly ThreadKey[];
  /** It says itself that something came before it. */
  answers: boolean;
}

/** Beside the first, which began the thread; mails with more than so many answers before them have one of the last in common. */
const MOST_REFERENCES = 20;
/** A `msg-id` (RFC 5322 §3.6.4), as loosely as mail programs write them: some fold a line within. */
const MESSAGE_ID = /<[^<>]{1,996}>/g;
/** And some forget the brackets; in a sentence (`your mail to bo@…`) an address is no id. */
const BETWEEN_BARE_IDS = /[\s,;]+/;
const IN_NO_BARE_ID = /[<>()"]/;
const SPACE = /\s+/g;
/** Exchange's: a byte, a time, and the GUID of the conversation; each answer adds five bytes ([MS-OXOMSG] §2.2.1.3). */
const CONVERSATION_OCTETS = 22;

/**
 * What names the thread of a mail: Message-ID, In-Reply-To and References (RFC 5322 §3.6.4), what mail programs say of a
 * forwarded mail, and Outlook's Thread-Index, which is left where a server drops the others.
 */
export function threadKeysOf(header: Header): ThreadKeys {
  const idsIn = (name: string) => header.getAll(name).flatMap(messageIds);
  const [own, ...others] = idsIn('Message-ID');
  const references = idsIn('References');
  const answered = [
    ...idsIn('In-Reply-To').slice(0, MOST_REFERENCES),
    ...references.slice(0, 1),
    ...references.slice(-MOST_REFERENCES),
    ...idsIn('X-Forwarded-Message-Id').slice(0, MOST_REFERENCES),
    // Exchange's, in what a rule of a mailbox made of a mail.
    ...idsIn('X-MS-Exchange-Parent-Message-Id').slice(0, MOST_REFERENCES),
  ].filter((id) => id !== own);
  // One is all that a mail may have; of several, nobody knows which an answer will name.
  const earlier = [...answered, ...others.filter((id) => id !== own).slice(0, MOST_REFERENCES)];
  const conversation = conversationIn(header.get('Thread-Index'));
  return {
    own: own === undefined ? null : keyOf('message', own),
    earlier: [
      ...[...new Set(earlier)].map((id) => keyOf('message', id)),
      ...(conversation === null ? [] : [keyOf('conversation', conversation.name)]),
    ],
    answers: answered.length > 0 || conversation?.answers === true,
  };
}

/** With their brackets and without spaces, so that each mail names another in one way. */
function messageIds(value: string): string[] {
  const bare = value.split(BETWEEN_BARE_IDS).filter((word) => word !== '');
  if (bare.length > 0 && bare.every(isBareId)) return bare.map((id) => `<${id}>`);
  return (value.match(MESSAGE_ID) ?? []).map((id) => id.replaceAll(SPACE, '')).filter((id) => id !== '<>');
}

/** Some text on either side of an `@`. */
const isBareId = (word: string): boolean => !IN_NO_BARE_ID.test(word) && word.slice(1, -1).includes('@');

function conversationIn(threadIndex: string | undefined): { name: string; answers: boolean } | null {
  const octets = Buffer.from((threadIndex ?? '').replaceAll(/\s/g, ''), 'base64');
  return octets.length < CONVERSATION_OCTETS
    ? null
    : {
        name: octets.subarray(0, CONVERSATION_OCTETS).toString('base64'),
        answers: octets.length > CONVERSATION_OCTETS,
      };
}

/** Of a mail that is known by its Message-ID alone, with the angle brackets. */
export const messageKey = (messageId: string): ThreadKey => keyOf('message', messageId);

const keyOf = (kind: 'message' | 'conversation', text: string): ThreadKey => `${kind} ${text}`;
