// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { api } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { AskedTwice } from './asked-twice.tsx';
import { useReplyFault } from './reply-fault.ts';

/** For who does not want to answer after all. */
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
  const ending = useMutation({
    mutationFn: () => api.throwAwayDraft(messageId, draftId),
    onSuccess: onDone,
  });
  return (
    <>
      <AskedTwice
        begin={words.throwAway}
        sure={words.throwAwaySure}
        cancel={words.writeOn}
        isPending={ending.isPending}
        onSure={() => ending.mutate()}
      />
      <p role="alert">{ending.isError ? faultOf(ending.error, problems.unreachable.text) : ''}</p>
    </>
  );
}
