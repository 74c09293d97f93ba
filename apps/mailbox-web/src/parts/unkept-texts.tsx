// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { Place } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { unkept } from './unkept.ts';

interface UnkeptTextsProps {
  /** How it comes to be kept. */
  explain: string;
  /** What is written there alone. */
  place?: Place;
}

/** What was written here, and is kept nowhere else. */
export function UnkeptTexts({ explain, place }: UnkeptTextsProps) {
  const { unkept: words } = useWords();
  const id = useId();
  const [texts] = useState(() =>
    unkept()
      .filter((paper) => place === undefined || paper.place === place)
      .map(({ text }) => text),
  );
  if (texts.length === 0) return null;
  return (
    <section>
      <h2 id={id}>{words.title}</h2>
      <p>{explain}</p>
      {texts.map((text, index) => (
        <textarea key={index} aria-labelledby={id} rows={8} readOnly value={text} />
      ))}
    </section>
  );
}
