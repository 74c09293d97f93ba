// SPDX-License-Identifier: Apache-2.0
import { useId } from 'react';
import type { Place } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { papers } from './unkept.ts';

/** What was written here into a draft that is no more, as another device has sent it or thrown it away: it stands nowhere else. */
export function Stranded({ place, draftId }: { place: Place; draftId: string | null }) {
  const { unkept, writing } = useWords();
  const id = useId();
  const left = [...papers].filter(
    ([of, paper]) => of !== draftId && paper.isRefused && paper.isUnkept && paper.place === place,
  );
  if (left.length === 0) return null;
  return (
    <section>
      <h2 id={id}>{unkept.title}</h2>
      <p>{writing.gone}</p>
      {left.map(([of, { text }]) => (
        <textarea key={of} aria-labelledby={id} rows={8} readOnly value={text} />
      ))}
    </section>
  );
}
