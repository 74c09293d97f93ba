// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Link, Navigate, Route, Routes } from 'react-router';
import { api, Refusal, type LookingOrganisation, type Organisation } from './api.ts';
import { AddressPage } from './pages/address-page.tsx';
import { ContactPage } from './pages/contact-page.tsx';
import { LinkPage } from './pages/link-page.tsx';
import { NotSignedInPage } from './pages/not-signed-in-page.tsx';
import { TakeBackPage } from './pages/take-back-page.tsx';
import { Act } from './parts/act.tsx';
import { AtFirst } from './parts/at-first.ts';
import { EndWarning } from './parts/end-warning.tsx';
import { Fetched } from './parts/fetched.tsx';
import { useNoted } from './parts/last-organisation.ts';
import { Loading } from './parts/loading.tsx';
import { OverPage } from './parts/over.tsx';
import { Foot } from './parts/own-words.tsx';
import { Problem } from './parts/problem.tsx';
import { signedOut } from './parts/session-watch.ts';
import { signedInPages } from './parts/signed-in-pages.ts';
import { keepAll, unkept } from './parts/unkept.ts';
import { useOrganisation } from './parts/use-organisation.ts';
import { useLanguage, useWords } from './words/language.tsx';
import { LANGUAGES } from './words/load.ts';

const ConversationPage = lazy(async () => ({ default: (await signedInPages()).ConversationPage }));
const LetterPage = lazy(async () => ({ default: (await signedInPages()).LetterPage }));
const MessagePage = lazy(async () => ({ default: (await signedInPages()).MessagePage }));
const MessagesPage = lazy(async () => ({ default: (await signedInPages()).MessagesPage }));
const SessionsPage = lazy(async () => ({ default: (await signedInPages()).SessionsPage }));

/** The frame around every page, and which page it is. */
export function App() {
  const words = useWords();
  const { reader, over, looking } = useOrganisation();
  return (
    <>
      <a className="skip" href="#content">
        {words.skipToContent}
      </a>
      <header>
        <Brand organisation={reader ?? looking} looking={looking} />
        {reader !== undefined && <WayOut reader={reader} />}
        <Languages />
      </header>
      <main id="content">
        <NoCookies />
        {over !== null ? (
          <OverPage why={over} />
        ) : (
          <Fetched>
            <Suspense fallback={<Loading />}>
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
              <AtFirst />
            </Suspense>
          </Fetched>
        )}
      </main>
      {reader !== undefined && over === null && <EndWarning />}
      {looking !== undefined && <Foot of={looking} />}
    </>
  );
}

const never = () => () => undefined;

/** Where a browser keeps none nobody can sign in, whatever he types. */
function NoCookies() {
  const { noCookies } = useWords();
  const keeps = useSyncExternalStore(
    never,
    () => navigator.cookieEnabled,
    () => true,
  );
  return keeps ? null : <p role="alert">{noCookies}</p>;
}

/** Whose SecureMailBox it is. */
function Brand({
  organisation,
  looking,
}: {
  organisation: Organisation | undefined;
  looking: LookingOrganisation | undefined;
}) {
  const { logo = null, logoSize = null } = looking ?? {};
  return (
    <p className="brand">
      {/* The name stands beside it. */}
      {logo !== null && <img src={logo} alt="" {...(logoSize === null ? {} : fitted(logoSize))} />}
      <span>SecureMailBox{organisation === undefined ? '' : ` · ${organisation.name}`}</span>
    </p>
  );
}

/** Pixels: as large as the style lets it be. */
const MOST = { width: 144, height: 54 };
/** Room is left for it before it has come. */
function fitted({ width, height }: { width: number; height: number }) {
  const scale = Math.min(1, MOST.width / width, MOST.height / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** For who is signed in: where else he is, and the way out. */
function WayOut({ reader }: { reader: Organisation }) {
  const words = useWords();
  const { problems } = words;
  const queries = useQueryClient();
  const [isWarned, setWarned] = useState(false);
  const signOut = useMutation({
    mutationFn: async () => {
      const isKept = await keepAll();
      setWarned(!isKept);
      if (!isKept && !isWarned) return false;
      await api.signOut();
      return true;
    },
    onSuccess: (isOut) => {
      if (!isOut) return;
      for (const paper of unkept()) paper.drop();
      signedOut(queries);
    },
  });
  useNoted(reader.id);
  return (
    <>
      <Link to="/sessions">{words.sessions.title}</Link>
      <Act second label={words.signOut} onAct={() => signOut.mutate()} isPending={signOut.isPending} />
      <span role="alert">
        {signOut.isError
          ? problems.unreachable.text
          : isWarned && !signOut.isPending
            ? words.signOutUnkept
            : ''}
      </span>
    </>
  );
}

function Languages() {
  const { words, choose } = useLanguage();
  const list = useRef<HTMLSelectElement>(null);
  useLayoutEffect(() => {
    const chosen = list.current?.value ?? words.language;
    if (chosen !== words.language) choose(chosen);
    // What was chosen before the script had come: once.
  }, []);
  return (
    <label className="languages">
      {words.chooseLanguage}
      <select ref={list} value={words.language} onChange={({ target }) => choose(target.value)}>
        {Object.entries(LANGUAGES).map(([language, { name }]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
