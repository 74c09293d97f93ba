// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Address, RecipientId, SmtpPhase, TlsFacts } from '@securemail/contracts';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Result } from '../domain/attempt.ts';
import { isPermanent, readReply } from '../domain/smtp-reply.ts';

/** One server to hand over to. */
export interface NextHop {
  host: string;
  port: number;
  /** `verified`: TLS with chain and name checked, or nothing. `opportunistic`: TLS where offered, for what is encrypted itself. */
  tls: { kind: 'verified'; name: string; ca: string | undefined } | { kind: 'opportunistic' };
}

export interface Handover {
  /** Empty: the null return path of RFC 5321 §4.5.5. */
  mailFrom: Address | '';
  recipients: readonly { recipientId: RecipientId; address: Address }[];
  size: number;
  open: () => AsyncIterable<Buffer>;
}

export interface SmtpTimes {
  hostname: string;
  connectTimeoutMs: number;
  replyTimeoutMs: number;
}

export interface HandoverOutcome {
  tls: TlsFacts | null;
  /** The server could not even be spoken to: another one of the same domain may be tried. */
  reached: boolean;
  results: { recipientId: RecipientId; result: Result }[];
}

interface SmtpFailure extends Error {
  code?: string | undefined;
  originalCode?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  recipient?: string | undefined;
  rejectedErrors?: SmtpFailure[] | undefined;
}

/**
 * Hands a message to one server, and tells for each recipient what is certain. nodemailer reports the same error
 * whether a connection dies before the content or after the final dot; the phase is seen here, from the stream that
 * nodemailer reads: it is opened on 354, and its end is followed by the final dot.
 */
export async function handOver(hop: NextHop, handover: Handover, times: SmtpTimes): Promise<HandoverOutcome> {
  const at: { phase: SmtpPhase } = { phase: 'connect' };
  const connection = new SMTPConnection({
    host: hop.host,
    port: hop.port,
    name: times.hostname,
    connectionTimeout: times.connectTimeoutMs,
    greetingTimeout: times.replyTimeoutMs,
    socketTimeout: times.replyTimeoutMs,
    logger: false,
    ...tlsOptions(hop),
  });
  const content = Readable.from(
    watched(handover.open(), (phase) => {
      at.phase = phase;
    }),
    { objectMode: false },
  );
  try {
    await connect(connection, (phase) => {
      at.phase = phase;
    });
    const tls = tlsFactsOf(connection, hop);
    if (hop.tls.kind === 'verified' && tls?.verified !== true)
      throw new Error('the connection is not protected by verified TLS');
    at.phase = 'mail-from';
    const sent = await send(connection, handover, content);
    return { tls, reached: true, results: resultsOf(handover, at.phase, sent) };
  } catch (error) {
    const failure = error as SmtpFailure;
    return {
      tls: null,
      reached: at.phase !== 'connect' && at.phase !== 'greeting',
      results: resultsOf(handover, at.phase, { error: failure }),
    };
  } finally {
    content.destroy();
    connection.close();
  }
}

type Sent = { error: SmtpFailure } | { response: string; rejectedErrors: SmtpFailure[] };

function tlsOptions(hop: NextHop) {
  if (hop.tls.kind === 'opportunistic') {
    // What leaves this way is encrypted itself; a certificate that nobody can check still hides the header from listeners (RFC 7435).
    return { opportunisticTLS: true, tls: { rejectUnauthorized: false, minVersion: 'TLSv1.2' as const } };
  }
  const { name, ca } = hop.tls;
  return {
    requireTLS: true,
    tls: { servername: name, minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) },
  };
}

function connect(connection: SMTPConnection, onPhase: (phase: SmtpPhase) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('error', (error: SmtpFailure) => {
      if (isTlsFault(error)) onPhase('tls');
      else if (error.command === 'EHLO' || error.command === 'HELO') onPhase('greeting');
      reject(error);
    });
    connection.once('end', () => {
      reject(new Error('the connection ended'));
    });
    connection.connect(() => {
      resolve();
    });
  });
}

function send(
  connection: SMTPConnection,
  { mailFrom, recipients, size }: Handover,
  content: Readable,
): Promise<Sent> {
  return new Promise((resolve) => {
    const fail = (error: SmtpFailure) => {
      resolve({ error });
    };
    connection.removeAllListeners('error');
    connection.removeAllListeners('end');
    connection.on('error', fail);
    connection.once('end', () => {
      fail(new Error('the connection ended'));
    });
    const envelope = { from: mailFrom, to: recipients.map(({ address }) => address), size };
    connection.send(envelope, content, (error, info) => {
      if (error !== null) fail(error);
      else resolve({ response: info.response, rejectedErrors: info.rejectedErrors ?? [] });
    });
  });
}

async function* watched(
  source: AsyncIterable<Buffer>,
  onPhase: (phase: SmtpPhase) => void,
): AsyncIterable<Buffer> {
  onPhase('content');
  yield* source;
  // From here on nodemailer ends the content, and the other side may have it.
  onPhase('final-dot');
}

function resultsOf(handover: Handover, phase: SmtpPhase, sent: Sent): HandoverOutcome['results'] {
  const refusals = 'error' in sent ? (sent.error.rejectedErrors ?? []) : sent.rejectedErrors;
  const byAddress = new Map(refusals.map((refusal) => [refusal.recipient, refusal]));
  const others = resultOf(phase, sent);
  return handover.recipients.map(({ recipientId, address }) => {
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
  return { kind: isPermanent(reply) ? 'refused' : 'deferred', phase, reply, replyText, failure: null };
}

const CERTIFICATE_FAULT = /CERT|SELF_SIGNED|ALTNAME|ISSUER|VERIFY/;
const isTlsFault = ({ code, originalCode = '', command }: SmtpFailure) =>
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
  EMESSAGE: 'message-refused',
  EPROTOCOL: 'protocol-error',
};

const wordFor = ({ originalCode, code }: SmtpFailure): string =>
  WORDS[originalCode ?? ''] ?? WORDS[code ?? ''] ?? 'connection-lost';

function tlsFactsOf(connection: SMTPConnection, hop: NextHop): TlsFacts | null {
  // nodemailer shows no TLS facts of its own; the socket it upgraded does.
  const socket = (connection as unknown as { _socket?: TLSSocket })._socket;
  if (socket?.encrypted !== true) return null;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    verified: hop.tls.kind === 'verified' && socket.authorized,
  };
}
