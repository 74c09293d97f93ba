// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Overview, Went } from '../api/shapes.ts';
import { Choice, useChosen } from '../parts/choice.tsx';
import { STANDING, useLive } from '../parts/live.ts';
import { ask } from '../api/ask.ts';
import { Problem } from '../parts/problem.tsx';
import { Page } from '../parts/page.tsx';
import { Numbers, Picture } from '../parts/picture.tsx';
import { duration } from '../parts/time.tsx';
import { stageWords, WENT_WORDS } from '../parts/words.ts';

const RANGES = [
  { value: '1', words: 'hour' },
  { value: '24', words: '24 hours' },
  { value: '168', words: 'seven days' },
] as const;
const HOURS = RANGES.map(({ value }) => value);

/** Is every mail on its way, and how fast? */
export function OverviewPage() {
  const chosen = useChosen('hours', HOURS, '1');
  const hours = Number(chosen);
  const [told, setTold] = useState<{ hours: number; overview: Overview } | null>(null);
  const liveness = useLive(`/console/v1/live?hours=${hours}`, 'overview', (overview) =>
    setTold({ hours, overview: overview as Overview }),
  );
  // Where nothing comes by itself it is asked for.
  const asked = useQuery({
    queryKey: ['overview', hours],
    queryFn: () => ask<Overview>('GET', `/console/v1/overview?hours=${hours}`),
    enabled: liveness === 'refused',
    refetchInterval: 15_000,
  });
  const overview = liveness === 'refused' ? asked.data : told?.hours === hours ? told.overview : undefined;
  return (
    <Page title="Overview">
      <Choice legend="Of the last" name="hours" values={RANGES} chosen={chosen} />
      <p role="status" className="live">
        {overview === undefined && liveness !== 'away' ? 'Looking …' : STANDING[liveness]}
      </p>
      <Problem error={liveness === 'refused' ? asked.error : null} />
      {overview !== undefined && <Shown overview={overview} hours={hours} />}
    </Page>
  );
}

const KEPT: readonly Went[] = ['within10s', 'within1m', 'within5m', 'inTime'];
/** Kept, too, as the SLO has it: somebody got it. */
const PARTLY: readonly Went[] = ['partly'];
const MISSED: readonly Went[] = ['late', 'overdue'];
/** Neither, as the SLO has it. */
const UNPROMISED = ['underWay', 'held', 'decided', 'returned'] as const satisfies readonly Went[];

function Shown({ overview, hours }: { overview: Overview; hours: number }) {
  const { bars, accepted, latency, waiting } = overview;
  const sumOf = (which: readonly Went[]) =>
    bars.reduce((sum, bar) => sum + which.reduce((of, went) => of + bar[went], 0), 0);
  const [whole, partly, missed] = [sumOf(KEPT), sumOf(PARTLY), sumOf(MISSED)];
  const kept = whole + partly;
  const share = kept + missed === 0 ? null : (kept / (kept + missed)) * 100;
  const of = (count: number, what: string) => `${count.toLocaleString('en')} ${what}`;
  const others = UNPROMISED.map((went) => of(sumOf([went]), WENT_WORDS[went])).join(', ');
  const summary = `${of(whole, 'in time')}, ${of(partly, WENT_WORDS.partly)}, ${of(missed, 'not in time')}, ${others}.`;
  return (
    <>
      <dl className="figures">
        <Figure name="accepted" value={accepted.toLocaleString('en')} />
        <Figure name="by the deadline" value={share === null ? '–' : `${floored(share)} %`} />
        <Figure name="median" value={latency === null ? '–' : duration(latency.median)} />
        <Figure name="95 of 100 within" value={latency === null ? '–' : duration(latency.p95)} />
        <Figure name="99 of 100 within" value={latency === null ? '–' : duration(latency.p99)} />
        <Figure name="longest" value={latency === null ? '–' : duration(latency.most)} />
      </dl>
      <Picture
        title="Throughput."
        summary={`Emails by when they were accepted: ${summary}`}
        bars={bars}
        hours={hours}
        asShares={false}
      />
      <Picture
        title="Latency against the deadline."
        summary={`The same as shares: ${share === null ? 'nothing was finished yet' : `${floored(share)} % of what was finished, or should be, by the deadline`}.`}
        bars={bars}
        hours={hours}
        asShares
      />
      <Numbers bars={bars} />
      <h2>What unfinished emails wait for</h2>
      {waiting.length === 0 ? (
        <p>Nothing waits.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">waits</th>
              <th scope="col">emails</th>
              <th scope="col">the oldest since</th>
            </tr>
          </thead>
          <tbody>
            {waiting.map(({ stage, emails, oldest }) => (
              <tr key={stage}>
                <th scope="row">
                  <Link to={`/emails?state=unfinished&stage=${stage}&order=oldest`}>{stageWords(stage)}</Link>
                </th>
                <td>{emails.toLocaleString('en')}</td>
                <td>{duration(oldest)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p>
        <Link to="/emails?state=unfinished&order=oldest">Unfinished emails, the oldest first</Link> ·{' '}
        <Link to="/emails?state=not-sent">Emails that were not sent</Link>
      </p>
    </>
  );
}

/** Never up to 100: one that was late is to be seen. */
const floored = (share: number): string => (Math.floor(share * 100) / 100).toString();

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
