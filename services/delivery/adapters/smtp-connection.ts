// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type DetailedPeerCertificate, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { SmtpPhase, TlsFacts } from '@securemail/contracts';
import { daneFault, namesServer, type DaneFault, type Tlsa } from '@securemail/tls-policy';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Counted } from './tls-sessions.ts';
import { timeLimit } from './time-limit.ts';
import { isTlsFault, NOT_VERIFIED, type SmtpFailure } from './smtp-results.ts';

/** One server to hand over to. */
export interface NextHop {
  host: string;
  port: number;
  /** Where it is known; else the system finds it. */
  address?: string;
  /** Fields that it expects at the head of what it is given. */
  headers?: Readonly<Record<string, string>>;
  tls: HopTls;
  /** As what a session with it is counted; without it, it is not. */
  counted?: Counted;
}

export type HopTls =
  /** TLS with a chain and one of the names checked, or nothing. */
  | {
      kind: 'verified';
      names: readonly string[];
      ca: string | undefined;
      policy: TlsFacts['policy'];
      /** PEM files by which the server knows us. */
      clientCertificate?: { certFile: string; keyFile: string };
    }
  /** TLS with the server's certificate checked by its TLSA records, or nothing. */
  | { kind: 'dane'; name: string; names: readonly string[]; tlsa: readonly Tlsa[] }
  /** TLS where it is offered, or required with whoever is there; for what is encrypted itself. */
  | {
      kind: 'opportunistic';
      required?: true;
      /** The authorities by which a certificate is judged that nobody insists on. */
      ca?: string;
    }
  /** In clear; for what is no mail of anybody. */
  | { kind: 'none' };

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
  /** Who is at the other end, and what speaks against its certificate where nobody insists on it. */
  peer: { address: string | null; objection: string | null };
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
  const client = await clientCertificateFor(hop);
  const connection = new PatientConnection({
    host: hop.address ?? hop.host,
    port: hop.port,
    name: times.hostname,
    connectionTimeout: times.connectTimeoutMs,
    greetingTimeout: times.replyTimeoutMs,
    socketTimeout: times.replyTimeoutMs,
    socketCloseTimeout: FAREWELL_MS,
    logger: false,
    ...tlsOptions(hop, client),
  });
  try {
    await connect(connection, times);
    const fault = hop.tls.kind === 'dane' ? daneFaultOf(connection, hop.tls) : null;
    const tls = tlsFactsOf(connection, hop.tls, fault);
    if ((hop.tls.kind === 'verified' || hop.tls.kind === 'dane') && tls?.verified !== true)
      throw Object.assign(new Error('the connection is not protected by verified TLS'), {
        originalCode: NOT_VERIFIED,
        daneFault: fault ?? undefined,
      });
    return { connection, tls, peer: peerOf(connection), offers: offersOf(connection), mails: 0 };
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

function tlsOptions({ host, tls }: NextHop, client: { cert?: string; key?: string }) {
  const minVersion = 'TLSv1.2' as const;
  switch (tls.kind) {
    case 'opportunistic':
      // What leaves this way is encrypted itself; a certificate that nobody can check still hides the header from listeners (RFC 7435).
      return {
        ...(tls.required === true ? { requireTLS: true } : { opportunisticTLS: true }),
        tls: {
          rejectUnauthorized: false,
          minVersion,
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        },
      };
    case 'none':
      return { ignoreTLS: true };
    case 'dane':
      // The certificate is checked once it is there, and before anything is said of the mail.
      return { requireTLS: true, tls: { servername: tls.name, rejectUnauthorized: false, minVersion } };
    case 'verified': {
      const { names, ca } = tls;
      const [first = host] = names;
      return {
        requireTLS: true,
        tls: {
          servername: first,
          minVersion,
          checkServerIdentity: namedOneOf(names),
          ...(ca === undefined ? {} : { ca }),
          ...client,
        },
      };
    }
    default:
      return tls satisfies never;
  }
}

/** @throws NoSessionError where the files can not be read. */
async function clientCertificateFor({ tls }: NextHop): Promise<{ cert?: string; key?: string }> {
  if (tls.kind !== 'verified' || tls.clientCertificate === undefined) return {};
  const { certFile, keyFile } = tls.clientCertificate;
  try {
    return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
  } catch {
    throw new NoSessionError('tls', new Error('the client certificate can not be read'));
  }
}

/** One of several names will do. */
const namedOneOf = (names: readonly string[]) => (_: string, certificate: PeerCertificate) => {
  const faults = names.map((name) => namesServer(name, certificate.raw));
  return faults.includes(undefined) ? undefined : (faults[0] ?? new Error('no name was agreed'));
};

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

function peerOf(connection: SMTPConnection): SmtpSession['peer'] {
  const socket = socketOf(connection);
  // Node's types have an error here, where it gives the code of one.
  const error: unknown = socket?.encrypted === true ? socket.authorizationError : null;
  return { address: socket?.remoteAddress ?? null, objection: typeof error === 'string' ? error : null };
}

function daneFaultOf(connection: SMTPConnection, tls: Extract<HopTls, { kind: 'dane' }>): DaneFault | null {
  const socket = socketOf(connection);
  // Without TLS there is no certificate to find fault with.
  return socket?.encrypted === true ? daneFault(shownBy(socket), { ...tls, at: new Date() }) : null;
}

function tlsFactsOf(connection: SMTPConnection, tls: HopTls, fault: DaneFault | null): TlsFacts | null {
  const socket = socketOf(connection);
  if (socket?.encrypted !== true) return null;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    ...verificationOf(socket, tls, fault),
  };
}

function verificationOf(
  socket: TLSSocket,
  tls: HopTls,
  fault: DaneFault | null,
): Pick<TlsFacts, 'verified' | 'policy'> {
  if (tls.kind === 'verified' && socket.authorized) return { verified: true, policy: tls.policy };
  if (tls.kind === 'dane' && fault === null) return { verified: true, policy: 'dane' };
  return { verified: false, policy: null };
}

/** The certificates that a server has shown, its own first. */
function shownBy(socket: TLSSocket): Buffer[] {
  const shown: Buffer[] = [];
  // Without a certificate there is an empty object, and whose issuer is unknown has none.
  let each: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  while (each?.raw !== undefined) {
    const { raw, issuerCertificate }: Partial<DetailedPeerCertificate> = each;
    // One that signed itself is its own issuer, for ever.
    if (shown.some((der) => der.equals(raw))) break;
    shown.push(raw);
    each = issuerCertificate;
  }
  return shown;
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
