// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import type { ReactNode, SubmitEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Ledger, LedgerFault } from '../api/shapes.ts';
import { textIn } from '../parts/moment.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { TakeExport } from '../parts/take-export.tsx';
import { Time } from '../parts/time.tsx';
import { VerifyFile } from '../parts/verify-file.tsx';
import { useApi } from '../session.tsx';

/** For who trusts nobody, us included: what proves that the record is as it was. */
export function AuditPage() {
  const navigate = useNavigate();
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void navigate(`/audit/${encodeURIComponent(textIn(new FormData(event.currentTarget), 'id'))}`);
  };
  return (
    <Page title="Audit">
      <TheLedger />
      <section aria-labelledby="replay">
        <h2 id="replay">Replay</h2>
        <p>
          <Link to="/emails">Find an email</Link>, and its page leads to what the ledger has of it. Or by its
          id; sessions of the console and exports have one, too.
        </p>
        <form onSubmit={onSubmit}>
          <label>
            Id
            <input name="id" required autoComplete="off" spellCheck={false} />
          </label>
          <button>Show</button>
        </form>
      </section>
      <TakeExport />
      <VerifyFile />
    </Page>
  );
}

function TheLedger() {
  const call = useApi();
  const { data, error, isPending } = useQuery({
    queryKey: ['ledger'],
    queryFn: () => call<Ledger>('GET', '/v1/ledger'),
    refetchInterval: 10_000,
  });
  return (
    <section aria-labelledby="ledger">
      <h2 id="ledger">The ledger</h2>
      <Problem error={error} />
      {isPending && <p role="status">Looking …</p>}
      {data !== undefined && (
        <dl className="facts">
          {factsOf(data).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {data !== undefined && data.verification !== null && data.verification.faultCount > 0 && (
        <div role="alert" className="wrong">
          <p>The ledger is not what it was. Nothing is to be believed before somebody knows why.</p>
          <ul>
            {data.verification.faults.map((fault, index) => (
              <li key={index}>{faultText(fault)}</li>
            ))}
            {data.verification.faultCount > data.verification.faults.length && (
              <li>and {data.verification.faultCount - data.verification.faults.length} more</li>
            )}
          </ul>
        </div>
      )}
    </section>
  );
}

function factsOf({ origin, size, checkpoint, verification }: Ledger): [name: string, value: ReactNode][] {
  return [
    ['origin', origin ?? 'nobody signs it: `receipts.ledger` is not set'],
    ['recorded events', size.toLocaleString('en')],
    [
      'newest checkpoint',
      checkpoint === null ? (
        'none yet'
      ) : (
        <>
          <Time at={checkpoint.signedAt} />, of {checkpoint.size.toLocaleString('en')} events
        </>
      ),
    ],
    ['its root', checkpoint === null ? '–' : <code>{checkpoint.root}</code>],
    [
      'last gone through by the gateway',
      verification === null ? 'not yet' : <Time at={verification.endedAt} />,
    ],
    [
      'with the verdict',
      verification === null
        ? '–'
        : verification.faultCount === 0
          ? `nothing wrong with the ${verification.leaves.toLocaleString('en')} events recorded by then`
          : `${verification.faultCount.toLocaleString('en')} faults`,
    ],
  ];
}

function faultText(fault: LedgerFault): string {
  switch (fault.kind) {
    case 'leaf':
      return `Leaf ${fault.leaf} is not what was hashed.`;
    case 'tile':
      return fault.level === undefined
        ? `The hash of leaf ${fault.leaf} is missing.`
        : `A tile of level ${fault.level}, from leaf ${fault.leaf} on, is not what follows from the leaves.`;
    case 'checkpoint':
      return `What was signed of ${fault.size} events is not of this tree, or not signed by the ledger.`;
    case 'history':
      return fault.leaf === null
        ? `The gateway goes by event ${fault.eventId}, which was never recorded.`
        : `What the gateway goes by as event ${fault.eventId} is not what was recorded as leaf ${fault.leaf}, or is not there.`;
  }
}
