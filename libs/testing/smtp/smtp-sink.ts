// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { SMTPServer, SMTPServerSession } from 'smtp-server';
import { inbox, type ReceivedMail } from './inbox.ts';
import { act, connectionOf, misbehavingServer, type Connection } from './misbehaving-server.ts';
import { keepsMail, rulebook, type Rule } from './rules.ts';

export interface SmtpSinkOptions {
  /** Default: 127.0.0.1. */
  host?: string;
  /** Default: a free one. */
  port?: number;
  /** What it calls itself. Default: `sink.example`. */
  name?: string;
  /** Offers STARTTLS with this; without it, none is offered. An expired or misnamed one comes from the authority. */
  tls?: {
    /** May be followed by those above it. */
    certificatePem: string;
    keyPem: string;
    /** To be as old as some are. */
    maxVersion?: 'TLSv1.1';
  } | null;
  /** `false`: counts mail and forgets it at once, for measuring. */
  hold?: boolean;
  /** Is given each mail before it is answered; with it nothing is held. */
  onMail?: (mail: ReceivedMail) => Promise<void>;
  /** Octets of a message, as the SIZE extension announces (RFC 1870). Default: no limit. */
  size?: number;
  /** Extensions that it does not offer, as older servers don't. */
  without?: ('8BITMIME' | 'SMTPUTF8' | 'PIPELINING')[];
}

export interface SmtpSink {
  host: string;
  port: number;
  /** What was received, oldest first; empty with `hold: false`. */
  received(predicate?: (mail: ReceivedMail) => boolean): ReceivedMail[];
  /** The first mail that fits, now or within `timeout` (default 10,000) milliseconds. */
  waitFor(predicate: (mail: ReceivedMail) => boolean, timeout?: number): Promise<ReceivedMail>;
  /** How many mails were received, and their octets, also with `hold: false`. */
  counted(): { mails: number; octets: number };
  /** How many connections have ended, and how many clients said QUIT (RFC 5321 §4.1.1.10). */
  endings(): { connections: number; quits: number };
  /** Adds a rule; the first that applies counts. */
  misbehave(rule: Rule): void;
  /** Forgets all rules. */
  behave(): void;
  /** Forgets what was received. */
  clear(): void;
  /** Ends it at once, and every connection with it. */
  stop(): Promise<void>;
}

const MANY = 1_000_000;

/** Starts an SMTP server that takes every mail and passes none on, and that fails on demand at any phase. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const { host = '127.0.0.1', port = 0, name = 'sink.example', tls = null, onMail } = options;
  const hold = options.hold ?? onMail === undefined;
  const rules = rulebook();
  const mails = inbox();
  let count = { mails: 0, octets: 0 };
  const ended = { connections: 0, quits: 0 };

  const receive = async (
    stream: AsyncIterable<Buffer>,
    session: SMTPServerSession,
    answer: (error?: Error | null, text?: string) => void,
  ): Promise<void> => {
    const connection = connectionOf(server, session.id);
    const recipients = session.envelope.rcptTo.map(({ address }) => address);
    const tlsFacts = tlsOf(session, connection?._socket);
    const chunks: Buffer[] = [];
    let octets = 0;
    for await (const chunk of stream) {
      const early = octets === 0 ? rules.take('content', recipients) : undefined;
      if (early !== undefined && !(await goesOn(early, connection))) return;
      octets += chunk.length;
      if (hold || onMail !== undefined) chunks.push(chunk);
    }
    const rule = rules.take('final-dot', recipients);
    if (rule === undefined || keepsMail(rule)) {
      count = { mails: count.mails + 1, octets: count.octets + octets };
      const mail = (): ReceivedMail => ({
        content: Buffer.concat(chunks),
        mailFrom: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address,
        rcptTo: recipients,
        parameters: {
          body: session.envelope.bodyType ?? '7bit',
          smtpUtf8: session.envelope.smtpUtf8 ?? false,
        },
        tls: tlsFacts,
        connectionId: session.id,
        clientName: session.hostNameAppearsAs,
        time: new Date(),
      });
      if (onMail !== undefined) await onMail(mail());
      else if (hold) mails.add(mail());
    }
    if (rule === undefined || connection === undefined) answer();
    else
      act(rule.action, connection, answer, ({ code, text }) => {
        if (code < 400) answer(null, text);
        else answer(Object.assign(new Error(text), { responseCode: code }));
      });
  };

  const server: SMTPServer = misbehavingServer(
    {
      name,
      authOptional: true,
      disabledCommands: ['AUTH', ...(tls === null ? ['STARTTLS'] : [])],
      ...(tls === null ? {} : { cert: tls.certificatePem, key: tls.keyPem, ...versionsOf(tls) }),
      ...(options.size === undefined ? {} : { size: options.size }),
      ...Object.fromEntries((options.without ?? []).map((extension) => [`hide${extension}`, true])),
      logger: false,
      disableReverseLookup: true,
      maxClients: MANY,
      maxAllowedUnauthenticatedCommands: false,
      socketTimeout: 600_000,
      closeTimeout: 1,
      onClose() {
        ended.connections += 1;
      },
      onData(stream, session, callback) {
        // A content that breaks off is no mail; smtp-server ends its connection.
        receive(stream, session, callback).catch(() => undefined);
      },
    },
    rules,
    () => {
      ended.quits += 1;
    },
  );
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('error', () => undefined); // A client that goes away, or does not like our certificate, is no fault here.
  server.listen(port, host);
  await once(server.server, 'listening');

  return {
    host,
    port: (server.server.address() as AddressInfo).port,
    received: (predicate = () => true) => mails.list().filter(predicate),
    waitFor: (predicate, timeout = 10_000) => mails.waitFor(predicate, timeout),
    counted: () => count,
    endings: () => ({ ...ended }),
    misbehave: (rule) => {
      rules.add(rule);
    },
    behave: () => {
      rules.clear();
    },
    clear: () => {
      mails.clear();
      count = { mails: 0, octets: 0 };
    },
    async stop() {
      const closed = new Promise<void>((resolve) => {
        server.close(resolve);
      });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Does what a rule wants while content arrives; false where the mail ends there. */
async function goesOn({ action }: Rule, connection: Connection | undefined): Promise<boolean> {
  if (connection === undefined) return false;
  if (typeof action === 'object' && 'delay' in action) {
    await sleep(action.delay);
    return true;
  }
  act(
    action,
    connection,
    () => undefined,
    ({ code, text }) => {
      connection.send(code, text);
      connection.close();
    },
  );
  const isSilent = action === 'hang' || (typeof action === 'object' && 'drip' in action);
  return isSilent ? await new Promise<never>(() => undefined) : false;
}

/** OpenSSL speaks the old versions only where it is told to bear weak algorithms. */
const versionsOf = ({ maxVersion }: NonNullable<SmtpSinkOptions['tls']>) =>
  maxVersion === undefined ? {} : { minVersion: 'TLSv1' as const, maxVersion, ciphers: 'ALL:@SECLEVEL=0' };

function tlsOf(session: SMTPServerSession, socket: Socket | undefined): ReceivedMail['tls'] {
  if (!session.secure || session.tlsOptions === false) return null;
  const { servername } = session;
  return {
    protocol: (socket instanceof TLSSocket ? socket.getProtocol() : null) ?? session.tlsOptions.version,
    cipher: session.tlsOptions.standardName,
    serverName: typeof servername === 'string' && servername !== '' ? servername : null,
  };
}
