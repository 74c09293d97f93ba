// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { useReplyFault } from './reply-fault.ts';

/** For who does not want to answer after all; asked twice, for there is no way back. */
export function ThrowAway({
  messageId,
  draftId,
  onDone,
}: {
  messageId: string;
  draftId: string;
  onDone: () => Promise<void>;
}) {
  const { reply: words, problems } = useWords();
  const faultOf = useReplyFault();
  const [isAsked, setAsked] = useState(false);
  const ending = useMutation({
    mutationFn: () => api.throwAwayDraft(messageId, draftId),
    onSuccess: onDone,
  });
  return (
    <>
      {isAsked ? (
        <>
          <Act label={words.throwAwaySure} onAct={() => ending.mutate()} isPending={ending.isPending} />
          <Act second label={words.writeOn} onAct={() => setAsked(false)} />
        </>
      ) : (
        <Act second label={words.throwAway} onAct={() => setAsked(true)} />
      )}
      <p role="alert">{ending.isError ? faultOf(ending.error, problems.unreachable.text) : ''}</p>
    </>
  );
}
