// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { Certificate } from '../api/shapes.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Time } from '../parts/time.tsx';
import { useApi } from '../session.tsx';

const STATES = ['expiring', 'expired', 'revoked', 'conflicting', 'untrusted'] as const;

/** Certificates by which nobody can be reached soon, or any more. */
export function CertificatesPage() {
  const call = useApi();
  const [search, setSearch] = useSearchParams();
  const state = STATES.find((each) => each === search.get('state')) ?? 'expiring';
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['certificates', state],
    queryFn: ({ pageParam }) =>
      call<{ entries: Certificate[]; next: string | null }>(
        'GET',
        `/v1/admin/certificates?state=${state}${pageParam === null ? '' : `&cursor=${encodeURIComponent(pageParam)}`}`,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Page title="Certificates of others">
      <fieldset className="choice">
        <legend>Show those that are</legend>
        {STATES.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="state"
              checked={each === state}
              onChange={() => setSearch({ state: each }, { replace: true })}
            />
            {each === 'expiring' ? 'about to expire' : each}
          </label>
        ))}
      </fieldset>
      <Problem error={error} />
      <p role="status">
        {isPending
          ? 'Looking …'
          : entries.length === 0
            ? hasNextPage
              ? 'None among the first ones.'
              : 'None.'
            : `${entries.length} certificate${entries.length === 1 ? '' : 's'}.`}
      </p>
      {entries.length > 0 && (
        <div className="wide" tabIndex={0} role="region" aria-label="Certificates">
          <table>
            <thead>
              <tr>
                <th scope="col">of</th>
                <th scope="col">ends</th>
                <th scope="col">known from</th>
                <th scope="col">state</th>
                <th scope="col">SHA-256</th>
              </tr>
            </thead>
            <tbody>
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
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <button type="button" className="second" onClick={() => !isFetchingNextPage && void fetchNextPage()}>
          Show more
        </button>
      )}
    </Page>
  );
}
