// SPDX-License-Identifier: Apache-2.0
import { sessionResult, type SessionOutcome } from '../domain/tls-session.ts';
import type { NextHop, NoSessionError, SmtpSession } from './smtp-connection.ts';
import type { Counted, TlsSessions } from './tls-sessions.ts';

/** Counts a session that is there. */
export function countOpened(sessions: TlsSessions | undefined, hop: NextHop, session: SmtpSession): void {
  const { tls, peer } = session;
  const outcome = { kind: 'open' as const, encrypted: tls !== null, objection: peer.objection };
  count(sessions, hop, outcome, peer.address);
}

/** Counts a session that failed over TLS; one that never came so far says nothing of it. */
export function countRefused(
  sessions: TlsSessions | undefined,
  hop: NextHop,
  { phase, failure }: NoSessionError,
): void {
  // Nor does one that was ended here.
  if (phase !== 'tls' || failure.code === 'ESTOPPED') return;
  const { response, originalCode = null, daneFault = null } = failure;
  const outcome = {
    kind: 'failed' as const,
    declined: response !== undefined,
    code: originalCode,
    daneFault,
  };
  count(sessions, hop, outcome, null);
}

/** Counts that the policy of a domain leaves no server to go to. */
export function countNowhere(sessions: TlsSessions | undefined, counted: Counted | undefined): void {
  if (counted?.policy.fault === undefined) return;
  sessions?.count({ ...counted, mxHost: null, receivingIp: null, result: counted.policy.fault });
}

function count(
  sessions: TlsSessions | undefined,
  { counted, host, address }: NextHop,
  outcome: SessionOutcome,
  seen: string | null,
): void {
  if (counted === undefined) return;
  const result = sessionResult(counted.policy, outcome);
  sessions?.count({ ...counted, mxHost: host, receivingIp: address ?? seen, result });
}
