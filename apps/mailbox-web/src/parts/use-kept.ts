// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Draft, Place, Typed, Writer } from '../api.ts';
import { keeperOf, type Kept } from './keeper.ts';

interface Keeping {
  place: Place;
  draft: Draft;
  typed: Typed;
  /** While it is sent nothing is kept. */
  isPaused: boolean;
}

/** Keeps on the server what is typed, so that a lost connection or a closed page costs a moment of it at most. */
export function useKept({ place, draft, typed, isPaused }: Keeping): Kept & {
  keepNow: () => void;
  /** It is sent, or thrown away; also where its form is gone meanwhile. */
  drop: () => void;
  /** It was not sent after all; likewise. */
  goOn: () => void;
  /** As whom it is kept and sent. */
  by: () => Writer;
  meet: (other: Draft) => void;
} {
  const [keeper] = useState(() => keeperOf(place, draft));
  const state = useSyncExternalStore(keeper.listen, keeper.state);
  useEffect(() => {
    keeper.pause(isPaused);
  }, [keeper, isPaused]);
  useEffect(() => {
    keeper.type(typed);
  });
  useEffect(() => {
    const whenHidden = () => {
      if (document.visibilityState === 'hidden') keeper.keepAtLast();
    };
    document.addEventListener('visibilitychange', whenHidden);
    return () => {
      document.removeEventListener('visibilitychange', whenHidden);
    };
  }, [keeper]);
  return {
    ...state,
    keepNow: () => void keeper.keep(),
    drop: () => {
      keeper.drop();
    },
    goOn: () => {
      keeper.pause(false);
    },
    by: () => keeper.by,
    meet: (other) => {
      keeper.meet(other);
    },
  };
}
