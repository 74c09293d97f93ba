// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { api, type Draft, type Place } from '../api.ts';
import { useSize, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { useDraftFault } from './draft-fault.ts';
import { Loading } from './loading.tsx';

interface OvertakenProps {
  place: Place;
  draftId: string;
  /** All that is typed, in one. */
  wholeOf: (draft: Draft) => string;
  /** As it stands here. */
  here: string;
  /** With which of them whoever writes goes on. */
  onChosen: (other: Draft, which: 'here' | 'there') => void;
}

/** What another page or device made of the draft since: nothing of either is lost before somebody has chosen. */
export function Overtaken({ place, draftId, wholeOf, here, onChosen }: OvertakenProps) {
  const { writing: words, message, problems, tryAgain } = useWords();
  const faultOf = useDraftFault();
  const sizeOf = useSize();
  const id = useId();
  const found = useQuery({
    queryKey: ['overtaken', draftId],
    queryFn: () => api.draft(place),
    gcTime: 0,
    staleTime: Infinity,
  });
  if (found.isPending) return <Loading />;
  if (found.data === undefined)
    return (
      <>
        <p role="alert">{faultOf(found.error, problems.unreachable.text)}</p>
        <Act second label={tryAgain} onAct={() => void found.refetch()} isPending={found.isFetching} />
      </>
    );
  const other = found.data.draft;
  if (other?.draftId !== draftId) return <p role="alert">{words.gone}</p>;
  const isOtherText = wholeOf(other) !== here;
  return (
    <div>
      {isOtherText && (
        <>
          <label htmlFor={id}>{words.there}</label>
          <textarea id={id} rows={6} readOnly value={wholeOf(other)} />
        </>
      )}
      <p>{other.files.length === 0 ? words.noFiles : words.withFiles}</p>
      {other.files.length > 0 && (
        <ul>
          {other.files.map(({ fileId, name, size }) => (
            <li key={fileId}>{message.save(name, sizeOf(size))}</li>
          ))}
        </ul>
      )}
      {isOtherText && <Act second label={words.goOnThere} onAct={() => onChosen(other, 'there')} />}
      <Act second label={words.goOnHere} onAct={() => onChosen(other, 'here')} />
    </div>
  );
}
