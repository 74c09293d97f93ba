// SPDX-License-Identifier: Apache-2.0
import type { LookingOrganisation, Texts } from '../api.ts';
import { useWords } from '../words/language.tsx';

/** What it says in the reader's language, else in its own. */
function useTexts({ texts, language }: LookingOrganisation): Texts & { lang: string } {
  const reader = useWords().language;
  const lang = texts[reader] === undefined ? language : reader;
  return { links: [], ...texts[lang], lang };
}

/** Above what somebody is asked for, before he signs in. */
export function Welcome({ of }: { of: LookingOrganisation }) {
  const { welcome, lang } = useTexts(of);
  if (welcome === undefined) return null;
  return welcome.split(/\n\s*\n/).map((paragraph, index) => (
    <p key={index} lang={lang} className="text">
      {paragraph}
    </p>
  ));
}

/** At the foot of every page. */
export function Foot({ of }: { of: LookingOrganisation }) {
  const { help, links, lang } = useTexts(of);
  if (help === undefined && links.length === 0) return null;
  return (
    <footer lang={lang}>
      {help !== undefined && <p className="text">{help}</p>}
      {links.length > 0 && (
        <ul>
          {links.map(({ label, url }) => (
            <li key={url}>
              <a href={url} target="_blank" rel="noreferrer">
                {label}
              </a>
            </li>
          ))}
        </ul>
      )}
    </footer>
  );
}
