// SPDX-License-Identifier: Apache-2.0
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';

/** What services/mailbox answers under /mailbox/v1; see its README. */
const BASE = '/mailbox/v1/';

/** What may have to be proven beside an address. */
export type Proof = 'second-channel' | 'openid-connect';
/** For what who is signed in proves more. */
export type ProofFor = { message: string } | { conversation: string } | { to: 'write' };
/** Where somebody signs in, or who is signed in proves more, and for what. */
export type SignInAt = { link: string } | { organisation: string } | ProofFor;

export interface Organisation {
  id: string;
  name: string;
}
/** Before anybody is signed in there. */
export interface OpenOrganisation extends Organisation {
  /** Whether it takes passwords. */
  passwords: boolean;
  /** Where else one can sign in, as people know it. */
  openIdConnect?: { name: string };
}
/** What an organisation says of its own, in one language. */
export interface Texts {
  welcome?: string;
  help?: string;
  links: { label: string; url: string }[];
}
export interface LookingOrganisation extends OpenOrganisation {
  language: string;
  colours: { accent: string; banner: string; onBanner: string };
  /** Where its picture is. */
  logo: string | null;
  /** In pixels; null: not known, or there is none. */
  logoSize: { width: number; height: number } | null;
  /** Whether anybody can write to it first. */
  takesMessages: boolean;
  /** By language. */
  texts: Record<string, Texts>;
}
export interface Person {
  name: string;
  address: string | null;
}
export interface ListedMessage {
  messageId: string;
  subject: string;
  from: Person[];
  depositedAt: string;
  endsAt: string;
  openedAt: string | null;
  /** What is to be proven before more is said of it. */
  lacks: Proof[];
}
export interface MessagePart {
  ordinal: number;
  filename: string;
  contentType: string;
  /** Octets. */
  size: number;
  inline: boolean;
}
/** As the list has it: what was written last, or only what the reader wrote. */
export interface ListedConversation {
  conversationId: string;
  /** The last that was written to the reader; null: nothing yet. */
  messageId: string | null;
  /** What is to be proven before more is said of it. */
  lacks: Proof[];
  /** What it is about. */
  subject: string;
  /** Of the message, where it tells more than that; else empty. A server of the release before says none. */
  ownSubject?: string;
  from: Person[];
  /** Whom the reader wrote to first. */
  contact: string | null;
  lastAt: string;
  endsAt: string;
  unread: number;
  draft: BegunAnswer | null;
}
/** An answer under way. */
export interface BegunAnswer {
  messageId: string;
  changedAt: string;
}
/** Whom anybody can write to. */
export interface Contact {
  id: string;
  name: string;
  /** Empty where it is in none. */
  group: string;
  description: string;
  isGeneral: boolean;
}

export interface Message extends Omit<ListedMessage, 'lacks'> {
  to: Person[];
  cc: Person[];
  date: string | null;
  text: string | null;
  /** What its conversation is about. */
  name: string;
  /** Its subject where it tells more than that; else empty. A server of the release before says none. */
  ownSubject?: string;
  hasHtml: boolean;
  /** There is HTML that is too large, or nested too deeply, to be shown. */
  hasTooMuchHtml: boolean;
  parts: MessagePart[];
  conversation: Entry[];
  /** To one of its messages. */
  draft: BegunAnswer | null;
}

/** What was written in a conversation: to who reads it, or by him. */
export type Entry =
  | ({ kind: 'message'; at: string; isAnswer: boolean } & ListedMessage)
  | ({ kind: 'reply'; at: string } & Written)
  | ({ kind: 'letter'; at: string; contact: string; subject: string } & Written);
interface Written {
  replyId: string;
  text: string;
  /** It is too much to be shown with the others. */
  isLeftOut: boolean;
  /** What is to be proven before more is said of it. */
  lacks: Proof[];
  files: { name: string; size: number }[];
}

export interface DraftFile {
  fileId: string;
  name: string;
  /** Octets. */
  size: number;
  /** What is known of it where not all of it has come; null: it is whole. */
  missing: {
    /** As it was called where it was chosen. */
    chosenAs: string;
    /** Octets. */
    received: number;
    /** Of what has come: SHA-256, in hexadecimal, over the SHA-256 of each MiB of it. */
    digest: string;
  } | null;
  /** What a scanner says of it; null: it is not whole yet, or nothing is looked into. `delayed`: nobody can be asked now. */
  check: 'under-way' | 'delayed' | 'clean' | 'harmful' | 'unscannable' | null;
}
/** What somebody has typed. */
export interface Typed {
  text: string;
  /** Of a letter. */
  subject?: string;
  contactId?: string | null;
}
/** An answer, or a letter, under way. */
export interface Draft extends Required<Typed> {
  draftId: string;
  /** How often it was kept. */
  version: number;
  files: DraftFile[];
  /** Of all its files together. */
  limits: { maxBytes: number; maxFiles: number };
}
/** Which page keeps it, and up to where it knows what others kept. */
export interface Writer {
  writer: string;
  seen: number;
}
/** What a page that sends knows of the draft: nothing is sent that it does not show. */
export interface Seen {
  by: Writer;
  /** By id. */
  files: string[];
}
/** Where it is written: see {@link answerTo} and {@link LETTERS}. */
export type Place = string;

/** An answer that refuses (RFC 9457), by the name in its `type`. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    readonly kind: string,
    readonly status: number,
    readonly triesLeft: number | null,
    /** Which of several things it is. */
    readonly reason: string | null = null,
    /** What is to be proven. */
    readonly proofs: readonly Proof[] = [],
    /** Whose link it was. */
    readonly organisation: string | null = null,
    /** Which of what was sent are wrong. */
    readonly fields: readonly string[] = [],
    /** Of a letter under way, of which nothing is shown. */
    readonly draftId: string | null = null,
  ) {
    super(kind);
  }
}

/** Nothing was answered, or nothing that can be understood: the network, or a server that is down. */
export class Unreachable extends Error {
  override name = 'Unreachable';
  constructor(
    message: string,
    /** As of a {@link Refusal}: which server is down; empty where none said. */
    readonly kind = '',
  ) {
    super(message);
  }
}

const kindOf = (type: string): string => type.replace('/errors/', '');

async function ask<Answer>(
  method: string,
  path: string,
  body?: object,
  more: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(BASE + path, {
    method,
    ...more,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  }).catch(() => {
    throw new Unreachable('no answer');
  });
  if (response.status === 204) return undefined as Answer;
  const answer: unknown = await response.json().catch(() => {
    throw new Unreachable('no JSON');
  });
  if (response.ok) return answer as Answer;
  throw refused(response.status, answer);
}

/** Told of what is answered, too, to who is signed in no more, or is another by now. */
export const doubts = new EventTarget();

export function refused(status: number, answer: unknown): Refusal | Unreachable {
  if (status === 401 || status === 404) doubts.dispatchEvent(new Event('doubt'));
  if (status >= 500) {
    // What stands before the service may answer with any JSON.
    const { type } = Object(answer) as { type?: unknown };
    return new Unreachable(String(status), typeof type === 'string' ? kindOf(type) : '');
  }
  const {
    type = '',
    triesLeft = null,
    reason = null,
    proofs = [],
    organisation = null,
    errors = [],
    draftId = null,
  } = answer as {
    type?: string;
    triesLeft?: number;
    reason?: string;
    proofs?: Proof[];
    organisation?: string;
    errors?: { path: string }[];
    draftId?: string;
  };
  return new Refusal(
    kindOf(type),
    status,
    triesLeft,
    reason,
    proofs,
    organisation,
    errors.map(({ path }) => path),
    draftId,
  );
}

export const LETTERS: Place = 'letters';
export const answerTo = (messageId: string): Place => `messages/${encodeURIComponent(messageId)}`;

/** Where a code is asked for, and typed. */
export type CodeAt = { link: string } | { organisation: string; to?: 'write' };

/** A code that this browser waits for. */
export interface Begun {
  expiresAt: string;
  triesLeft: number;
}

/** Where somebody is signed in. */
export interface Session {
  sessionId: string;
  beganAt: string;
  usedAt: string;
  /** This browser. */
  current: boolean;
}

/** How long a session goes on. */
export interface SessionLeft {
  /** Until it ends where nobody uses it. */
  secondsLeft: number;
  /** And whatever is done. */
  secondsLeftAtMost: number;
}

/** Who is signed in here. */
export interface CurrentSession extends SessionLeft {
  organisation: Organisation;
  address: string | null;
}

/** By what somebody signs in beside a code. */
export interface Credential {
  credentialId: string;
  kind: 'passkey' | 'password';
  name: string | null;
  addedAt: string;
  usedAt: string | null;
}

/** A message as its sender may take it back. */
export interface TakeBack {
  depositedAt: string;
  endsAt: string;
  openedAt: string | null;
  withdrawnAt: string | null;
  declinedAt: string | null;
}

const takeBackOf = (secret: string) => `take-backs/${encodeURIComponent(secret)}`;

export const api = {
  takeBack: (secret: string) => ask<TakeBack>('GET', takeBackOf(secret)),
  takeItBack: (secret: string) => ask<TakeBack>('POST', takeBackOf(secret)),
  link: (link: string) =>
    ask<{ organisation: OpenOrganisation; endsAt: string }>('GET', `links/${encodeURIComponent(link)}`),
  organisation: (id: string) => ask<LookingOrganisation>('GET', `organisations/${encodeURIComponent(id)}`),
  beginSignIn: (
    claim:
      | { link: string; language: string }
      | { organisation: string; address: string; language: string }
      | { organisation: string; address: string; to: 'write'; language: string },
  ) => ask<{ organisation: Organisation; messageId: string | null }>('POST', 'sign-ins', claim),
  /** What this browser waits for on that page; null: nothing. */
  begunSignIn: (at: CodeAt) =>
    ask<{ begun: Begun | null }>('GET', `sign-ins/current?${new URLSearchParams({ ...at }).toString()}`),
  prove: (code: string, at: CodeAt) =>
    ask<{ endsAt: string; messageId: string | null }>('POST', 'sign-ins/code', { code, at }),
  askForPasskey: (where: { link: string } | { organisation: string }) =>
    ask<PublicKeyCredentialRequestOptionsJSON>('POST', 'sign-ins/passkey/options', where),
  proveByPasskey: (answer: AuthenticationResponseJSON) =>
    ask<{ endsAt: string; messageId: string | null }>('POST', 'sign-ins/passkey', { answer }),
  proveByPassword: (where: { link: string } | { organisation: string; address: string }, password: string) =>
    ask<{ endsAt: string; messageId: string | null }>('POST', 'sign-ins/password', { ...where, password }),
  beginOpenIdSignIn: (where: SignInAt) => ask<{ location: string }>('POST', 'sign-ins/openid-connect', where),
  sendTextMessage: (what: ProofFor, language: string) =>
    ask<{ sentTo: string; expiresAt: string }>('POST', 'proofs/second-channel', { for: what, language }),
  /** What this browser waits for there; null: nothing. */
  begunTextMessage: (what: ProofFor) =>
    ask<{ begun: Begun | null }>(
      'GET',
      `proofs/second-channel/current?${new URLSearchParams({ ...what }).toString()}`,
    ),
  proveByTextMessage: (what: ProofFor, code: string) =>
    ask<undefined>('POST', 'proofs/second-channel/code', { for: what, code }),
  credentials: () =>
    ask<{ mayAdd: boolean; passwords: boolean; credentials: Credential[] }>('GET', 'credentials'),
  setPassword: (password: string, language: string) =>
    ask<undefined>('PUT', 'credentials/password', { password, language }),
  askForNewPasskey: () =>
    ask<PublicKeyCredentialCreationOptionsJSON>('POST', 'credentials/passkeys/options', {}),
  addPasskey: (answer: RegistrationResponseJSON, name: string, language: string) =>
    ask<{ credentialId: string }>('POST', 'credentials/passkeys', { answer, name, language }),
  removeCredential: (credentialId: string, language: string) =>
    ask<undefined>('DELETE', `credentials/${encodeURIComponent(credentialId)}?language=${language}`),
  session: () => ask<CurrentSession>('GET', 'sessions/current'),
  useSession: () => ask<SessionLeft>('POST', 'sessions/current/use'),
  sessions: () => ask<{ sessions: Session[] }>('GET', 'sessions'),
  endSession: (sessionId: string) => ask<undefined>('DELETE', `sessions/${encodeURIComponent(sessionId)}`),
  signOut: () => ask<undefined>('DELETE', 'sessions/current'),
  conversations: (cursor: string | null) =>
    ask<{
      conversations: ListedConversation[];
      next: string | null;
      left: BegunAnswer[];
      letter: { changedAt: string } | null;
    }>('GET', `conversations${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`),
  conversation: (id: string) =>
    ask<{ name: string; entries: Entry[] }>('GET', `conversations/${encodeURIComponent(id)}`),
  contacts: (organisation: string, language: string) =>
    ask<{ contacts: Contact[] }>(
      'GET',
      `organisations/${encodeURIComponent(organisation)}/contacts?language=${language}`,
    ),
  message: (messageId: string) => ask<Message>('GET', `messages/${encodeURIComponent(messageId)}`),
  /** Whether what a browser saves, or shows in a frame, by itself can be had from there. */
  askFor: async (path: string): Promise<true> => {
    const { ok, status } = await fetch(path, { method: 'HEAD' }).catch(() => {
      throw new Unreachable('no answer');
    });
    if (!ok) throw refused(status, {});
    return true;
  },
  draft: (place: Place) => ask<{ draft: Draft | null }>('GET', `${place}/draft`),
  beginDraft: (place: Place) => ask<Draft>('PUT', `${place}/draft`, {}),
  keepDraft: (place: Place, draftId: string, typed: Typed, by: Writer, how: RequestInit = {}) =>
    ask<Draft>('PUT', `${place}/draft`, { draftId, ...typed, by }, how),
  /** What can't be sent as an answer any more goes on as a letter. */
  toLetter: (messageId: string, draftId: string) =>
    ask<undefined>('POST', `${answerTo(messageId)}/draft/letter`, { draftId }),
  throwAwayDraft: (place: Place, draftId: string) =>
    ask<undefined>('DELETE', `${place}/draft?draft=${encodeURIComponent(draftId)}`),
  removeFile: (place: Place, fileId: string) =>
    ask<undefined>('DELETE', `${place}/draft/files/${encodeURIComponent(fileId)}`, undefined, {
      headers: { 'Tus-Resumable': '1.0.0' },
    }),
  /** Sent once, also where it is asked for again. */
  reply: (messageId: string, draftId: string, typed: Typed, seen: Seen) =>
    ask<{ submittedAt: string }>('POST', `${answerTo(messageId)}/replies`, { draftId, ...typed, ...seen }),
  sendLetter: (draftId: string, typed: Typed, seen: Seen) =>
    ask<{ submittedAt: string }>('POST', LETTERS, { draftId, ...typed, ...seen }),
  decline: (messageId: string) => ask<undefined>('POST', `messages/${encodeURIComponent(messageId)}/decline`),
};

/** Where files of what is written there are begun. */
export const filesOf = (place: Place): string => `${BASE}${place}/draft/files`;
export const bodyOf = (messageId: string): string => `${BASE}messages/${messageId}/body`;
export const partOf = (messageId: string, ordinal: number): string =>
  `${BASE}messages/${messageId}/parts/${ordinal}`;
export const writtenOf = (replyId: string): string => `${BASE}written/${replyId}/message.eml`;
export const writtenPdfOf = (replyId: string, language: string): string =>
  `${BASE}written/${replyId}/message.pdf?language=${language}`;
export const pdfOf = (messageId: string, language: string): string =>
  `${BASE}messages/${messageId}/message.pdf?language=${language}`;
export const wholeOf = (messageId: string): string => `${BASE}messages/${messageId}/message.eml`;
