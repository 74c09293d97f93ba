// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { RecordedEvent, Replayed } from '../api/shapes.ts';
import { momentOf, textIn } from '../parts/moment.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Table } from '../parts/table.tsx';
import { TakeExport } from '../parts/take-export.tsx';
import { Time, timeText } from '../parts/time.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { useApi } from '../session.tsx';
import { Facts, Recipients } from './email-page.tsx';

/** What the ledger has of an email, as it is and as it was at any moment: made from recorded events alone. */
export function ReplayPage() {
  const { emailId = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const call = useApi();
  const path = `/v1/ledger/replay/${encodeURIComponent(emailId)}`;
  const now = useQuery({ queryKey: ['replay', emailId], queryFn: () => call<Replayed>('GET', path) });
  const [leaf, at] = [search.get('leaf'), search.get('at')];
  const query =
    leaf !== null
      ? `leaf=${encodeURIComponent(leaf)}`
      : at !== null
        ? `at=${encodeURIComponent(momentOf(at))}`
        : null;
  const then = useQuery({
    queryKey: ['replay', emailId, query],
    queryFn: () => call<Replayed>('GET', `${path}?${query ?? ''}`),
    enabled: query !== null && now.data !== undefined,
    placeholderData: keepPreviousData,
  });
  const shown = query === null ? now.data : then.data;
  return (
    <Page title={`Replay ${emailId}`}>
      <Problem error={now.error ?? then.error} />
      {now.data === undefined && now.error === null && <p role="status">Replaying …</p>}
      {now.data !== undefined && (
        <>
          <Differences replayed={now.data} />
          <Moment
            key={emailId}
            events={now.data.events}
            leaf={leaf}
            at={at}
            onChosen={(chosen) => setSearch(chosen, { replace: true })}
          />
          <p role="status">{shown === undefined ? 'Replaying …' : standingOf(now.data, shown, query)}</p>
          {shown !== undefined && <State replayed={shown} />}
          <TakeExport emailId={emailId} />
        </>
      )}
    </Page>
  );
}

function standingOf(now: Replayed, shown: Replayed, query: string | null): string {
  if (query === null) return `As it is now, from ${now.events.length} events.`;
  const last = shown.events.at(-1);
  return last === undefined
    ? 'Nothing was recorded of it by then.'
    : `As it was then, from ${shown.events.length} of ${now.events.length} events: the last was ${last.name}, recorded ${timeText(last.recordedAt)}.`;
}

/** Whether what the gateway shows follows from what was recorded. */
function Differences({ replayed: { email, differences } }: { replayed: Replayed }) {
  if (differences === null) return null;
  if (differences.length === 0)
    return email === null ? (
      <p>It is no email, or was not accepted: the gateway shows nothing of it elsewhere.</p>
    ) : (
      <p className="right">What the gateway shows of it now follows from what was recorded.</p>
    );
  return (
    <div role="alert" className="wrong">
      <p>The gateway shows something else than what follows from what was recorded.</p>
      <Table label="Differences" heads={['what', 'recorded', 'shown']}>
        {differences.map(({ field, recorded, shown }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td>{JSON.stringify(recorded)}</td>
            <td>{JSON.stringify(shown)}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

type Chosen = { leaf: string } | { at: string } | Record<string, never>;

function Moment({
  events,
  leaf,
  at,
  onChosen,
}: {
  events: readonly RecordedEvent[];
  leaf: string | null;
  at: string | null;
  onChosen: (chosen: Chosen) => void;
}) {
  // The address follows in a transition: a list that showed the address would go back, and swallow the next key.
  const [place, setPlace] = useState(leaf ?? '');
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = textIn(new FormData(event.currentTarget), 'at');
    setPlace('');
    onChosen(typed === '' ? {} : { at: typed });
  };
  return (
    <section aria-labelledby="moment">
      <h2 id="moment">As of which moment</h2>
      <div className="row">
        <label>
          After an event
          <select
            value={place}
            onChange={({ currentTarget: { value } }) => {
              setPlace(value);
              onChosen(value === '' ? {} : { leaf: value });
            }}
          >
            <option value="">{at === null ? 'the newest: as it is now' : 'as chosen by time'}</option>
            {events.map(({ leaf: value, name, source, recordedAt }, index) => (
              <option key={value} value={value}>
                {index + 1}. {name} of {source}, {timeText(recordedAt)}
              </option>
            ))}
          </select>
        </label>
        <form onSubmit={onSubmit} key={at ?? ''}>
          <label>
            or by what was recorded before
            <input name="at" type="datetime-local" step="1" defaultValue={at ?? ''} />
          </label>
          <button>Show that moment</button>
        </form>
      </div>
    </section>
  );
}

function State({ replayed: { email, events } }: { replayed: Replayed }) {
  return (
    <>
      {email !== null && (
        <>
          <h2>The email</h2>
          <Facts email={email} />
          <h2>Recipients</h2>
          <Recipients recipients={email.recipients} />
        </>
      )}
      <h2>What was recorded</h2>
      <Timeline events={events} more={ofLedger} />
    </>
  );
}

const SESSION = /^console-([0-9a-f-]{36})$/;

function ofLedger({ leaf, recordedAt, data }: RecordedEvent) {
  const [, session] = SESSION.exec(typeof data['keyId'] === 'string' ? data['keyId'] : '') ?? [];
  return (
    <div className="quiet">
      leaf {leaf}, recorded <Time at={recordedAt} />
      {session !== undefined && (
        <>
          , in <Link to={`/audit/${session}`}>this session of the console</Link>
        </>
      )}
    </div>
  );
}
