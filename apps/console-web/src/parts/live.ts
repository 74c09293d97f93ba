// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import { doubts } from '../api/ask.ts';

/** Milliseconds. */
const AGAIN_MS = 5_000;
/** The gateway says something at least every five seconds: where it did not, the connection is dead, and no browser tells. */
const SILENT_MS = 15_000;

/** `away`: the gateway is there, and can look nothing up now. */
export type Liveness = 'opening' | 'connecting' | 'live' | 'away' | 'refused';

/** What is to be known of what is shown. */
export const STANDING: Record<Liveness, string> = {
  opening: 'Looking …',
  live: 'Live',
  connecting: 'Not connected: this is the last that came.',
  away: 'Standing still: the gateway can look nothing up now, as without its database. This is the last that came.',
  refused: 'Nothing comes by itself now: it is looked up every few seconds.',
};

/**
 * What a stream of server-sent events says, each time that it says something.
 *
 * @returns `refused`: it is tried again after a while; meanwhile who needs to know asks.
 */
export function useLive(path: string | null, name: string, onSaid: (data: unknown) => void): Liveness {
  const [liveness, setLive] = useState<Liveness>('opening');
  const said = useRef(onSaid);
  useEffect(() => {
    said.current = onSaid;
  });
  useEffect(() => {
    if (path === null) return;
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = (how: Liveness) => {
      setLive(how);
      clearTimeout(silence);
      silence = setTimeout(() => {
        source.close();
        setLive('connecting');
        open();
      }, SILENT_MS);
    };
    const open = () => {
      source = new EventSource(path);
      source.addEventListener('error', () => {
        const isRefused = source.readyState === EventSource.CLOSED;
        setLive(isRefused ? 'refused' : 'connecting');
        if (!isRefused) return;
        clearTimeout(silence);
        // The browser tries no more: a gateway or a proxy was away for a moment, or nobody is signed in.
        doubts.dispatchEvent(new Event('doubt'));
        timer = setTimeout(open, AGAIN_MS);
      });
      source.addEventListener('ended', () => {
        clearTimeout(silence);
        source.close();
        doubts.dispatchEvent(new Event('doubt'));
      });
      source.addEventListener('beat', () => heard('live'));
      source.addEventListener('away', () => heard('away'));
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        heard('live');
        said.current(JSON.parse(data));
      });
    };
    open();
    return () => {
      clearTimeout(timer);
      clearTimeout(silence);
      source.close();
    };
  }, [path, name]);
  return liveness;
}
