// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { STATES, type Email } from '../api/shapes.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { soughtIn, type As } from '../parts/sought.ts';
import { Table } from '../parts/table.tsx';
import { duration, Time } from '../parts/time.tsx';
import { stageWords, STAGES, stateWords } from '../parts/words.ts';
import { useApi, useSession } from '../session.tsx';

/** Finds emails: what names somebody stands in no address that is logged anywhere. */
export function EmailsPage() {
  const [search] = useSearchParams();
  const location = useLocation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { sessionId: by } = useSession();
  const state = location.state as Sought | null;
  // What somebody looked for is still in the browser when another one signs in.
  const typed: Partial<Sought> = state?.by === by ? state : {};
  // What led here from a dashboard, a log or a trace names nobody, and may stand in the address.
  const { sought = search.get('traceId') ?? '', as } = typed;
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const found = soughtIn(text('sought'));
    if (found !== null && 'emailId' in found) {
      void navigate(`/emails/${found.emailId}`);
      return;
    }
    const filters = new URLSearchParams(
      ['state', 'stage', 'order', 'since', 'until']
        .map((name) => [name, text(name)])
        .filter(([, value]) => value !== ''),
    );
    // Also where the same is looked for again.
    void client.invalidateQueries({ queryKey: ['emails'] });
    void navigate({ search: filters.toString() }, { state: { by, sought: text('sought') } satisfies Sought });
  };
  return (
    <Page title="Emails">
      <form role="search" onSubmit={onSubmit} key={`${location.search} ${sought}`}>
        <label>
          Id, address, @domain, Message-ID or trace
          <input
            name="sought"
            type="search"
            defaultValue={sought}
            aria-describedby="sought-help"
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <p id="sought-help" className="help">
          Whom you look for is written down with your name. An address finds what was sent from and to it.
        </p>
        <div className="row">
          <label>
            State
            <select name="state" defaultValue={search.get('state') ?? ''}>
              <option value="">any</option>
              <option value="unfinished">unfinished, whatever it waits for</option>
              {STATES.map((state) => (
                <option key={state} value={state}>
                  {stateWords(state)}
                </option>
              ))}
            </select>
          </label>
          <label>
            Waits
            <select name="stage" defaultValue={search.get('stage') ?? ''}>
              <option value="">for anything, or nothing</option>
              {STAGES.map((stage) => (
                <option key={stage} value={stage}>
                  {stageWords(stage)}
                </option>
              ))}
            </select>
          </label>
          <label>
            First
            <select name="order" defaultValue={search.get('order') ?? ''}>
              <option value="">the newest</option>
              <option value="oldest">the oldest</option>
            </select>
          </label>
          <label>
            Accepted from
            <input name="since" type="datetime-local" defaultValue={search.get('since') ?? ''} />
          </label>
          <label>
            until
            <input name="until" type="datetime-local" defaultValue={search.get('until') ?? ''} />
          </label>
        </div>
        <button>Find</button>
      </form>
      <Found filters={search} sought={sought} as={as} />
    </Page>
  );
}

interface Sought {
  /** Whose search it is. */
  by: string;
  sought?: string;
  as?: As | undefined;
}

const OTHERWISE = {
  address: { as: 'messageId', words: 'a Message-ID' },
  messageId: { as: 'address', words: 'an address' },
  traceId: null,
} as const;

/** The last moment that has four digits of a year, which west of Greenwich is before the last that a field takes. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function parametersOf(filters: URLSearchParams, sought: string, as: As | undefined): URLSearchParams {
  const parameters = new URLSearchParams({ limit: '50' });
  for (const name of ['state', 'stage', 'order']) {
    const chosen = filters.get(name);
    if (chosen !== null) parameters.set(name, chosen);
  }
  for (const name of ['since', 'until']) {
    const typed = filters.get(name);
    if (typed === null) continue;
    const at = new Date(typed);
    // What is no time is for the API to refuse: nothing is shown as if it were of then.
    parameters.set(
      name,
      Number.isNaN(at.getTime()) ? typed : new Date(Math.min(at.getTime(), LATEST)).toISOString(),
    );
  }
  const by = soughtIn(sought, as);
  if (by !== null && 'parameter' in by) parameters.set(by.parameter, by.text);
  return parameters;
}

function Found({ filters, sought, as }: { filters: URLSearchParams; sought: string; as: As | undefined }) {
  const call = useApi();
  const { sessionId: by } = useSession();
  const parameters = parametersOf(filters, sought, as).toString();
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['emails', parameters],
    queryFn: ({ pageParam }) =>
      call<{ emails: Email[]; next: string | null }>(
        'GET',
        `/v1/emails?${parameters}${pageParam === null ? '' : `&cursor=${encodeURIComponent(pageParam)}`}`,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  if (error !== null) return <Problem error={error} />;
  if (isPending) return <p role="status">Looking …</p>;
  const emails = data.pages.flatMap((page) => page.emails);
  const isOldestFirst = filters.get('order') === 'oldest';
  const isByStage = filters.has('stage');
  const first = isByStage
    ? `those first that wait ${isOldestFirst ? 'longest' : 'shortest'}`
    : `${isOldestFirst ? 'oldest' : 'newest'} first`;
  const more = isByStage ? 'Show more' : isOldestFirst ? 'Show newer ones' : 'Show older ones';
  const perhaps = soughtIn(sought, as);
  const otherwise = perhaps !== null && 'parameter' in perhaps ? OTHERWISE[perhaps.parameter] : null;
  return (
    <section aria-label="Found emails">
      <p role="status">
        {emails.length === 0
          ? 'There is none.'
          : `${emails.length} email${emails.length === 1 ? '' : 's'}, ${first}${hasNextPage ? '; there are more' : ''}.`}
      </p>
      {filters.get('state') === 'held' && (
        <p>
          Where some of the recipients got theirs, or still may, an email is in another state.{' '}
          <Link to={{ search: waitingFor(filters).toString() }} state={{ by, sought, as } satisfies Sought}>
            All that wait for a decision
          </Link>
        </p>
      )}
      {emails.length === 0 && otherwise !== null && (
        <p>
          <Link to={{ search: filters.toString() }} state={{ by, sought, as: otherwise.as } satisfies Sought}>
            Look for it as {otherwise.words}
          </Link>
        </p>
      )}
      {emails.length > 0 && <Rows emails={emails} isByStage={isByStage} />}
      {hasNextPage && (
        <button type="button" className="second" onClick={() => !isFetchingNextPage && void fetchNextPage()}>
          {isFetchingNextPage ? 'Looking …' : more}
        </button>
      )}
    </section>
  );
}

/** The same search, for whatever a person is to decide about. */
function waitingFor(filters: URLSearchParams): URLSearchParams {
  const others = new URLSearchParams(filters);
  others.delete('state');
  others.set('stage', 'decision');
  return others;
}

/** Of many recipients the first ones stand for all. */
const SHOWN = 3;

function Rows({ emails, isByStage }: { emails: readonly Email[]; isByStage: boolean }) {
  return (
    <Table label="Emails" heads={['accepted', 'state', 'from', 'to', isByStage ? 'waits since' : 'took']}>
      {emails.map((email) => (
        <tr key={email.emailId}>
          <th scope="row">
            <Link to={`/emails/${email.emailId}`}>
              <Time at={email.acceptedAt} />
            </Link>
          </th>
          <td>
            <State email={email} />
          </td>
          <td>{email.from ?? <i>{isDamaged(email) ? 'changed, not readable' : 'erased, or nobody'}</i>}</td>
          <td>
            {email.recipients.slice(0, SHOWN).map(({ recipientId, address }) => (
              <div key={recipientId}>{address ?? <i>{isDamaged(email) ? 'not readable' : 'erased'}</i>}</div>
            ))}
            {email.recipients.length > SHOWN && <div>and {email.recipients.length - SHOWN} more</div>}
          </td>
          <td>{isByStage ? <Since email={email} /> : took(email)}</td>
        </tr>
      ))}
    </Table>
  );
}

const took = ({ acceptedToSentMs }: Email): string =>
  acceptedToSentMs === null ? '–' : duration(acceptedToSentMs / 1_000);

const Since = ({ email: { waitsFor } }: { email: Email }) =>
  waitsFor === null ? '–' : <Time at={waitsFor.since} />;

export function State({
  email: { state, deadlineMissed },
}: {
  email: Pick<Email, 'state' | 'deadlineMissed'>;
}) {
  return (
    <>
      <span className={`state ${state}`}>{state}</span>
      {deadlineMissed && <span className="state missed">deadline missed</span>}
    </>
  );
}

/** What is kept of it was changed. */
const isDamaged = ({ unreadable }: Email): boolean => unreadable.length > 0;
