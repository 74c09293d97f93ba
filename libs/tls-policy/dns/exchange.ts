// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { decode, encode, streamEncode, type DecodedPacket, type Packet } from 'dns-packet';

/** A server that is asked. */
export interface DnsServer {
  /** An IP address. */
  address: string;
  port: number;
  /** DNS over TLS (RFC 7858), and the name that the server's certificate must carry. */
  tls?: { name: string; ca?: string | undefined } | undefined;
}

/** `@types/dns-packet` forgets the code of the answer (RFC 1035 §4.1.1): `NOERROR`, `NXDOMAIN`, `SERVFAIL`, … */
export type DnsAnswer = DecodedPacket & { rcode: string };

/** An answer that fits the question; the caller tells what it says. Rejects where none came in time. */
export async function exchange(server: DnsServer, question: Packet, timeoutMs: number): Promise<DnsAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  if (server.tls !== undefined) return await overStream(server, question, signal);
  const answer = await overUdp(server, question, signal);
  return answer.flag_tc ? await overStream(server, question, signal) : answer;
}

/** RFC 5452: a port of its own for each question, and only the server's own packets; what does not fit is passed over. */
function overUdp({ address, port }: DnsServer, question: Packet, signal: AbortSignal): Promise<DnsAnswer> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  return new Promise<DnsAnswer>((resolve, reject) => {
    onAbort(signal, reject);
    socket.once('error', reject);
    socket.on('message', (bytes) => {
      const answer = fitting(bytes, question);
      if (answer !== null) resolve(answer);
    });
    socket.connect(port, address, () => {
      socket.send(encode(question));
    });
  }).finally(() => {
    socket.close();
  });
}

function overStream(server: DnsServer, question: Packet, signal: AbortSignal): Promise<DnsAnswer> {
  const socket = connected(server);
  return new Promise<DnsAnswer>((resolve, reject) => {
    onAbort(signal, reject);
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('the connection ended'));
    });
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const answer = fitting(received.subarray(2), question);
      if (answer === null) reject(new Error('the answer does not fit the question'));
      else resolve(answer);
    });
    socket.write(streamEncode(question));
  }).finally(() => {
    socket.destroy();
  });
}

function connected({ address, port, tls }: DnsServer): Socket {
  if (tls === undefined) return connectTcp(port, address);
  const { name, ca } = tls;
  return connectTls({ host: address, port, servername: name, ...(ca === undefined ? {} : { ca }) });
}

function onAbort(signal: AbortSignal, reject: (error: Error) => void): void {
  signal.addEventListener(
    'abort',
    () => {
      reject(new Error('no answer in time'));
    },
    { once: true },
  );
}

/** The answer to that question; null for anything else. */
function fitting(bytes: Buffer, { id, questions = [] }: Packet): DnsAnswer | null {
  let answer: DnsAnswer;
  try {
    answer = decode(bytes) as DnsAnswer;
  } catch {
    return null;
  }
  const [asked, echoed] = [questions[0], answer.questions?.[0]];
  if (answer.type !== 'response' || answer.id !== id) return null;
  return echoed?.type === asked?.type && echoed?.name.toLowerCase() === asked?.name.toLowerCase()
    ? answer
    : null;
}
