// SPDX-License-Identifier: Apache-2.0
import { Link, useParams, useSearchParams } from 'react-router';
import { lastOrganisation } from '../parts/last-organisation.ts';
import { Page } from '../parts/page.tsx';
import { useWords } from '../words/language.tsx';

/** Where somebody comes back to whose address another place to sign in did not confirm, or who can't be signed in now. */
export function NotSignedInPage() {
  const { elsewhere: words } = useWords();
  const { organisation = lastOrganisation() } = useParams();
  const [search] = useSearchParams();
  const why = search.get('why');
  const text = why === 'away' ? words.away : words.refused.text;
  return (
    <Page title={words.refused.title}>
      <p>{text}</p>
      {organisation !== null && (
        <p>
          <Link to={`/o/${encodeURIComponent(organisation)}`}>{words.byCode}</Link>
        </p>
      )}
    </Page>
  );
}
