// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { TLSSocket } from 'node:tls';
import type { Address } from '@securemail/contracts';
import { namesServer } from '@securemail/tls-policy';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { authoritiesIn } from '../files/authorities.ts';
import type { OwnServers } from './own-route.ts';

export interface CallAhead {
  hostname: string;
  /** For all servers together, milliseconds. */
  timeoutMs: number;
}

/** What a server says in EHLO that it takes. */
export interface ServerTakes {
  /** Octets (RFC 1870 §3); null: it names no limit. */
  maxOctets: number | null;
  /** 8BITMIME (RFC 6152). */
  eightBit: boolean;
  /** SMTPUTF8 (RFC 6531). */
  utf8: boolean;
}

export interface Heard {
  /** To RCPT TO; empty where it can not be asked about such an address, or was asked about none. */
  reply: string;
  takes: ServerTakes;
}

/**
 * Asks the servers of an own mailbox, one after the other, whether they would take mail for it: MAIL FROM:<>, RCPT TO and
 * QUIT (RFC 5321 §3.3), over verified TLS as all mail to them, for an address is nobody else's business.
 *
 * @param address null: only what the server takes is asked.
 * @returns what the first said that said anything.
 * @throws where none did in time.
 */
export async function callAhead(
  address: Address | null,
  own: OwnServers,
  { hostname, timeoutMs }: CallAhead,
): Promise<Heard> {
  let last: unknown = new Error('there is no server to ask');
  const over = AbortSignal.timeout(timeoutMs);
  // One that greets has all the time that is left, as Exchange takes seconds to say no; the one behind another that does
  // not even greet is asked, too.
  const greetingMs = Math.ceil(timeoutMs / Math.max(1, own.servers.length));
  for (const server of own.servers) {
    if (over.aborted) break;
    try {
      const options = await optionsFor(server, own.clientCertificate, { hostname, timeoutMs, greetingMs });
      return await ask(address, options, over);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

async function optionsFor(
  { host, port, tlsName, caFile }: OwnServers['servers'][number],
  clientCertificate: OwnServers['clientCertificate'],
  { hostname, timeoutMs, greetingMs }: CallAhead & { greetingMs: number },
): Promise<SMTPConnection.Options> {
  return {
    host,
    port,
    name: hostname,
    requireTLS: true,
    logger: false,
    connectionTimeout: greetingMs,
    greetingTimeout: greetingMs,
    socketTimeout: timeoutMs,
    tls: {
      servername: tlsName ?? host,
      checkServerIdentity: (_, { raw }) => namesServer(tlsName ?? host, raw),
      minVersion: 'TLSv1.2',
      ...(caFile === undefined ? {} : { ca: await authoritiesIn(caFile) }),
      ...(clientCertificate === undefined
        ? {}
        : {
            cert: await readFile(clientCertificate.certFile, 'utf8'),
            key: await readFile(clientCertificate.keyFile, 'utf8'),
          }),
    },
  };
}

/** The address can not be said to this server (RFC 6531 §3.2). */
const NOT_SAID = '';

/** nodemailer sends mails and nothing less, and what it sends and hears commands by has no types. */
interface Dialogue {
  _socket?: TLSSocket;
  _supportedExtensions: readonly string[];
  _maxAllowedSize: number;
  _sendCommand(line: string): void;
  _responseActions: ((reply: string) => void)[];
}

async function ask(
  address: Address | null,
  options: SMTPConnection.Options,
  over: AbortSignal,
): Promise<Heard> {
  over.throwIfAborted();
  const connection = new SMTPConnection(options);
  const dialogue = connection as unknown as Dialogue;
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  const say = (line: string) =>
    new Promise<string>((resolve) => {
      dialogue._responseActions.push(resolve);
      dialogue._sendCommand(line);
    });
  const late = () => {
    reject(new Error('the server took too long'));
  };
  over.addEventListener('abort', late, { once: true });
  connection.on('error', reject);
  connection.once('end', () => {
    reject(new Error('the connection ended'));
  });
  try {
    await Promise.race([failed, connected(connection)]);
    if (dialogue._socket?.authorized !== true) throw new Error('the connection is not protected');
    const takes = takenBy(dialogue);
    const utf8 = address !== null && /[^\u0000-\u007f]/.test(address);
    // That is about the address, and whoever made it up must not make it look as if the server were away.
    if (address === null || (utf8 && !takes.utf8)) {
      connection.quit();
      return { reply: NOT_SAID, takes };
    }
    const taken = await Promise.race([failed, say(`MAIL FROM:<>${utf8 ? ' SMTPUTF8' : ''}`)]);
    if (!taken.startsWith('250')) throw new Error('the server takes no mail');
    const reply = await Promise.race([failed, say(`RCPT TO:<${address}>`)]);
    connection.quit();
    return { reply, takes };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    over.removeEventListener('abort', late);
  }
}

const takenBy = ({ _supportedExtensions: extensions, _maxAllowedSize: most }: Dialogue): ServerTakes => ({
  maxOctets: most > 0 ? most : null,
  eightBit: extensions.includes('8BITMIME'),
  utf8: extensions.includes('SMTPUTF8'),
});

const connected = (connection: SMTPConnection) =>
  new Promise<void>((resolve, reject) => {
    connection.connect((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
