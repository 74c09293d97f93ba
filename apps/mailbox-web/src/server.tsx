// SPDX-License-Identifier: Apache-2.0
import { renderToString } from 'react-dom/server';
import { StaticRouter } from 'react-router';
import { App } from './app.tsx';
import { Frame, newQueries } from './frame.tsx';
import { take, type Told } from './told.ts';
import { wordsOf } from './words/load.ts';

const NAME = 'SecureMailBox';

interface Asked {
  /** From `/mailbox` on, as it is addressed. */
  path: string;
  language: string;
  told: Told;
}

/** What stands in every page, as markup: what is seen until its script has made it, and what is said where that does not come. */
export async function renderBare(language: string) {
  const { loading, late, noScript } = await wordsOf(language);
  return {
    title: NAME,
    html: renderToString(
      <>
        <header>
          <p className="brand">{NAME}</p>
        </header>
        <main id="content">
          <h1 tabIndex={-1}>{NAME}</h1>
          <p role="status">{loading}</p>
        </main>
      </>,
    ),
    late: renderToString(late),
    noScript: renderToString(noScript),
  };
}

/** What services/mailbox puts into a page that is seen first, for it to be seen before its script has come. */
export async function render({ path, language, told }: Asked): Promise<{ html: string; title: string }> {
  const queries = newQueries();
  const [, link] = /^\/mailbox\/m\/([^/]+)/.exec(path) ?? [];
  take(told, link === undefined ? undefined : decodeURIComponent(link), queries);
  const html = renderToString(
    <Frame queries={queries} words={await wordsOf(language)}>
      <StaticRouter basename="/mailbox" location={path}>
        <App />
      </StaticRouter>
    </Frame>,
  );
  queries.clear();
  // One text, escaped already.
  const [, heading] = /<h1[^>]*>([^<]*)<\/h1>/.exec(html) ?? [];
  return { html, title: heading === undefined ? NAME : `${heading} – ${NAME}` };
}
