// SPDX-License-Identifier: Apache-2.0
import type { QueryClient } from '@tanstack/react-query';
import { api, doubts, Refusal, type CurrentSession, type SessionLeft } from '../api.ts';
import { setEnding } from './ending.ts';
import { isProofDemanded } from './proof-demanded.ts';
import { setStanding, standing, type Over } from './standing.ts';
import { keepAll, keepProven, unkept } from './unkept.ts';

/** What the tabs of a browser tell each other: that somebody is signed in in it, and that nobody is any more. */
type Word = { person: string } | 'out';

/** By which it is known that somebody is there. Scrolling beside these is done by programs, too. */
const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'] as const;
/** The server is told so often at most that somebody is there. Milliseconds. */
const TOLD_EVERY = 60_000;
/** So long before its end it is told; where sessions are shorter than twice that, after half of one. Seconds. */
const TOLD_BEFORE = 120;
/** The longest that a browser waits for. Milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1;

let person: string | null = null;
/** Whose papers lie here, also while nobody is signed in. */
let writer: string | null = null;
/** When the session ends, as far as is known here. */
let endsAt = 0;
let secondsLeft = 0;
/** The longest that was left of one here: all of it. */
let longest = 0;
let toldAt = 0;
let isLooking = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let warning: ReturnType<typeof setTimeout> | undefined;
let channel: BroadcastChannel | null = null;

/** By the link and by the organisation's page he is called as two mails to him were addressed. */
const personOf = ({ organisation, address }: CurrentSession) =>
  JSON.stringify([organisation.id, address?.toLowerCase() ?? null]);

/** Takes all that was loaded out of the page. */
function end(why: Over, queries: QueryClient): void {
  if (person === null) return;
  clearTimeout(timer);
  clearTimeout(warning);
  setEnding(null);
  setStanding(why);
  queries.removeQueries({ predicate: ({ queryKey: [kind] }) => kind !== 'organisation' });
  queries.getMutationCache().clear();
}

/** Whoever reads here has signed out: in all tabs of this browser. */
export function signedOut(queries: QueryClient): void {
  channel?.postMessage('out' satisfies Word);
  end('out', queries);
}

/** Somebody has signed in in this tab, perhaps another one than before: that is known once his session is. */
export async function signedIn(queries: QueryClient): Promise<void> {
  person = null;
  queries.clear();
  setStanding(null);
  await keepAll();
}

const after = (milliseconds: number, act: () => void) =>
  setTimeout(act, Math.min(Math.max(milliseconds, 0), LONGEST_WAIT));

/** Takes what the server says of the session. */
function noteAnswer(now: SessionLeft, queries: QueryClient): void {
  ({ secondsLeft } = now);
  longest = Math.max(longest, secondsLeft);
  endsAt = Date.now() + secondsLeft * 1_000;
  clearTimeout(timer);
  clearTimeout(warning);
  timer = after(secondsLeft * 1_000, () => void look(queries));
  const before = Math.min(TOLD_BEFORE, longest / 2);
  if (secondsLeft <= before) setEnding({ at: endsAt, isFixed: now.secondsLeftAtMost <= secondsLeft });
  else {
    setEnding(null);
    // Another tab may have used it since: the server is asked, and where that does not answer it is told all the same.
    warning = after((secondsLeft - before) * 1_000, () => void look(queries));
  }
}

/** Who is shown something, as the server has just said it. */
export function noteSession(now: CurrentSession, queries: QueryClient): void {
  noteAnswer(now, queries);
  if (personOf(now) === person) return;
  person = personOf(now);
  // Of another person, who has not come back. What is refused to the same one is his to shorten, to choose, or to copy.
  if (writer !== null && writer !== person) for (const paper of unkept()) paper.drop();
  writer = person;
  toldAt = Date.now();
  channel?.postMessage({ person } satisfies Word);
}

/** Whether the session goes on, and is still of the same person. Where nobody answers it is over once its time is. */
async function look(queries: QueryClient): Promise<void> {
  if (person === null || isLooking) return;
  isLooking = true;
  try {
    const now = await api.session();
    if (personOf(now) !== person) {
      end('other', queries);
      return;
    }
    noteAnswer(now, queries);
    if (standing() === null) return;
    setStanding(null);
    void keepAll();
  } catch (error) {
    const isEnded = error instanceof Refusal && error.kind === 'not-signed-in';
    if (!isEnded && standing() === null && Date.now() >= endsAt - TOLD_BEFORE * 1_000)
      setEnding({ at: endsAt, isFixed: false });
    if (standing() === null && (isEnded || Date.now() >= endsAt)) end('ended', queries);
  } finally {
    isLooking = false;
  }
}

/** Where more was demanded it may have been proven in another tab. */
async function goOnProven(queries: QueryClient): Promise<void> {
  if (standing() !== null) return;
  await keepProven();
  await queries.invalidateQueries({ predicate: ({ state }) => isProofDemanded(state.error) });
}

/** Whoever does something on a page is there: his session goes on, up to its set end. */
async function act(queries: QueryClient): Promise<void> {
  const every = Math.min(TOLD_EVERY, (secondsLeft * 1_000) / 4);
  if (person === null || standing() !== null || Date.now() - toldAt < every) return;
  toldAt = Date.now();
  // Who is signed in no more is told by `doubts`; what does not arrive is tried at the next act.
  const now = await api.useSession().catch(() => null);
  if (now !== null) noteAnswer(now, queries);
}

/** Whoever is told that it ends has it go on. @throws Unreachable, or Refusal where it is over */
export async function stay(queries: QueryClient): Promise<void> {
  toldAt = Date.now();
  noteAnswer(await api.useSession(), queries);
}

/** Null where a browser has none, or lets nobody use it. */
function openChannel(): BroadcastChannel | null {
  try {
    return 'BroadcastChannel' in globalThis ? new BroadcastChannel('securemail-session') : null;
  } catch {
    return null;
  }
}

/** For as long as the page is open. @returns what ends it. */
export function watchSession(queries: QueryClient): () => void {
  channel = openChannel();
  const heard = ({ data }: MessageEvent<Word>) => {
    if (data === 'out') end('out', queries);
    else if (person !== null && data.person !== person) end('other', queries);
    else if (standing() !== null) void look(queries);
    else void goOnProven(queries);
  };
  channel?.addEventListener('message', heard);
  const again = () => {
    if (document.visibilityState === 'visible') void look(queries).then(() => goOnProven(queries));
  };
  const doubted = () => void look(queries);
  const acted = ({ isTrusted }: Event) => {
    if (isTrusted) void act(queries);
  };
  document.addEventListener('visibilitychange', again);
  globalThis.addEventListener('pageshow', again);
  doubts.addEventListener('doubt', doubted);
  for (const kind of ACTS) document.addEventListener(kind, acted, { capture: true, passive: true });
  return () => {
    channel?.close();
    clearTimeout(timer);
    clearTimeout(warning);
    document.removeEventListener('visibilitychange', again);
    globalThis.removeEventListener('pageshow', again);
    doubts.removeEventListener('doubt', doubted);
    for (const kind of ACTS) document.removeEventListener(kind, acted, { capture: true });
  };
}
