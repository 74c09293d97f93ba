// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import { doubts } from '../api/ask.ts';

/** Milliseconds. */
const AGAIN_MS = 5_000;

export type Liveness = 'connecting' | 'live' | 'refused';

/**
 * What a stream of server-sent events says, each time that it says something.
 *
 * @returns `refused`: it is tried again after a while; meanwhile who needs to know asks.
 */
export function useLive(path: string | null, name: string, onSaid: (data: unknown) => void): Liveness {
  const [liveness, setLive] = useState<Liveness>('connecting');
  const said = useRef(onSaid);
  useEffect(() => {
    said.current = onSaid;
  });
  useEffect(() => {
    if (path === null) return;
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(path);
      source.addEventListener('open', () => setLive('live'));
      source.addEventListener('error', () => {
        const isRefused = source.readyState === EventSource.CLOSED;
        setLive(isRefused ? 'refused' : 'connecting');
        if (!isRefused) return;
        // The browser tries no more: a gateway or a proxy was away for a moment, or nobody is signed in.
        doubts.dispatchEvent(new Event('doubt'));
        timer = setTimeout(open, AGAIN_MS);
      });
      source.addEventListener('ended', () => {
        source.close();
        doubts.dispatchEvent(new Event('doubt'));
      });
      source.addEventListener(name, ({ data }: MessageEvent<string>) => said.current(JSON.parse(data)));
    };
    open();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [path, name]);
  return liveness;
}
