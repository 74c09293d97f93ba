// SPDX-License-Identifier: Apache-2.0
import {
  api,
  LETTERS,
  Refusal,
  Unreachable,
  type Draft,
  type Place,
  type Typed,
  type Writer,
} from '../api.ts';
import { isProofDemanded } from './proof-demanded.ts';
import { isTooLong, TooLong } from './too-long.ts';
import { papers, type Paper } from './unkept.ts';

/** So long nobody types, and what was typed is kept; who types on and on has it kept as often as the second says. Milliseconds. */
const QUIET = 1_500;
const AT_LEAST_EVERY = 5_000;
/** Where the server can't be reached it is tried so often, one after the other, for as long as the page is open. */
const BETWEEN_TRIES = 3_000;
/** A request that nobody answers in so long is told as one that did not arrive. */
const SLOW = 10_000;

/** Octets that browsers send for a page that goes away (Fetch §4.6 has 64 KiB), less what stands around a text. */
const MOST_AT_LAST = 60_000;

/** This tab, which knows of whatever it kept itself. */
const WRITER = crypto.randomUUID();

export interface Kept {
  /** All that was typed, after something was. */
  isKept: boolean;
  /** Why what was typed last is not kept, until it is; null: nothing is wrong. */
  fault: unknown;
}

/**
 * Keeps on the server what is typed into a draft: one request at a time, each with what is there when it is begun, so that the
 * last is what stays. Outlives the form, for what that could not have kept.
 */
export class Keeper implements Paper {
  /** As one value, which is another one as soon as anything in it is. */
  #typed: string;
  #kept: string;
  #seen: number;
  #hasKept = false;
  #state: Kept = { isKept: false, fault: null };
  /** What the server would not keep: not asked again until it is another. */
  #refused: string | null = null;
  #since: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The last of the requests; never rejected. */
  #asked: Promise<void> = Promise.resolve();
  #isPaused = false;
  #listener: (() => void) | null = null;

  constructor(
    readonly place: Place,
    readonly draft: Draft,
  ) {
    this.#typed = this.#kept = JSON.stringify(asTyped(place, draft));
    this.#seen = draft.version;
  }

  get typed(): Typed {
    return JSON.parse(this.#typed) as Typed;
  }
  get text(): string {
    const { subject = '', text } = this.typed;
    return subject === '' ? text : `${subject}\n\n${text}`;
  }
  get by(): Writer {
    return { writer: WRITER, seen: this.#seen };
  }
  get isUnkept(): boolean {
    return this.#typed !== this.#kept;
  }
  /** It would be lost with the page: what is small enough is sent also by one that goes away, where that is heard. */
  get isAtRisk(): boolean {
    return this.isUnkept && (this.#isPaused || this.#state.fault !== null || !isSmall(this.#typed));
  }
  get isRefused(): boolean {
    return this.#refused === this.#typed;
  }
  get lacksProof(): boolean {
    return this.isUnkept && isProofDemanded(this.#state.fault);
  }
  readonly state = (): Kept => this.#state;

  /** Of the form that shows it. */
  readonly listen = (listener: () => void): (() => void) => {
    this.#listener = listener;
    papers.set(this.draft.draftId, this);
    return () => {
      this.#listener = null;
      void this.keep();
    };
  };

  type(typed: Typed): void {
    const text = JSON.stringify(typed);
    if (text === this.#typed) return;
    this.#typed = text;
    this.#say(this.isUnkept ? this.#state.fault : null);
    this.#plan();
  }

  /** Whoever writes here knows what another page kept, and what stands here counts. */
  meet(other: Draft): void {
    this.#kept = JSON.stringify(asTyped(this.place, other));
    this.#seen = other.version;
    this.#refused = null;
    this.#say(null);
    this.#plan();
  }

  /** While it is sent nothing is kept. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#plan();
  }

  keep(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#asked = this.#asked.then(() => this.#put({}));
    return this.#asked;
  }

  /** Where the page may go away at once: it waits for none before it. */
  keepAtLast(): void {
    void this.#put({ keepalive: isSmall(this.#typed) });
  }

  drop(): void {
    this.#kept = this.#typed;
    this.#plan();
    papers.delete(this.draft.draftId);
  }

  async #put(how: RequestInit): Promise<void> {
    if (this.isUnkept && !this.#isPaused) {
      const typed = this.#typed;
      const by = this.by;
      const slow = setTimeout(() => {
        this.#say(new Unreachable('no answer yet'));
      }, SLOW);
      try {
        const body = JSON.parse(typed) as Typed;
        if (isTooLong(body)) throw new TooLong('nothing of it would be kept');
        const { version } = await api.keepDraft(this.place, this.draft.draftId, body, by, how);
        this.#kept = typed;
        this.#seen = version;
        this.#hasKept = true;
        this.#refused = null;
        this.#say(null);
      } catch (error) {
        // Whoever writes has met meanwhile what it was refused for.
        if (by.seen === this.#seen) {
          this.#refused = error instanceof Refusal || error instanceof TooLong ? typed : null;
          this.#say(error);
        }
      } finally {
        clearTimeout(slow);
      }
      this.#since = null;
    }
    this.#plan();
    if (this.#listener === null && !this.isUnkept) papers.delete(this.draft.draftId);
  }

  #plan(): void {
    const isLost = this.#state.fault instanceof Unreachable;
    // Who types on does not put off the next try.
    if (isLost && this.#timer !== undefined && this.isUnkept && !this.#isPaused) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.isUnkept || this.#isPaused) this.#since = null;
    else if (!this.isRefused) {
      this.#since ??= Date.now();
      const wait = isLost ? BETWEEN_TRIES : Math.min(QUIET, this.#since + AT_LEAST_EVERY - Date.now());
      this.#timer = setTimeout(() => void this.keep(), wait);
    }
  }

  #say(fault: unknown): void {
    const state = { isKept: this.#hasKept && !this.isUnkept, fault };
    if (state.isKept === this.#state.isKept && fault === this.#state.fault) return;
    this.#state = state;
    this.#listener?.();
  }
}

const isSmall = (text: string): boolean => new TextEncoder().encode(text).length <= MOST_AT_LAST;

// Its own page is left at no risk: it goes on.
globalThis.addEventListener('beforeunload', (event) => {
  for (const paper of papers.values()) {
    if (!paper.isAtRisk) continue;
    event.preventDefault();
    void paper.keep();
  }
});

/** Of this draft; the one from before, where that has something left to keep. */
export function keeperOf(place: Place, draft: Draft): Keeper {
  const before = papers.get(draft.draftId);
  return before instanceof Keeper ? before : new Keeper(place, draft);
}

/** As it was typed here, where the server does not have that yet. */
export function withTyped(draft: Draft): Draft {
  const before = papers.get(draft.draftId);
  return before instanceof Keeper ? { ...draft, ...before.typed } : draft;
}

/** What of a draft is typed where that is written. */
const asTyped = (place: Place, { text, subject, contactId }: Draft): Typed =>
  place === LETTERS ? { contactId, subject, text } : { text };
