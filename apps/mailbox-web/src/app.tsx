// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate, Route, Routes, useLocation } from 'react-router';
import { api, Refusal } from './api.ts';
import { AddressPage } from './pages/address-page.tsx';
import { ContactPage } from './pages/contact-page.tsx';
import { ConversationPage } from './pages/conversation-page.tsx';
import { LetterPage } from './pages/letter-page.tsx';
import { LinkPage } from './pages/link-page.tsx';
import { MessagePage } from './pages/message-page.tsx';
import { MessagesPage } from './pages/messages-page.tsx';
import { NotSignedInPage } from './pages/not-signed-in-page.tsx';
import { SessionsPage } from './pages/sessions-page.tsx';
import { TakeBackPage } from './pages/take-back-page.tsx';
import { Act } from './parts/act.tsx';
import { allBeforeLeaving } from './parts/before-leaving.ts';
import { noteOrganisation } from './parts/last-organisation.ts';
import { Page } from './parts/page.tsx';
import { Problem } from './parts/problem.tsx';
import { LANGUAGES, useLanguage, useWords } from './words/language.tsx';

/** Pages of who is signed in. */
const SIGNED_IN = /^\/(messages|conversations|write|sessions)(\/|$)/;

/** The frame around every page, and which page it is. */
export function App() {
  const words = useWords();
  const [isOut, setOut] = useState(false);
  return (
    <>
      <a className="skip" href="#content">
        {words.skipToContent}
      </a>
      <header>
        <Whose isOut={isOut} onOut={() => setOut(true)} />
        <Languages />
      </header>
      <main id="content">
        {isOut ? (
          <Page title={words.signedOut.title}>
            <p>{words.signedOut.text}</p>
          </Page>
        ) : (
          <Routes>
            <Route path="/m/:link" element={<LinkPage />} />
            <Route path="/o/:organisation" element={<AddressPage />} />
            <Route path="/o/:organisation/write" element={<ContactPage />} />
            <Route path="/not-signed-in/:organisation?" element={<NotSignedInPage />} />
            <Route path="/write" element={<LetterPage />} />
            <Route path="/sessions" element={<SessionsPage />} />
            <Route path="/back/:secret" element={<TakeBackPage />} />
            <Route path="/messages" element={<MessagesPage />} />
            <Route path="/conversations/:conversationId" element={<ConversationPage />} />
            <Route path="/messages/:messageId" element={<MessagePage />} />
            <Route path="/" element={<Navigate to="/messages" replace />} />
            <Route path="*" element={<Problem error={new Refusal('not-found', 404, null)} />} />
          </Routes>
        )}
      </main>
    </>
  );
}

/** Whose SecureMailBox it is, for who is signed in, and the way out. */
function Whose({ isOut, onOut }: { isOut: boolean; onOut: () => void }) {
  const words = useWords();
  const { pathname } = useLocation();
  const queries = useQueryClient();
  const session = useQuery({
    queryKey: ['session'],
    queryFn: () => api.session(),
    enabled: !isOut && SIGNED_IN.test(pathname),
  });
  const signOut = useMutation({
    mutationFn: async () => {
      await allBeforeLeaving();
      return api.signOut();
    },
    onSuccess: () => {
      queries.clear();
      onOut();
    },
  });
  if (isOut || session.data === undefined) return <p className="brand">SecureMailBox</p>;
  const { organisation } = session.data;
  noteOrganisation(organisation.id);
  return (
    <>
      <p className="brand">SecureMailBox · {organisation.name}</p>
      <Link to="/sessions">{words.sessions.title}</Link>
      <Act second label={words.signOut} onAct={() => signOut.mutate()} isPending={signOut.isPending} />
    </>
  );
}

function Languages() {
  const { words, choose } = useLanguage();
  return (
    <label className="languages">
      {words.chooseLanguage}
      <select value={words.language} onChange={({ target }) => choose(target.value)}>
        {LANGUAGES.map(({ language, languageName }) => (
          <option key={language} value={language} lang={language}>
            {languageName}
          </option>
        ))}
      </select>
    </label>
  );
}
