// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Certificate, OwnKey } from '../api/shapes.ts';
import { Choice, useChosen } from '../parts/choice.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { useApi } from '../session.tsx';

const STATES = ['expiring', 'expired', 'revoked', 'conflicting', 'untrusted'] as const;

/** What ends soon, or counts no more: of own keys, and of others. */
export function CertificatesPage() {
  return (
    <Page title="Certificates">
      <OwnKeys />
      <Others />
    </Page>
  );
}

function OwnKeys() {
  const call = useApi();
  const { data, error } = useQuery({
    queryKey: ['own-keys'],
    queryFn: () =>
      call<{ keys: OwnKey[]; next: string | null }>('GET', '/v1/admin/keys?warned=true&limit=200'),
  });
  return (
    <section aria-labelledby="own">
      <h2 id="own">Own keys that want a successor</h2>
      <Problem error={error} />
      {data?.keys.length === 0 && <p>None.</p>}
      {data !== undefined && data.keys.length > 0 && (
        <Table label="Own keys" heads={['of', 'ends', 'state', 'why', 'SHA-256']}>
          {data.keys.map(({ kind, name, sha256, state, notAfter, warning }) => (
            <tr key={`${kind} ${name} ${sha256}`}>
              <th scope="row">{name}</th>
              <td>
                <Time at={notAfter} />
              </td>
              <td>{state}</td>
              <td>{warning}</td>
              <td>
                <code>{sha256.slice(0, 16)}…</code>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {data?.next != null && <p>There are more: mend these first.</p>}
    </section>
  );
}

/** Certificates by which nobody can be reached soon, or any more. */
function Others() {
  const call = useApi();
  const state = useChosen('state', STATES, 'expiring');
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['certificates', state],
    queryFn: ({ pageParam }) =>
      call<{ entries: Certificate[]; next: string | null }>(
        'GET',
        `/v1/admin/certificates?state=${state}&limit=200${pageParam === null ? '' : `&cursor=${encodeURIComponent(pageParam)}`}`,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  // The API tells them by name; what ends first is what somebody has to see to first.
  const entries = (data?.pages.flatMap((page) => page.entries) ?? []).toSorted(
    (a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter),
  );
  return (
    <section aria-labelledby="others">
      <h2 id="others">Of others</h2>
      <Choice
        legend="Show those that are"
        name="state"
        values={STATES.map((value) => ({ value, words: value === 'expiring' ? 'about to expire' : value }))}
        chosen={state}
      />
      <Problem error={error} />
      <p role="status">
        {isPending
          ? 'Looking …'
          : entries.length === 0
            ? hasNextPage
              ? 'None among the first ones.'
              : 'None.'
            : `${entries.length} certificate${entries.length === 1 ? '' : 's'}, what ends first before the others${hasNextPage ? '; there are more, which may end before these' : ''}.`}
      </p>
      {entries.length > 0 && (
        <Table label="Certificates" heads={['of', 'ends', 'known from', 'state', 'SHA-256']}>
          {entries.map(({ kind, name, sha256, source, reason, notAfter }) => (
            <tr key={`${kind} ${name} ${sha256} ${source}`}>
              <th scope="row">{name}</th>
              <td>
                <Time at={notAfter} />
              </td>
              <td>{source}</td>
              <td>{reason}</td>
              <td>
                <code>{sha256.slice(0, 16)}…</code>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {hasNextPage && (
        <button type="button" className="second" onClick={() => !isFetchingNextPage && void fetchNextPage()}>
          Show more
        </button>
      )}
    </section>
  );
}
