// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import { doubts } from '../api/ask.ts';

/**
 * What a stream of server-sent events says, each time that it says something.
 *
 * @returns whether it is connected; where it is not the browser tries again by itself.
 */
export function useLive(path: string | null, name: string, onSaid: (data: unknown) => void): boolean {
  const [isLive, setLive] = useState(false);
  const said = useRef(onSaid);
  useEffect(() => {
    said.current = onSaid;
  });
  useEffect(() => {
    if (path === null) return;
    const source = new EventSource(path);
    source.addEventListener('open', () => setLive(true));
    source.addEventListener('error', () => {
      setLive(false);
      // Refused: it is not tried again.
      if (source.readyState === EventSource.CLOSED) doubts.dispatchEvent(new Event('doubt'));
    });
    source.addEventListener('ended', () => {
      source.close();
      doubts.dispatchEvent(new Event('doubt'));
    });
    source.addEventListener(name, ({ data }: MessageEvent<string>) => said.current(JSON.parse(data)));
    return () => source.close();
  }, [path, name]);
  return isLive;
}
