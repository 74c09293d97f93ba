// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate, Route, Routes } from 'react-router';
import { api, Refusal, type Organisation } from './api.ts';
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
import { Foot } from './parts/own-words.tsx';
import { Page } from './parts/page.tsx';
import { Problem } from './parts/problem.tsx';
import { useOrganisation } from './parts/use-organisation.ts';
import { LANGUAGES, useLanguage, useWords } from './words/language.tsx';

/** The frame around every page, and which page it is. */
export function App() {
  const words = useWords();
  const [isOut, setOut] = useState(false);
  const { reader, looking } = useOrganisation(isOut);
  return (
    <>
      <a className="skip" href="#content">
        {words.skipToContent}
      </a>
      <header>
        <Brand organisation={reader ?? looking} logo={looking?.logo ?? null} />
        {reader !== undefined && <WayOut reader={reader} onOut={() => setOut(true)} />}
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
      {looking !== undefined && <Foot of={looking} />}
    </>
  );
}

/** Whose SecureMailBox it is. */
function Brand({ organisation, logo }: { organisation: Organisation | undefined; logo: string | null }) {
  return (
    <p className="brand">
      {/* The name stands beside it. */}
      {logo !== null && <img src={logo} alt="" />}
      <span>SecureMailBox{organisation === undefined ? '' : ` · ${organisation.name}`}</span>
    </p>
  );
}

/** For who is signed in: where else he is, and the way out. */
function WayOut({ reader, onOut }: { reader: Organisation; onOut: () => void }) {
  const words = useWords();
  const queries = useQueryClient();
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
  noteOrganisation(reader.id);
  return (
    <>
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
