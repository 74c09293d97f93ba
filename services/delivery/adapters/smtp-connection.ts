// SPDX-License-Identifier: Apache-2.0
import type { TLSSocket } from 'node:tls';
import type { SmtpPhase, TlsFacts } from '@securemail/contracts';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
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
  connectTimeoutMs: number;
  replyTimeoutMs: number;
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
 * Connects, and says how far it came.
 *
 * @throws SmtpFailure where there is no connection, or none with the TLS that the hop demands.
 */
export async function openSession(
  hop: NextHop,
  times: SmtpTimes,
  onPhase: (phase: SmtpPhase) => void,
): Promise<SmtpSession> {
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
  try {
    await connect(connection, onPhase);
    const tls = tlsFactsOf(connection, hop);
    if (hop.tls.kind === 'verified' && tls?.verified !== true)
      throw new Error('the connection is not protected by verified TLS');
    return { connection, tls, offers: offersOf(connection), mails: 0 };
  } catch (error) {
    connection.close();
    throw error;
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
    connection.connect((error) => {
      if (error === undefined) {
        resolve();
        return;
      }
      // Closed without a greeting.
      onPhase('greeting');
      reject(error);
    });
  });
}

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
