// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import { useWords } from '../words/language.tsx';
import { Page } from './page.tsx';
import { NotSignedIn, SignInAgain } from './problem.tsx';
import type { Over } from './standing.ts';
import { unkept } from './unkept.ts';

/** Where what was loaded is shown no more; what was written, and is kept nowhere else, is. */
export function OverPage({ why }: { why: Over }) {
  const { signedOut, otherPerson } = useWords();
  if (why === 'ended')
    return (
      <NotSignedIn>
        <Unkept />
      </NotSignedIn>
    );
  const { title, text } = why === 'out' ? signedOut : otherPerson;
  return (
    <Page title={title}>
      <p>{text}</p>
      {why === 'other' && <SignInAgain />}
      <Unkept />
    </Page>
  );
}

function Unkept() {
  const { unkept: words } = useWords();
  const id = useId();
  const [texts] = useState(() => unkept().map(({ text }) => text));
  if (texts.length === 0) return null;
  return (
    <section>
      <h2 id={id}>{words.title}</h2>
      <p>{words.text}</p>
      {texts.map((text, index) => (
        <textarea key={index} aria-labelledby={id} rows={8} readOnly value={text} />
      ))}
    </section>
  );
}
