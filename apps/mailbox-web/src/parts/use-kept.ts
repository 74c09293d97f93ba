// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { beforeLeaving, whileLeaving } from './before-leaving.ts';
import { api, Refusal, type Draft, type Place, type Typed } from '../api.ts';

/** So long nobody types, and what was typed is kept; who types on and on has it kept as often as the second says. Milliseconds. */
const QUIET = 1_500;
const AT_LEAST_EVERY = 5_000;
/** Where the server can't be reached it is tried so often, one after the other. */
const TRIES = 100;
const BETWEEN_TRIES = 3_000;

interface Keeping {
  place: Place;
  draft: Draft;
  typed: Typed;
  /** While it is sent nothing is kept. */
  isPaused: boolean;
}

/** Keeps on the server what is typed, so that a lost connection or a closed page costs a moment of it at most. */
export function useKept({ place, draft, typed, isPaused }: Keeping) {
  // As one value, which is another one as soon as anything in it is.
  const text = JSON.stringify(typed);
  const kept = useRef(JSON.stringify(asTyped(draft, typed)));
  const by = useRef({ writer: crypto.randomUUID(), seen: draft.version });
  const since = useRef<number | null>(null);
  const keeping = useMutation({
    mutationFn: (typed: string) =>
      api.keepDraft(place, draft.draftId, JSON.parse(typed) as Typed, by.current),
    onSuccess: ({ version }, typed) => {
      kept.current = typed;
      by.current.seen = version;
    },
    // One after the other, so that the last one is what stays.
    scope: { id: draft.draftId },
    retry: (failures, error) => !(error instanceof Refusal) && failures < TRIES,
    retryDelay: BETWEEN_TRIES,
  });
  const { mutate } = keeping;
  const isToKeep = !isPaused && text !== kept.current;
  useEffect(() => {
    if (!isToKeep) {
      since.current = null;
      return undefined;
    }
    since.current ??= Date.now();
    const wait = Math.max(0, Math.min(QUIET, since.current + AT_LEAST_EVERY - Date.now()));
    const timer = setTimeout(() => {
      since.current = null;
      mutate(text);
    }, wait);
    return () => {
      clearTimeout(timer);
    };
  }, [text, isToKeep, mutate]);
  const last = useRef({ text, isToKeep });
  last.current = { text, isToKeep };
  useEffect(() => {
    const keepLast = async () => {
      const { text: typed, isToKeep: isLeft } = last.current;
      if (!isLeft) return;
      // Whether it arrived nobody is there to hear; who comes back has it kept again.
      await api
        .keepDraftAtLast(place, draft.draftId, JSON.parse(typed) as Typed, by.current)
        .catch(() => undefined);
    };
    const whenHidden = () => {
      if (document.visibilityState === 'hidden') void keepLast();
    };
    document.addEventListener('visibilitychange', whenHidden);
    const forget = beforeLeaving(keepLast);
    return () => {
      document.removeEventListener('visibilitychange', whenHidden);
      forget();
      // Another page of ours comes.
      whileLeaving(keepLast());
    };
  }, [place, draft.draftId]);
  return {
    isKept: keeping.isSuccess && keeping.variables === text,
    /** Also while it is tried again; null: nothing is wrong. */
    error: keeping.error ?? keeping.failureReason,
    keepNow: () => {
      if (isToKeep) mutate(text);
    },
  };
}

/** What of a draft is typed where this is typed. */
const asTyped = (draft: Draft, typed: Typed): Typed =>
  Object.fromEntries(Object.keys(typed).map((key) => [key, draft[key as keyof Typed]])) as unknown as Typed;
