// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Held } from '../api/shapes.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { useApi } from '../session.tsx';

/** Of many recipients the first ones stand for all. */
const SHOWN = 3;

/** What waits for somebody to decide. */
export function HeldPage() {
  const call = useApi();
  const { data, error, isPending, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['held'],
    queryFn: ({ pageParam }) =>
      call<{ held: Held[]; next: string | null }>(
        'GET',
        `/v1/held${pageParam === null ? '' : `?cursor=${encodeURIComponent(pageParam)}`}`,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 10_000,
  });
  const held = data?.pages.flatMap((page) => page.held) ?? [];
  return (
    <Page title="Held emails">
      <Problem error={error} />
      <p role="status">
        {isPending
          ? 'Looking …'
          : data === undefined
            ? ''
            : held.length === 0
              ? 'Nothing is held.'
              : `${held.length} held, newest first${hasNextPage ? '; there are more' : ''}.`}
      </p>
      {held.length > 0 && (
        <Table label="Held emails" heads={['held since', 'from', 'for whom, and why', 'goes back at']}>
          {held.map(({ emailId, from, heldSince, endsAt, recipients }) => (
            <tr key={emailId}>
              <th scope="row">
                <Link to={`/emails/${emailId}`}>
                  <Time at={heldSince} />
                </Link>
              </th>
              <td>{from ?? <i>erased</i>}</td>
              <td>
                {recipients.slice(0, SHOWN).map(({ recipientId, address, text }) => (
                  <div key={recipientId}>
                    {address ?? recipientId}: {text}
                  </div>
                ))}
                {recipients.length > SHOWN && <div>and {recipients.length - SHOWN} more</div>}
              </td>
              <td>
                <Time at={endsAt} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {hasNextPage && (
        <button type="button" className="second" onClick={() => void fetchNextPage()}>
          Show older ones
        </button>
      )}
    </Page>
  );
}
