// SPDX-License-Identifier: Apache-2.0
import type { Address, RecipientId, SmtpPhase } from '@securemail/contracts';
import type { DaneFault } from '@securemail/tls-policy';
import type { Result } from '../domain/attempt.ts';
import { isPermanent, readReply } from '../domain/smtp-reply.ts';

/** What nodemailer says of a failure. */
export interface SmtpFailure extends Error {
  code?: string | undefined;
  originalCode?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  recipient?: string | undefined;
  /** Ours: what was wrong with a certificate that TLSA records speak of. */
  daneFault?: DaneFault | undefined;
}

/** How a hand-over ended: with the reply to the final dot, or before it; and who was refused at RCPT TO either way. */
export type Sent = ({ error: SmtpFailure } | { response: string }) & {
  rejectedErrors: readonly SmtpFailure[];
};

/** What is certain for each recipient, given how far the dialogue had come. */
export function resultsOf(
  recipients: readonly { recipientId: RecipientId; address: Address }[],
  phase: SmtpPhase,
  sent: Sent,
): { recipientId: RecipientId; result: Result }[] {
  const byAddress = new Map(sent.rejectedErrors.map((refusal) => [refusal.recipient, refusal]));
  const others = resultOf(phase, sent);
  return recipients.map(({ recipientId, address }) => {
    const refusal = byAddress.get(address);
    return { recipientId, result: refusal === undefined ? others : failureOf('rcpt-to', refusal) };
  });
}

function resultOf(phase: SmtpPhase, sent: Sent): Result {
  if ('error' in sent) {
    const answered = readReply(sent.error.response) !== null;
    return phase === 'final-dot' && !answered
      ? { kind: 'unknown' }
      : failureOf(phaseOf(phase, sent.error), sent.error);
  }
  const answer = readReply(sent.response);
  // A server that says yes before it has the whole message has not taken it.
  if (phase !== 'final-dot' || answer === null)
    return { kind: 'deferred', phase, reply: null, replyText: null, failure: 'protocol-error' };
  return { kind: 'delivered', reply: answer.reply, replyText: answer.text };
}

/** What a server lacks that a mail needs: it is for good, for the mail is never rewritten. */
export type Lack = 'too-large-for-server' | '8bit-not-supported' | 'smtputf8-not-supported';

/** Known from what the server announced, before MAIL FROM. */
export const lacking = (failure: Lack): Result => ({
  kind: 'refused',
  phase: 'mail-from',
  reply: null,
  replyText: null,
  failure,
});

const PHASE_BY_COMMAND: Record<string, SmtpPhase> = {
  'MAIL FROM': 'mail-from',
  'RCPT TO': 'rcpt-to',
  STARTTLS: 'tls',
};

function phaseOf(phase: SmtpPhase, { command }: SmtpFailure): SmtpPhase {
  if (phase === 'content' || phase === 'final-dot') return phase;
  if (command === 'DATA') return 'data';
  return PHASE_BY_COMMAND[command ?? ''] ?? phase;
}

function failureOf(phase: SmtpPhase, error: SmtpFailure): Result {
  const answer = readReply(error.response);
  const reply = answer?.reply ?? null;
  const replyText = answer?.text ?? null;
  // TLS that can't be had is a matter of settings, here or there, and never the end of a mail.
  if (phase === 'tls') return { kind: 'deferred', phase, reply, replyText, failure: tlsWordFor(error) };
  if (reply === null) return { kind: 'deferred', phase, reply, replyText, failure: wordFor(error) };
  return { kind: isPermanent(phase, reply) ? 'refused' : 'deferred', phase, reply, replyText, failure: null };
}

/** Our own word beside those of OpenSSL. */
export const NOT_VERIFIED = 'CERT_NOT_VERIFIED';
const CERTIFICATE_FAULT = /CERT|SELF_SIGNED|ALTNAME|ISSUER|VERIFY/;
export const isTlsFault = ({ code, originalCode = '', command }: SmtpFailure) =>
  code === 'ETLS' || command === 'STARTTLS' || CERTIFICATE_FAULT.test(originalCode);

function tlsWordFor({ originalCode = '', response }: SmtpFailure): string {
  if (CERTIFICATE_FAULT.test(originalCode)) return 'tls-not-verified';
  return response === undefined ? 'tls-failed' : 'tls-not-offered';
}

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-lost',
  ECONNECTION: 'connection-lost',
  ESOCKET: 'connection-lost',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'host-not-found',
  EDNS: 'host-not-found',
  EHOSTUNREACH: 'host-unreachable',
  ENETUNREACH: 'host-unreachable',
  ESTREAM: 'content-unreadable',
  EPROTOCOL: 'protocol-error',
  ESTOPPED: 'delivery-stopped',
};

const wordFor = ({ originalCode, code }: SmtpFailure): string =>
  WORDS[originalCode ?? ''] ?? WORDS[code ?? ''] ?? 'connection-lost';
