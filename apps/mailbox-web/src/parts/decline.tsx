// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';

/** For who got what was meant for another; asked twice, for there is no way back. */
export function Decline({ messageId, onDone }: { messageId: string; onDone: () => void }) {
  const { decline: words, problems } = useWords();
  const [isAsked, setAsked] = useState(false);
  const queries = useQueryClient();
  const declining = useMutation({
    mutationFn: () => api.decline(messageId),
    onSuccess: async () => {
      onDone();
      await queries.invalidateQueries({ queryKey: ['messages'] });
    },
  });
  return (
    <section>
      <h2>{words.title}</h2>
      <p>{words.explain}</p>
      {isAsked ? (
        <>
          <Act label={words.sure} onAct={() => declining.mutate()} isPending={declining.isPending} />
          <Act second label={words.cancel} onAct={() => setAsked(false)} />
        </>
      ) : (
        <Act second label={words.begin} onAct={() => setAsked(true)} />
      )}
      <p role="alert">{declining.isError ? problems.unreachable.text : ''}</p>
    </section>
  );
}
