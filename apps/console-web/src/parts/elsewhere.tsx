// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { useSession } from '../session.tsx';

/** The ways from an email to its trace and to its lines of the log; without an address of theirs, what to look for there. */
export function Elsewhere({ emailId, traceId }: { emailId: string; traceId: string | null }) {
  const { traceUrl, logsUrl } = useSession();
  const ids = { emailId, traceId };
  return (
    <p>
      {traceId === null ? (
        'It was not traced.'
      ) : (
        <>
          Trace{' '}
          <To address={filled(traceUrl, ids)}>
            <code>{traceId}</code>
          </To>
          : the same stands, as <code>trace_id</code>, in each line of the log that was written on its way.
        </>
      )}{' '}
      {filled(logsUrl, ids) === null ? (
        traceId === null && <>Lines of the log that are about it have its id.</>
      ) : (
        <To address={filled(logsUrl, ids)}>Its lines of the log</To>
      )}
    </p>
  );
}

function To({ address, children }: { address: string | null; children: ReactNode }) {
  if (address === null) return children;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

/** Null where something that it needs is not there. */
function filled(template: string | null, ids: { emailId: string; traceId: string | null }): string | null {
  if (template === null || (ids.traceId === null && template.includes('{traceId}'))) return null;
  return template.replaceAll('{emailId}', ids.emailId).replaceAll('{traceId}', ids.traceId ?? '');
}
