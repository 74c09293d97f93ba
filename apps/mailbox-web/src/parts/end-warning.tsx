// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTimes, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { useEnding } from './ending.ts';
import { stay } from './session-watch.ts';

/** Says before a session ends that it does, where it is seen and heard whatever is read; takes no focus, and gives that back. */
export function EndWarning() {
  const { ending: words, problems } = useWords();
  const { clock } = useTimes();
  const ending = useEnding();
  const queries = useQueryClient();
  const [hasStayed, setStayed] = useState(false);
  /** Where whoever reads was before he came to the button. */
  const before = useRef<Element | null>(null);
  const isThere = ending !== null;
  const staying = useMutation({
    mutationFn: () => stay(queries),
    onSuccess: () => {
      setStayed(true);
      const back = before.current?.isConnected === true ? before.current : document.querySelector('h1');
      if (back instanceof HTMLElement) back.focus();
    },
  });
  useEffect(() => {
    if (!isThere) return undefined;
    setStayed(false);
    const title = document.title;
    document.title = `${words.title} – ${title}`;
    return () => {
      document.title = document.title.replace(`${words.title} – `, '');
    };
  }, [isThere, words]);
  const time = ending === null ? '' : clock(ending.at);
  return (
    <div className={isThere ? 'ending' : undefined}>
      <p role="alert">
        {ending === null ? '' : ending.isFixed ? words.fixed(time) : words.text(time)}
        {isThere && staying.isError ? ` ${problems.unreachable.text}` : ''}
      </p>
      {ending !== null && !ending.isFixed && (
        <div
          onFocus={({ relatedTarget }) => {
            before.current = relatedTarget;
          }}
        >
          <Act label={words.stay} onAct={() => staying.mutate()} isPending={staying.isPending} />
        </div>
      )}
      <p role="status" className="announced">
        {!isThere && hasStayed ? words.stayed : ''}
      </p>
    </div>
  );
}
