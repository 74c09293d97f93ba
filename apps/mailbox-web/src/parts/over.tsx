// SPDX-License-Identifier: Apache-2.0
import { useWords } from '../words/language.tsx';
import { Page } from './page.tsx';
import { NotSignedIn, SignInAgain } from './problem.tsx';
import type { Over } from './standing.ts';
import { UnkeptTexts } from './unkept-texts.tsx';

/** Where what was loaded is shown no more; what was written, and is kept nowhere else, is. */
export function OverPage({ why }: { why: Over }) {
  const { signedOut, otherPerson, unkept } = useWords();
  if (why === 'ended')
    return (
      <NotSignedIn>
        <UnkeptTexts explain={unkept.text} />
      </NotSignedIn>
    );
  const { title, text } = why === 'out' ? signedOut : otherPerson;
  return (
    <Page title={title}>
      <p>{text}</p>
      {why === 'other' && <SignInAgain />}
      <UnkeptTexts explain={unkept.text} />
    </Page>
  );
}
