// SPDX-License-Identifier: Apache-2.0
import { Link, useParams } from 'react-router';
import { lastOrganisation } from '../parts/last-organisation.ts';
import { Page } from '../parts/page.tsx';
import { useWords } from '../words/language.tsx';

/** Where somebody comes back to whose address another place to sign in did not confirm. */
export function NotSignedInPage() {
  const { elsewhere: words } = useWords();
  const { organisation = lastOrganisation() } = useParams();
  return (
    <Page title={words.refused.title}>
      <p>{words.refused.text}</p>
      {organisation !== null && (
        <p>
          <Link to={`/o/${encodeURIComponent(organisation)}`}>{words.byCode}</Link>
        </p>
      )}
    </Page>
  );
}
