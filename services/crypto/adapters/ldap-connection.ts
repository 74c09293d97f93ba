// SPDX-License-Identifier: Apache-2.0
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { authoritiesIn } from '@securemail/service';
import { Client } from 'ldapts';
import type { LdapSettings } from '../settings.ts';

export interface LdapConnection {
  client: Client;
  /** Makes it TLS, where it has to be and is not yet. @throws where somebody has put in octets that no TLS protects. */
  secure: () => Promise<void>;
  destroy: () => void;
}

/**
 * A client that has connected once connects again by itself, and after StartTLS it would do so in clear, password and
 * all. So it is given one connection and no other.
 */
export async function openLdapConnection({
  url,
  startTls,
  caFile,
  timeoutMs,
}: LdapSettings): Promise<LdapConnection> {
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const tls: ConnectionOptions = {
    host,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(caFile === undefined ? {} : { ca: await authoritiesIn(caFile) }),
  };
  const isTls = protocol === 'ldaps:';
  const inClear = countedOctets();
  let socket: Socket | undefined;
  const once = <S extends Socket>(open: () => S): S => {
    if (socket !== undefined) throw new Error('the connection is lost');
    const opened = open();
    socket = opened;
    // Whoever waits is told; an error that nobody waits for ends no process.
    opened.on('close', () => undefined).on('error', () => undefined);
    return opened;
  };
  const client = new Client({
    url,
    timeout: timeoutMs,
    connectTimeout: timeoutMs,
    // Said for ldap:// it would mean TLS from the first octet on.
    ...(isTls
      ? {
          tlsOptions: tls,
          createSecureConnection: ((port: number) =>
            once(() => connectTls({ ...tls, port }))) as typeof connectTls,
        }
      : {
          createConnection: ((port: number) =>
            once(() => connectPlain({ port, host }).on('data', inClear.note))) as typeof connectPlain,
          // Called once StartTLS is agreed on. The client keeps what it has read, and takes its end from within TLS.
          createSecureConnection: ((options: ConnectionOptions) => {
            if (!inClear.areOneMessage()) throw new InjectedInClearError();
            return connectTls(options);
          }) as typeof connectTls,
        }),
  });
  return {
    client,
    secure: async () => {
      if (!isTls && startTls) await client.startTLS(tls);
    },
    destroy: () => {
      socket?.destroy();
    },
  };
}

class InjectedInClearError extends Error {
  override name = 'InjectedInClearError';
  constructor() {
    super('there is more than the answer to StartTLS before TLS begins');
  }
}

/** The tag, and a length in its longest form that says less than 2^32 (X.690 §8.1.3). */
const LONGEST_HEAD = 6;

/** Counts what comes before TLS, which is to be the answer to StartTLS and nothing else: no LDAPMessage before it or behind it. */
function countedOctets() {
  let head = Buffer.alloc(0);
  let count = 0;
  return {
    note: (octets: Buffer) => {
      count += octets.length;
      head = Buffer.concat([head, octets.subarray(0, LONGEST_HEAD - head.length)]);
    },
    areOneMessage: () => {
      const [, length = 0] = head;
      if (length < 0x80) return count === 2 + length;
      const lengthOctets = length & 0x7f;
      if (lengthOctets === 0 || head.length < 2 + lengthOctets) return false;
      return count === 2 + lengthOctets + head.readUIntBE(2, lengthOctets);
    },
  };
}
