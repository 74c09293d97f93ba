// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { AskedTwice } from './asked-twice.tsx';

/** For who got what was meant for another. */
export function Decline({ messageId, onDone }: { messageId: string; onDone: () => void }) {
  const { decline: words, problems } = useWords();
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
      <AskedTwice
        begin={words.begin}
        sure={words.sure}
        cancel={words.cancel}
        isPending={declining.isPending}
        onSure={() => declining.mutate()}
      />
      <p role="alert">{declining.isError ? problems.unreachable.text : ''}</p>
    </section>
  );
}
