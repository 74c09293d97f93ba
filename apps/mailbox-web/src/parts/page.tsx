// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, type ReactNode } from 'react';
import { useWords } from '../words/language.tsx';
import { focusOn } from './at-first.ts';

/** A page with its heading, to which whoever listens is brought when it appears. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  const { language } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(language);
  useEffect(() => {
    document.title = `${title} – SecureMailBox`;
    // It is the same page in another language: whoever chooses that by the keyboard stays where he is.
    if (before.current === language) focusOn(heading.current);
    before.current = language;
  }, [title, language]);
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </>
  );
}
