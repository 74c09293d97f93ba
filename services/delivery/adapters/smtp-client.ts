// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import type { RecipientId, SmtpPhase, TlsFacts } from '@securemail/contracts';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Result } from '../domain/attempt.ts';
import { readReply } from '../domain/smtp-reply.ts';
import type { Handover } from './handover.ts';
import type { IdleSessions } from './idle-sessions.ts';
import { lacksOf } from './smtp-extensions.ts';
import {
  bearSilence,
  endSession,
  NoSessionError,
  openSession,
  whenStopped,
  type NextHop,
  type SmtpSession,
  type SmtpTimes,
} from './smtp-connection.ts';
import { limitsOf, timeLimit, type TimeLimit } from './time-limit.ts';
import { countOpened, countRefused } from './counted-session.ts';
import { lacking, resultsOf, type Sent, type SmtpFailure } from './smtp-results.ts';
import type { TlsSessions } from './tls-sessions.ts';

export interface HandoverOutcome {
  tls: TlsFacts | null;
  /** False: nothing of the mail was said to this server, and another one of the same domain may be tried. */
  begun: boolean;
  /** The connection had carried a mail before. */
  reused: boolean;
  results: { recipientId: RecipientId; result: Result }[];
}

/**
 * Hands a message to one server, over a connection that is still open from the mail before where there is one, and
 * tells for each recipient what is certain.
 */
export async function handOver(
  hop: NextHop,
  message: Handover,
  {
    times,
    idle,
    greeted,
    sessions,
  }: { times: SmtpTimes; idle: IdleSessions; greeted: () => void; sessions?: TlsSessions | undefined },
): Promise<HandoverOutcome> {
  const handover = withHeaders(message, hop.headers);
  const kept = idle.take(hop);
  if (kept !== null) {
    greeted();
    const tried = await sendOver(kept, handover, times);
    // The server had ended it meanwhile, which is its right, and has seen nothing of the content.
    if (!endedBeforehand(tried)) return { ...concluded(hop, kept, tried, idle), reused: true };
    kept.connection.close();
  }
  try {
    const session = await openSession(hop, times);
    countOpened(sessions, hop, session);
    greeted();
    const tried = await sendOver(session, handover, times);
    return { ...concluded(hop, session, tried, idle), reused: false };
  } catch (error) {
    if (!(error instanceof NoSessionError)) throw error;
    const { phase, failure } = error;
    countRefused(sessions, hop, error);
    const results = resultsOf(handover.recipients, phase, { error: failure, rejectedErrors: [] });
    return { tls: null, begun: false, reused: false, results };
  }
}

/** The message with the fields that the server expects before its own. */
function withHeaders(message: Handover, headers: NextHop['headers'] = {}): Handover {
  const text = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  if (text === '') return message;
  const head = Buffer.from(text, 'latin1');
  return {
    ...message,
    size: message.size + head.length,
    open: async function* () {
      yield head;
      yield* message.open();
    },
  };
}

interface Tried {
  phase: SmtpPhase;
  /** Null where there was nobody it could be sent to. */
  sent: Sent | null;
  results: HandoverOutcome['results'];
}

function endedBeforehand({ phase, sent }: Tried): boolean {
  if (phase !== 'mail-from' || sent === null || !('error' in sent)) return false;
  const answer = readReply(sent.error.response);
  if (answer !== null) return answer.reply.code === CLOSING;
  return sent.error.code !== 'ETIMEDOUT';
}

/** RFC 5321 §4.2: the server is about to end the connection, whatever it answers. */
const CLOSING = 421;

function concluded(
  hop: NextHop,
  session: SmtpSession,
  tried: Tried,
  idle: IdleSessions,
): Omit<HandoverOutcome, 'reused'> {
  const { sent, results } = tried;
  // Only after a mail that went through whole it is certain in what state the dialogue is.
  if (results.every(({ result }) => result.kind === 'delivered')) idle.keep(hop, session);
  else if (isAnswered(tried)) endSession(session);
  else session.connection.close();
  return { tls: sent === null || 'error' in sent ? null : session.tls, begun: true, results };
}

/** The server has said its last word on the mail, and waits for the next command. */
function isAnswered({ phase, sent }: Tried): boolean {
  if (sent === null) return true;
  // In the middle of the content a command would be a part of it.
  if (phase === 'content') return false;
  return readReply('error' in sent ? sent.error.response : sent.response) !== null;
}

/** Gives the mail to those whom this server can take it for. */
async function sendOver(session: SmtpSession, handover: Handover, times: SmtpTimes): Promise<Tried> {
  const lacks = await lacksOf(session, handover).catch(() => null);
  if (lacks === null) {
    const error = Object.assign(new Error('the content can not be read'), { code: 'ESTREAM' });
    const sent = { error, rejectedErrors: [] };
    return { phase: 'content', sent, results: resultsOf(handover.recipients, 'content', sent) };
  }
  const lacked = [...lacks].map(([recipientId, lack]) => ({ recipientId, result: lacking(lack) }));
  const recipients = handover.recipients.filter(({ recipientId }) => !lacks.has(recipientId));
  if (recipients.length === 0) return { phase: 'mail-from', sent: null, results: lacked };
  const { phase, sent } = await sendWatched(session, { ...handover, recipients }, times);
  session.mails += 1;
  return { phase, sent, results: [...lacked, ...resultsOf(recipients, phase, sent)] };
}

/**
 * nodemailer reports the same error whether a connection dies before the content or after the final dot; the phase is
 * seen here, from the stream that nodemailer reads: it is opened on 354, and its end is followed by the final dot.
 */
async function sendWatched(
  { connection }: SmtpSession,
  handover: Handover,
  times: SmtpTimes,
): Promise<{ phase: SmtpPhase; sent: Sent }> {
  const at: { phase: SmtpPhase; limit?: TimeLimit } = { phase: 'mail-from' };
  const { envelopeMs, contentMs } = limitsOf(handover, times);
  const content = Readable.from(
    watched(handover.open(), (phase) => {
      at.phase = phase;
      at.limit?.refresh(phase === 'content' ? contentMs : times.finalDotTimeoutMs);
      // Whoever gives up here does not know what became of the mail: patience is cheaper (RFC 5321 §4.5.3.2.6).
      if (phase === 'final-dot') bearSilence(connection, times.finalDotTimeoutMs);
    }),
    { objectMode: false },
  );
  try {
    const sent = await send(connection, handover, content, (fail) => {
      const limit = timeLimit(envelopeMs, fail);
      at.limit = limit;
      const forget = whenStopped(times.stopped, (error) => {
        // What may have been taken is waited for: its outcome would be unknown.
        if (at.phase !== 'final-dot') fail(error);
      });
      return () => {
        limit.end();
        forget();
      };
    });
    bearSilence(connection, times.replyTimeoutMs);
    return { phase: at.phase, sent };
  } finally {
    content.destroy();
  }
}

/** What nodemailer notes on the envelope while the dialogue goes on; an error that comes later does not repeat it. */
interface Envelope extends SMTPConnection.Envelope {
  mailError?: SmtpFailure;
  rejectedErrors?: SmtpFailure[];
}

function send(
  connection: SMTPConnection,
  { mailFrom, recipients, size, use8BitMime }: Handover,
  content: Readable,
  interruptible: (fail: (error: SmtpFailure) => void) => () => void,
): Promise<Sent> {
  const envelope: Envelope = {
    from: mailFrom,
    to: recipients.map(({ address }) => address),
    size,
    use8BitMime,
  };
  const { promise, resolve } = Promise.withResolvers<Sent>();
  const fail = (error: SmtpFailure) => {
    const { mailError, rejectedErrors = [] } = envelope;
    if (mailError === undefined) resolve({ error, rejectedErrors });
    // Without a sender every recipient that was sent along is refused, too, and that says nothing of them.
    else resolve({ error: mailError, rejectedErrors: [] });
  };
  connection.removeAllListeners('error');
  connection.removeAllListeners('end');
  connection.on('error', fail);
  connection.once('end', () => {
    fail(new Error('the connection ended'));
  });
  connection.send(envelope, content, (error, info) => {
    if (error !== null) fail(error);
    else resolve({ response: info.response, rejectedErrors: envelope.rejectedErrors ?? [] });
  });
  return promise.finally(interruptible(fail));
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
