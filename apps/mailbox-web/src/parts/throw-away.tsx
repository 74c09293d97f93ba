// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { api, type Place } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { AskedTwice } from './asked-twice.tsx';
import { useDraftFault } from './draft-fault.ts';

/** For who does not want to write after all. */
export function ThrowAway({
  place,
  draftId,
  onDone,
}: {
  place: Place;
  draftId: string;
  onDone: () => void | Promise<void>;
}) {
  const { writing: words, problems } = useWords();
  const faultOf = useDraftFault();
  const ending = useMutation({
    mutationFn: () => api.throwAwayDraft(place, draftId),
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
