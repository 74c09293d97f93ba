// SPDX-License-Identifier: Apache-2.0
import type { TLSSocket } from 'node:tls';
import type { SmtpPhase, TlsFacts } from '@securemail/contracts';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { timeLimit } from './time-limit.ts';
import { isTlsFault, type SmtpFailure } from './smtp-results.ts';

/** One server to hand over to. */
export interface NextHop {
  host: string;
  port: number;
  /** `verified`: TLS with chain and name checked, or nothing. `opportunistic`: TLS where offered, for what is encrypted itself. */
  tls: { kind: 'verified'; name: string; ca: string | undefined } | { kind: 'opportunistic' };
}

export interface SmtpTimes {
  hostname: string;
  /** Fires when delivery stops and waits no longer for what is before its final dot. */
  stopped: AbortSignal;
  connectTimeoutMs: number;
  /** From the beginning until there is a session, however busily the server speaks meanwhile. */
  openTimeoutMs: number;
  replyTimeoutMs: number;
  finalDotTimeoutMs: number;
}

/** Greeted, in TLS as the hop demands it, and free for a mail. */
export interface SmtpSession {
  connection: SMTPConnection;
  tls: TlsFacts | null;
  offers: { eightBit: boolean; smtpUtf8: boolean; /** In octets; 0: no limit. */ maxSize: number };
  /** Mails handed over so far. */
  mails: number;
}

/**
 * Connects.
 *
 * @throws NoSessionError where there is no connection, or none with the TLS that the hop demands.
 */
export async function openSession(hop: NextHop, times: SmtpTimes): Promise<SmtpSession> {
  const connection = new PatientConnection({
    host: hop.host,
    port: hop.port,
    name: times.hostname,
    connectionTimeout: times.connectTimeoutMs,
    greetingTimeout: times.replyTimeoutMs,
    socketTimeout: times.replyTimeoutMs,
    socketCloseTimeout: FAREWELL_MS,
    logger: false,
    ...tlsOptions(hop),
  });
  try {
    await connect(connection, times);
    const tls = tlsFactsOf(connection, hop);
    if (hop.tls.kind === 'verified' && tls?.verified !== true)
      throw new Error('the connection is not protected by verified TLS');
    return { connection, tls, offers: offersOf(connection), mails: 0 };
  } catch (error) {
    connection.close();
    throw error instanceof NoSessionError ? error : new NoSessionError('tls', error as SmtpFailure);
  }
}

/** How far it came, and what went wrong there. */
export class NoSessionError extends Error {
  override name = 'NoSessionError';
  constructor(
    readonly phase: SmtpPhase,
    readonly failure: SmtpFailure,
  ) {
    super(failure.message, { cause: failure });
  }
}

/**
 * `connectionTimeout` is for DNS and TCP. nodemailer would end the greeting and STARTTLS by it, too, while RFC 5321
 * §4.5.3.2.1 gives a server that is busy five minutes to greet. Each has `greetingTimeout` here.
 */
class PatientConnection extends SMTPConnection {
  _remainingSetupTime(): number {
    return this.options.greetingTimeout ?? 0;
  }
}

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

function connect(connection: SMTPConnection, { stopped, openTimeoutMs }: SmtpTimes): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const fail = (error: SmtpFailure) => {
    reject(new NoSessionError(phaseOf(connection, error), error));
  };
  connection.once('error', fail);
  connection.once('end', () => {
    fail(new Error('the connection ended'));
  });
  connection.connect((error) => {
    if (error === undefined) resolve(undefined);
    else fail(error);
  });
  const limit = timeLimit(openTimeoutMs, fail);
  return promise.finally(limit.end).finally(whenStopped(stopped, fail));
}

/** Fails what is under way once delivery stops; the returned function ends the watch. */
export function whenStopped(stopped: AbortSignal, fail: (error: SmtpFailure) => void): () => void {
  const stop = () => {
    fail(Object.assign(new Error('delivery stops'), { code: 'ESTOPPED' }));
  };
  if (stopped.aborted) stop();
  else stopped.addEventListener('abort', stop, { once: true });
  return () => {
    stopped.removeEventListener('abort', stop);
  };
}

function phaseOf(connection: SMTPConnection, error: SmtpFailure): SmtpPhase {
  if (connection.stage === 'init') return 'connect';
  // A session without STARTTLS is ready on the reply to EHLO: who still waits after it, in clear, has asked for TLS.
  const askedForTls = !connection.secure && /^250/.test(String(connection.lastServerResponse));
  return isTlsFault(error) || connection.upgrading === true || askedForTls ? 'tls' : 'greeting';
}

const FAREWELL_MS = 2_000;

/**
 * Ends a session whose dialogue is in order: with QUIT (RFC 5321 §4.1.1.10), and the answer is not waited for long.
 * Nobody has to wait for it, and after everything else the connection is closed and no word said.
 */
export function endSession({ connection }: SmtpSession): void {
  connection.removeAllListeners('error');
  connection.removeAllListeners('end');
  if (connection.destroyed) return;
  connection.on('error', () => undefined);
  const bound = setTimeout(() => {
    connection.close();
  }, FAREWELL_MS);
  connection.once('end', () => {
    clearTimeout(bound);
  });
  connection.quit();
}

/** How long silence is borne from now on. */
export function bearSilence(connection: SMTPConnection, ms: number): void {
  socketOf(connection)?.setTimeout(ms);
}

// nodemailer shows neither the facts of TLS nor a way to wait longer for one reply; its socket does.
const socketOf = (connection: SMTPConnection) => (connection as unknown as { _socket?: TLSSocket })._socket;

function tlsFactsOf(connection: SMTPConnection, hop: NextHop): TlsFacts | null {
  const socket = socketOf(connection);
  if (socket?.encrypted !== true) return null;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    verified: hop.tls.kind === 'verified' && socket.authorized,
  };
}

function offersOf(connection: SMTPConnection): SmtpSession['offers'] {
  // nodemailer uses the extensions itself where they are offered, and does without a word where they are not.
  const { _supportedExtensions: extensions = [], _maxAllowedSize: maxSize = 0 } = connection as unknown as {
    _supportedExtensions?: string[];
    _maxAllowedSize?: number;
  };
  return {
    eightBit: extensions.includes('8BITMIME'),
    smtpUtf8: extensions.includes('SMTPUTF8'),
    maxSize,
  };
}
