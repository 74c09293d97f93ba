// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { NavLink, Route, Routes } from 'react-router';
import { Refusal } from './api/ask.ts';
import { AuditPage } from './pages/audit-page.tsx';
import { CertificatesPage } from './pages/certificates-page.tsx';
import { DeadLettersPage } from './pages/dead-letters-page.tsx';
import { EmailPage } from './pages/email-page.tsx';
import { EmailsPage } from './pages/emails-page.tsx';
import { HeldPage } from './pages/held-page.tsx';
import { OverviewPage } from './pages/overview-page.tsx';
import { ReplayPage } from './pages/replay-page.tsx';
import { SignInPage } from './pages/sign-in-page.tsx';
import { Page } from './parts/page.tsx';
import { Problem } from './parts/problem.tsx';
import { may, SignedIn, signOut, useSession } from './session.tsx';

/** The frame around every page, and which page it is. */
export function App() {
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <SignedIn
        otherwise={(error) => (
          <main id="content">
            {error instanceof Refusal && error.status === 401 ? (
              <SignInPage />
            ) : (
              <Page title="The gateway can’t be reached">
                <Problem error={error} />
              </Page>
            )}
          </main>
        )}
      >
        <Head />
        <main id="content">
          <Routes>
            <Route path="/" element={<OverviewPage />} />
            <Route path="/emails" element={<EmailsPage />} />
            <Route path="/emails/:emailId" element={<EmailPage />} />
            <Route path="/held" element={<HeldPage />} />
            <Route path="/dead-letters" element={<DeadLettersPage />} />
            <Route path="/certificates" element={<CertificatesPage />} />
            <Route path="/audit" element={<AuditPage />} />
            <Route path="/audit/:emailId" element={<ReplayPage />} />
            {/* Who was sent here to sign in, and is signed in. */}
            <Route path="/sign-in" element={<OverviewPage />} />
            <Route path="*" element={<Page title="There is no such page">Choose one above.</Page>} />
          </Routes>
        </main>
      </SignedIn>
    </>
  );
}

function Head() {
  const session = useSession();
  const { mutate, isPending } = useMutation({ mutationFn: signOut });
  return (
    <header>
      <p className="brand">
        Secure@Mail <span>{session.organisation.name}</span>
      </p>
      <nav aria-label="Pages">
        <ul>
          <li>
            <NavLink to="/" end>
              Overview
            </NavLink>
          </li>
          <li>
            <NavLink to="/emails">Emails</NavLink>
          </li>
          {may(session, 'decider') && (
            <li>
              <NavLink to="/held">Held</NavLink>
            </li>
          )}
          {may(session, 'operator') && (
            <li>
              <NavLink to="/dead-letters">Dead letters</NavLink>
            </li>
          )}
          <li>
            <NavLink to="/certificates">Certificates</NavLink>
          </li>
          {may(session, 'auditor') && (
            <li>
              <NavLink to="/audit">Audit</NavLink>
            </li>
          )}
        </ul>
      </nav>
      <p className="who">
        {session.name} ({session.role}){' '}
        <button type="button" className="second" onClick={() => !isPending && mutate()}>
          Sign out
        </button>
      </p>
    </header>
  );
}
