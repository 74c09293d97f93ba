// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import {
  AUTHENTIC_DATA,
  decode,
  encode,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
  type Answer,
  type Packet,
} from 'dns-packet';

/** A record as `dns-packet` writes it; without `ttl` it lives for a minute. */
export type DnsRecord = Answer;

export type DnsFault =
  /** No answer comes. */
  | 'silent'
  /** SERVFAIL: what a validating resolver says of signatures that do not hold. */
  | 'failing'
  /** Over UDP only a part fits. */
  | 'truncated'
  /** Before the answer comes another one with a wrong id, and one to another question. */
  | 'forged';

export interface DnsServerOptions {
  records?: readonly DnsRecord[];
  /** Domains of which it says that DNSSEC proves its answers, all below them included. */
  secure?: readonly string[];
  /** By name, all below it included. */
  faults?: Readonly<Record<string, DnsFault>>;
}

export interface RunningDnsServer {
  address: string;
  port: number;
  /** `name type transport` of every question. */
  asked: string[];
  /** Replaces what it answers with. */
  serve(options: DnsServerOptions): void;
  stop(): Promise<void>;
}

/**
 * Plays a resolver that validates DNSSEC, over UDP and TCP on a free port of 127.0.0.1: the edge of the world in tests
 * and in the demo. It proves nothing, and only says so.
 */
export async function startDnsServer(options: DnsServerOptions = {}): Promise<RunningDnsServer> {
  let { records = [], secure = [], faults = {} } = options;
  const asked: string[] = [];
  const udp = createSocket('udp4');
  const tcp = createServer();
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');

  const answersTo = (question: Packet, transport: 'udp' | 'tcp'): Buffer[] => {
    const [first] = question.questions ?? [];
    if (first === undefined) return [];
    const name = first.name.toLowerCase();
    asked.push(`${name} ${first.type} ${transport}`);
    const fault = Object.entries(faults).find(([domain]) => isWithin(name, domain))?.[1];
    if (fault === 'silent') return [];
    const found = lookedUp(name, first.type, records);
    const cut = fault === 'truncated' && transport === 'udp';
    const packet: Packet = {
      type: 'response',
      id: question.id ?? 0,
      flags:
        RECURSION_DESIRED |
        RECURSION_AVAILABLE |
        (secure.some((domain) => isWithin(name, domain)) ? AUTHENTIC_DATA : 0) |
        (cut ? TRUNCATED_RESPONSE : 0) |
        (fault === 'failing' ? SERVFAIL : found.exists ? 0 : NXDOMAIN),
      questions: question.questions,
      answers: cut || fault === 'failing' ? [] : found.answers,
    };
    const answer = encode(packet);
    if (fault !== 'forged') return [answer];
    const lie = [{ type: 'A' as const, name: first.name, data: '192.0.2.66' }];
    return [
      encode({ ...packet, id: (packet.id ?? 0) ^ 1, answers: lie }),
      encode({ ...packet, questions: [{ type: 'A', name: 'else.example' }], answers: lie }),
      Buffer.from('no packet'),
      answer,
    ];
  };

  const answersIn = (bytes: Buffer, transport: 'udp' | 'tcp'): Buffer[] => {
    try {
      return answersTo(decode(bytes), transport);
    } catch {
      // Anybody may send it anything, and the demo runs in this process.
      return bytes.length < 2 ? [] : [unreadable(bytes)];
    }
  };

  udp.on('message', (bytes, { port: to, address }) => {
    for (const answer of answersIn(bytes, 'udp')) udp.send(answer, to, address);
  });
  tcp.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      const length = Buffer.alloc(2);
      for (const answer of answersIn(bytes.subarray(2), 'tcp')) {
        length.writeUInt16BE(answer.length);
        socket.write(Buffer.concat([length, answer]));
      }
    });
  });
  return {
    address: '127.0.0.1',
    port,
    asked,
    serve(replaced) {
      ({ records = [], secure = [], faults = {} } = replaced);
    },
    async stop() {
      udp.close();
      tcp.close();
      await once(tcp, 'close');
    },
  };
}

/** What servers answer to what they can't read: its id and FORMERR. */
const unreadable = (bytes: Buffer): Buffer => {
  const answer = Buffer.alloc(12);
  bytes.copy(answer, 0, 0, 2);
  answer.writeUInt16BE(RESPONSE | FORMERR, 2);
  return answer;
};

const RESPONSE = 0x80_00;
const FORMERR = 1;
const SERVFAIL = 2;
const NXDOMAIN = 3;

const isWithin = (name: string, domain: string) => name === domain || name.endsWith(`.${domain}`);

/** As a resolver answers: aliases first, then what they lead to. */
function lookedUp(name: string, type: string, records: readonly DnsRecord[]) {
  const answers: DnsRecord[] = [];
  let current = name;
  for (;;) {
    const same = records.filter((record) => record.name === current);
    const alias = same.find((record) => record.type === 'CNAME');
    answers.push(...same.filter((record) => record.type === type));
    if (alias?.type !== 'CNAME' || type === 'CNAME')
      return { answers, exists: records.some((record) => isWithin(record.name, current)) };
    answers.push(alias);
    current = alias.data;
  }
}
