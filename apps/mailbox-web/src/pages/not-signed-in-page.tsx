// SPDX-License-Identifier: Apache-2.0
import { Link, useParams, useSearchParams } from 'react-router';
import { lastLink } from '../parts/last-link.ts';
import { lastOrganisation } from '../parts/last-organisation.ts';
import { Page } from '../parts/page.tsx';
import { useWords } from '../words/language.tsx';

/** Where somebody comes back to whose address another place to sign in did not confirm, or who can't be signed in now. */
export function NotSignedInPage() {
  const { elsewhere: words } = useWords();
  const { organisation = lastOrganisation() } = useParams();
  const [search] = useSearchParams();
  const way = wayBack(organisation);
  const why = search.get('why');
  const text =
    why === 'away' ? words.away : why === 'provider-away' ? words.providerAway : words.refused.text;
  return (
    <Page title={words.refused.title}>
      <p>{text}</p>
      {way !== null && (
        <p>
          <Link to={way}>{words.byCode}</Link>
        </p>
      )}
    </Page>
  );
}

/** By the link nobody has to type his address. */
function wayBack(organisation: string | null): string | null {
  const link = lastLink();
  if (link !== null) return `/m/${encodeURIComponent(link)}`;
  return organisation === null ? null : `/o/${encodeURIComponent(organisation)}`;
}
