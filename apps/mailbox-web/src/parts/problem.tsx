// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { Link, matchPath, useLocation } from 'react-router';
import { Refusal } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { lastOrganisation } from './last-organisation.ts';
import { Page } from './page.tsx';
import type { Place } from './use-signed-in.ts';

/** A page that says what went wrong, and what can be done. */
export function Problem({ error, onTryAgain }: { error: unknown; onTryAgain?: (() => void) | undefined }) {
  const { problems, tryAgain } = useWords();
  const again: ReactNode = onTryAgain !== undefined && <Act label={tryAgain} onAct={onTryAgain} />;
  const kind = error instanceof Refusal ? error.kind : 'unreachable';
  switch (kind) {
    case 'link-not-found':
      return <Told {...problems.linkNotFound} />;
    case 'mailbox-message-ended':
      return <Ended organisation={error instanceof Refusal ? error.organisation : null} />;
    case 'contact-not-found':
      return <Told {...problems.nobody} />;
    case 'not-signed-in':
      return <NotSignedIn />;
    case 'too-many-codes':
      return <TooMany>{again}</TooMany>;
    case 'unreachable':
      return <Told {...problems.unreachable}>{again}</Told>;
    default:
      return <Told {...problems.notFound} />;
  }
}

export function NotSignedIn({ children }: { children?: ReactNode }) {
  const { problems } = useWords();
  const { pathname } = useLocation();
  const { title, text, writing } = problems.notSignedIn;
  return (
    // Who writes first was never sent a link.
    <Told title={title} text={matchPath('/write', pathname) === null ? text : writing}>
      <SignInAgain />
      {children}
    </Told>
  );
}

/** Who signs in by what is offered here comes back to this page. */
export function SignInAgain() {
  const { problems } = useWords();
  const { pathname } = useLocation();
  const organisation = lastOrganisation();
  if (organisation === null) return null;
  return (
    <p>
      <Link
        to={`/o/${encodeURIComponent(organisation)}`}
        state={{ leadsTo: { path: pathname, state: null } satisfies Place }}
      >
        {problems.notSignedIn.byAddress}
      </Link>
    </p>
  );
}

/** @param organisation of the link: nobody is signed in who could be shown what he had begun to answer. */
function Ended({ organisation }: { organisation: string | null }) {
  const { problems } = useWords();
  const { signIn, ...told } = problems.ended;
  return (
    <Told {...told}>
      {organisation !== null && (
        <p>
          {signIn} <Link to={`/o/${encodeURIComponent(organisation)}`}>{problems.notSignedIn.byAddress}</Link>
        </p>
      )}
    </Told>
  );
}

function TooMany({ children }: { children: ReactNode }) {
  const { problems } = useWords();
  const { pathname } = useLocation();
  const { byLink, ...told } = problems.tooMany;
  return (
    <Told {...told}>
      {matchPath('/o/:organisation', pathname) !== null && <p>{byLink}</p>}
      {children}
    </Told>
  );
}

function Told({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <Page title={title}>
      <p>{text}</p>
      {children}
    </Page>
  );
}
