// SPDX-License-Identifier: Apache-2.0
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';

/** A hand-held SMTP client: says exactly what it is told, and shows exactly what comes back. */
export interface Dialogue {
  /** Writes bytes as they are, and gives the whole reply that follows. */
  say(bytes: string | Buffer): Promise<string>;
  /** Writes and does not wait. */
  write(bytes: string | Buffer): void;
  /** The next whole reply. */
  hear(): Promise<string>;
  startTls(ca: string): Promise<void>;
  /** All that came and was not heard yet, after a moment. */
  rest(): Promise<string>;
  cut(): void;
}

const WHOLE_REPLY = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n/;

/** @param greeted whether what the server says first is waited for, and passed over. */
export async function dialogue(port: number, { greeted = true } = {}): Promise<Dialogue> {
  let socket: Socket = connectTcp(port, '127.0.0.1');
  let heard = '';
  const listen = () => {
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('utf8')));
    socket.on('error', () => undefined);
  };
  listen();
  const hear = async (): Promise<string> => {
    for (;;) {
      const [reply] = WHOLE_REPLY.exec(heard) ?? [];
      if (reply !== undefined) {
        heard = heard.slice(reply.length);
        return reply.trimEnd();
      }
      if (socket.destroyed) return `closed: ${heard}`;
      await sleep(5);
    }
  };
  if (greeted) await hear();
  return {
    hear,
    write: (bytes) => void socket.write(bytes),
    say(bytes) {
      socket.write(bytes);
      return hear();
    },
    async startTls(ca) {
      const plain = socket;
      plain.removeAllListeners('data');
      const secure = connectTls({ socket: plain, ca, servername: 'localhost' });
      await new Promise<void>((resolve, reject) => {
        secure.once('secureConnect', resolve);
        secure.once('error', reject);
      });
      socket = secure;
      listen();
    },
    async rest() {
      await sleep(300);
      const all = heard;
      heard = '';
      return all;
    },
    cut: () => socket.destroy(),
  };
}

/** One that has gone over to TLS, and says anew who it is. */
export async function securedDialogue({
  smtpPort,
  authorityPem,
}: {
  smtpPort: number;
  authorityPem: string;
}): Promise<Dialogue> {
  const client = await dialogue(smtpPort);
  await client.say('EHLO client.example\r\n');
  await client.say('STARTTLS\r\n');
  await client.startTls(authorityPem);
  await client.say('EHLO client.example\r\n');
  return client;
}

/** RFC 4616. */
export const authPlain = (user: string, password: string): string =>
  `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}\r\n`;
