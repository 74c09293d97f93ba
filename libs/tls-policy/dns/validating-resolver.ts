// SPDX-License-Identifier: Apache-2.0
import { randomInt } from 'node:crypto';
import {
  AUTHENTIC_DATA,
  RECURSION_DESIRED,
  type Answer as PacketAnswer,
  type RecordType as PacketType,
} from 'dns-packet';
import { exchange, type DnsAnswer, type DnsServer } from './exchange.ts';
import { noSuchName } from './no-such-name.ts';
import {
  LookupFailedError,
  type Answer,
  type RecordType,
  type RecordTypes,
  type Resolver,
} from './resolver.ts';

export interface ValidatingResolverOptions {
  /**
   * Resolvers that validate DNSSEC, in the order in which they are asked. What they say is believed, so each must be on
   * this machine or be reached over TLS.
   */
  servers: readonly DnsServer[];
  /** Milliseconds for each server. @default 5000 */
  timeoutMs?: number;
}

/** RFC 9715: what goes over every path without fragments. */
const UDP_PAYLOAD = 1_232;

/**
 * Asks a resolver that validates, and takes its word for what is secure: the AD bit (RFC 6840 §5.8), as RFC 7672 §2.1
 * has it. Written by hand over `dns-packet`, as neither node:dns nor a kept library tells that bit.
 */
export function validatingResolver({ servers, timeoutMs = 5_000 }: ValidatingResolverOptions): Resolver {
  const answerTo = async (name: string, type: RecordType): Promise<DnsAnswer> => {
    let why: unknown = new Error('no server is set');
    for (const server of servers) {
      try {
        const answer = await exchange(server, questionOf(name, type), timeoutMs);
        if (answer.rcode === 'NOERROR' || answer.rcode === 'NXDOMAIN') return answer;
        why = new Error(`the answer is ${answer.rcode}`);
      } catch (error) {
        why = error;
      }
    }
    throw new LookupFailedError('DNS did not answer, or not with what it could prove', { cause: why });
  };
  return {
    validating: true,
    async query<Type extends RecordType>(name: string, type: Type): Promise<Answer<Type>> {
      const none = noSuchName<Type>(name);
      if (none !== null) return none;
      const answer = await answerTo(name, type);
      const { answers = [], flag_ad: secure, rcode } = answer;
      const canonicalName = followed(name, answers);
      const records = answers
        .filter((each) => each.type === packetTypeOf(type) && sameName(each.name, canonicalName))
        .map((each) => READ[type](each as never))
        .filter((record) => record !== null);
      return { records, secure, exists: rcode === 'NOERROR', canonicalName, ttlSeconds: lifeOf(answer) };
    },
  };
}

/** `dns-packet` does not know SMIMEA (RFC 8162 §8), and calls such a type by its number. */
const packetTypeOf = (type: RecordType) => (type === 'SMIMEA' ? 'UNKNOWN_53' : type) as PacketType;

function lifeOf({ answers = [], authorities = [] }: DnsAnswer): number | null {
  const lives = answers.flatMap((answer) => ('ttl' in answer ? (answer.ttl ?? []) : []));
  if (lives.length > 0) return Math.min(...lives);
  const soa = authorities.find((record) => record.type === 'SOA');
  return soa?.type === 'SOA' ? Math.min(soa.ttl ?? 0, soa.data.minimum ?? 0) : null;
}

const questionOf = (name: string, type: RecordType) => ({
  type: 'query' as const,
  id: randomInt(65_536),
  // A resolver that knows the AD bit says it to who sets it, too.
  flags: RECURSION_DESIRED | AUTHENTIC_DATA,
  questions: [{ type: packetTypeOf(type), name }],
  additionals: [
    {
      type: 'OPT' as const,
      name: '.' as const,
      udpPayloadSize: UDP_PAYLOAD,
      extendedRcode: 0,
      ednsVersion: 0,
      flags: 0,
      flag_do: false,
      options: [],
    },
  ],
});

const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** An alias leads on as long as the answer holds the next one. */
function followed(name: string, answers: readonly PacketAnswer[]): string {
  let current = name;
  for (let steps = 0; steps < answers.length; steps += 1) {
    const alias = answers.find((answer) => answer.type === 'CNAME' && sameName(answer.name, current));
    if (alias?.type !== 'CNAME') break;
    current = alias.data;
  }
  return current;
}

type Read<Type extends RecordType> = (
  answer: Type extends 'SMIMEA' ? { data: Buffer } : Extract<PacketAnswer, { type: Type }>,
) => RecordTypes[Type] | null;

const READ: { [Type in RecordType]: Read<Type> } = {
  A: ({ data }) => data,
  AAAA: ({ data }) => data,
  MX: ({ data: { exchange: host, preference = 0 } }) => ({ exchange: host, preference }),
  TXT: ({ data }) => Buffer.concat([data].flat().map((part) => Buffer.from(part))).toString(),
  TLSA: ({ data: { usage, selector, matchingType, certificate } }) => ({
    usage,
    selector,
    matchingType,
    data: Buffer.from(certificate),
  }),
  SMIMEA({ data }) {
    const [usage, selector, matchingType] = data;
    if (usage === undefined || selector === undefined || matchingType === undefined) return null;
    return { usage, selector, matchingType, data: data.subarray(3) };
  },
};
