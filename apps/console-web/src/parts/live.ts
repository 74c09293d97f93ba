// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import { doubts } from '../api/ask.ts';

export type Liveness = 'connecting' | 'live' | 'refused';

/**
 * What a stream of server-sent events says, each time that it says something.
 *
 * @returns `connecting`: the browser tries by itself; `refused`: it does not, for so many watch, or nobody is signed in.
 */
export function useLive(path: string | null, name: string, onSaid: (data: unknown) => void): Liveness {
  const [liveness, setLive] = useState<Liveness>('connecting');
  const said = useRef(onSaid);
  useEffect(() => {
    said.current = onSaid;
  });
  useEffect(() => {
    if (path === null) return;
    const source = new EventSource(path);
    source.addEventListener('open', () => setLive('live'));
    source.addEventListener('error', () => {
      const isRefused = source.readyState === EventSource.CLOSED;
      setLive(isRefused ? 'refused' : 'connecting');
      if (isRefused) doubts.dispatchEvent(new Event('doubt'));
    });
    source.addEventListener('ended', () => {
      source.close();
      doubts.dispatchEvent(new Event('doubt'));
    });
    source.addEventListener(name, ({ data }: MessageEvent<string>) => said.current(JSON.parse(data)));
    return () => source.close();
  }, [path, name]);
  return liveness;
}
