// SPDX-License-Identifier: Apache-2.0
import type { Address, DomainEvent } from '@securemail/contracts';
import type { Vault } from '@securemail/vault';
import type { AttemptOutcome } from '../domain/attempt.ts';
import { wayOf } from '../domain/way-of.ts';
import { countNowhere } from './counted-session.ts';
import type { Handover } from './handover.ts';
import type { StoredJob } from './jobs.ts';
import type { Nowhere, Routed } from './routes.ts';
import type { FailingHops, Patience } from './failing-hops.ts';
import type { IdleSessions } from './idle-sessions.ts';
import { anyOctetIs8Bit } from './smtp-extensions.ts';
import { handOver, type HandoverOutcome } from './smtp-client.ts';
import type { NextHop, SmtpTimes } from './smtp-connection.ts';
import type { TlsSessions } from './tls-sessions.ts';

const nameOf = ({ host, port }: NextHop) => `${host}:${port}`;

/** Where the attempt begins; null where there is nowhere to go. */
export const firstHopOf = (routed: Routed): string | null =>
  routed.kind === 'hops' && routed.hops[0] !== undefined ? nameOf(routed.hops[0]) : null;

/**
 * What a job hands over, read from the event that asked for it; null where the email was erased, and for a message that
 * SecureMailBox keeps: no mail server may ever have it.
 */
export function handoverOf(event: DomainEvent, job: StoredJob, vault: Vault): Handover | null {
  if ((event.name === 'EmailProtected' || event.name === 'EmailOpened') && event.personal !== null) {
    const { content } = event.data;
    const way = wayOf(event);
    if (way === null) return null;
    // What is encrypted has a 7-bit body by construction (RFC 8551 §3.1); all else is as its sender wrote it.
    const asWritten = !way.encrypted;
    return {
      mailFrom: event.personal.mailFrom ?? '',
      recipients: event.personal.recipients.filter(({ recipientId }) =>
        job.recipientIds.includes(recipientId),
      ),
      size: content.size,
      mustVerify: asWritten,
      use8BitMime: asWritten,
      is8Bit: async () => asWritten && (await anyOctetIs8Bit(vault.get(job, content))),
      open: () => vault.get(job, content),
    };
  }
  if (event.name === 'ReceiptIssued' && event.personal !== null && event.data.content !== null) {
    const { content } = event.data;
    const { recipient: address } = event.personal;
    return {
      // A receipt has no sender to return to (RFC 3834 §3.3): it must never be answered by another one.
      mailFrom: '',
      recipients: job.recipientIds.map((recipientId) => ({ recipientId, address })),
      size: content.size,
      mustVerify: true,
      use8BitMime: false,
      is8Bit: () => Promise.resolve(false),
      open: () => vault.get(job, content),
    };
  }
  if (
    (event.name === 'MailboxMessageDeposited' ||
      event.name === 'MailboxCodeIssued' ||
      event.name === 'MailboxNoticeIssued') &&
    event.personal !== null
  ) {
    const { content } = event.data;
    return {
      mailFrom: event.personal.mailFrom,
      recipients: event.personal.recipients,
      size: content.size,
      // It holds nothing of what was sent, and whoever has no certificate has no server that proves itself, either.
      mustVerify: false,
      use8BitMime: true,
      is8Bit: () => anyOctetIs8Bit(vault.get(job, content)),
      open: () => vault.get(job, content),
    };
  }
  return null;
}

/** Whose settings count for a message; null for mail from outside, and where the email was erased. */
export const senderOf = (event: DomainEvent): Address | null =>
  event.name === 'EmailProtected' ? (event.personal?.mailFrom ?? null) : null;

export interface Attempted extends AttemptOutcome {
  /** The connection had carried a mail before; null where there was none. */
  connectionReused: boolean | null;
}

export interface Connecting {
  times: SmtpTimes;
  idle: IdleSessions;
  failing: FailingHops;
  /** Called once a server is there to take the mail. */
  greeted: () => void;
  /** Told of servers that had to prove who they are: whether they did, and why not. */
  proof?: { failed(server: string, reason: string): void; proved(server: string): void } | undefined;
  /** Where sessions are counted, if they are. */
  sessions?: TlsSessions | undefined;
}

/** Tries the hops in their order until the mail can be begun with one: what that one says of it counts. */
export async function attempt(
  routed: Routed,
  handover: Handover,
  { times, failing, ...connecting }: Connecting,
): Promise<Attempted> {
  if (routed.kind === 'nowhere') {
    countNowhere(connecting.sessions, routed.counted);
    return nowhere(routed, handover);
  }
  // Whatever went wrong before: a mail that is not encrypted itself never goes where nobody proves who he is.
  const hops = routed.hops.filter((hop) => !handover.mustVerify || isEnforced(hop));
  if (hops.length === 0) return nowhere(NOT_ENFORCEABLE, handover);
  // Nobody is waited for long while another one may be well, and only the last one, at first.
  const tries: { hop: NextHop; patience: Patience }[] = hops.map((hop, index) => ({
    hop,
    patience: index === hops.length - 1 && !failing.waitedInVain(hop) ? 'full' : 'short',
  }));
  let last: { outcome: HandoverOutcome; nextHop: string } | undefined;
  for (const { hop, patience } of tries) {
    const within = patience === 'full' ? times : { ...times, openTimeoutMs: times.connectTimeoutMs };
    const outcome = await handOver(hop, handover, { ...connecting, times: within });
    last = { outcome, nextHop: nameOf(hop) };
    if (isEnforced(hop)) tellProof(connecting.proof, nameOf(hop), outcome);
    if (outcome.begun) {
      failing.works(hop);
      break;
    }
    failing.failed(hop, patience);
    // There was none that is well: who was only slow is waited for.
    if (patience === 'short' && isSilent(outcome) && !failing.waitedInVain(hop))
      tries.push({ hop, patience: 'full' });
  }
  if (last === undefined) throw new Error('a route without hosts');
  const { tls, results, begun, reused } = last.outcome;
  return { nextHop: last.nextHop, tls, results, connectionReused: begun ? reused : null };
}

const isEnforced = ({ tls }: NextHop) => tls.kind === 'verified' || tls.kind === 'dane';

function tellProof(proof: Connecting['proof'], server: string, { begun, results }: HandoverOutcome): void {
  if (begun) proof?.proved(server);
  for (const { result } of results)
    if (!begun && 'failure' in result && result.phase === 'tls' && result.failure !== null)
      proof?.failed(server, result.failure);
}

const isSilent = ({ results }: HandoverOutcome) =>
  results.some(({ result }) => 'failure' in result && result.failure === 'timeout');

const NOT_ENFORCEABLE: Nowhere = { kind: 'nowhere', permanent: false, failure: 'tls-not-enforceable' };

function nowhere({ permanent, failure }: Nowhere, { recipients }: Handover): Attempted {
  const kind = permanent ? ('refused' as const) : ('deferred' as const);
  const result = { kind, phase: 'routing' as const, reply: null, replyText: null, failure };
  return {
    nextHop: null,
    tls: null,
    connectionReused: null,
    results: recipients.map(({ recipientId }) => ({ recipientId, result })),
  };
}
