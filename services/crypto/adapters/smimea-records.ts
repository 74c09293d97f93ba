// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address } from '@securemail/contracts';
import { LookupFailedError, type Answer, type Resolver } from '@securemail/tls-policy';
import { LRUCache } from 'lru-cache';
import { associationsIn, NO_ASSOCIATIONS, type Associations } from '../domain/smimea.ts';
import { fewAtATime } from '../few-at-a-time.ts';
import type { SmimeaSettings } from '../settings.ts';
import { smimeaNameOf } from './smimea-name.ts';

/** What DNSSEC proves of an address; or nobody knows, as DNS failed. */
export interface SmimeaAnswer extends Associations {
  failed: boolean;
}

export interface SmimeaRecords {
  /** @param bounds without it, it takes as long as it takes. */
  lookUp(addresses: readonly Address[], bounds?: Bounds): Promise<ReadonlyMap<Address, SmimeaAnswer>>;
}

/** For who asks about many. */
export interface Bounds {
  /** Epoch in ms: from then on nobody else is asked about, and counts as failed. */
  until: number;
  /** Called after each: many slow ones are not a standstill. */
  progressed: () => void;
}

/** Addresses whose answer is remembered; each certificate takes about 10 KB. */
const REMEMBERED = 2_000;
/** Addresses of one email that are asked about side by side. */
const AT_ONCE = 16;
/** So long it is remembered that DNS failed, ms: shorter than any retry that somebody waits for. */
const FAILED_FOR_MS = 15_000;
/** Servers that were silent for so long, ms, about so many mailboxes of a domain, and answered about none, are not asked about others of it. */
const SILENT_MS = 1_000;
const SILENT_ABOUT = 4;
/** The longest name of DNS without its last dot (RFC 1035 §3.1). */
const LONGEST_NAME = 253;

const UNBOUNDED: Bounds = { until: Infinity, progressed: () => undefined };
const NOTHING: SmimeaAnswer = { ...NO_ASSOCIATIONS, failed: false };
export const FAILED: SmimeaAnswer = { ...NO_ASSOCIATIONS, failed: true };

/**
 * Asks DNS for what domains say of the certificates of their mailboxes (SMIMEA, RFC 8162); null where nothing would be
 * proven, or the settings say no. An answer is remembered as long as its records live, within the limits that are set.
 */
export function smimeaRecords(
  resolver: Resolver,
  { use, cacheSeconds, notFoundSeconds }: SmimeaSettings,
): SmimeaRecords | null {
  if (!use || !resolver.validating) return null;
  const known = new LRUCache<Address, SmimeaAnswer>({ max: REMEMBERED });
  const mxOf = askedOnce((domain: string) => resolver.query(domain, 'MX'));

  const silences = new LRUCache<string, number>({ max: REMEMBERED, ttl: FAILED_FOR_MS });

  const find = askedOnce(async (address: Address): Promise<SmimeaAnswer> => {
    const domain = domainOf(address);
    const begun = Date.now();
    const { answer, ttlSeconds } = await ask(address, resolver, mxOf);
    if (!answer.failed) silences.delete(domain);
    else if (Date.now() - begun >= SILENT_MS) silences.set(domain, (silences.get(domain) ?? 0) + 1);
    const longest = answer.records.length > 0 ? cacheSeconds : notFoundSeconds;
    const ttl = answer.failed ? FAILED_FOR_MS : Math.min(ttlSeconds ?? longest, longest) * 1_000;
    if (ttl > 0) known.set(address, answer, { ttl });
    return answer;
  });
  const isSilent = (address: Address) => (silences.get(domainOf(address)) ?? 0) >= SILENT_ABOUT;
  return {
    lookUp: async (addresses, { until, progressed } = UNBOUNDED) => {
      const answers = await fewAtATime(AT_ONCE, addresses, async (address) => {
        const remembered = known.get(address);
        if (remembered !== undefined) return [address, remembered] as const;
        if (isSilent(address) || Date.now() >= until) return [address, FAILED] as const;
        const answer = await find(address);
        progressed();
        return [address, answer] as const;
      });
      return new Map(answers);
    },
  };
}

/** Who asks while the same is being asked gets the same answer: many mails go to one domain. */
function askedOnce<Question, T>(ask: (question: Question) => Promise<T>): (question: Question) => Promise<T> {
  const asking = new Map<Question, Promise<T>>();
  return (question) => {
    const begun = asking.get(question);
    if (begun !== undefined) return begun;
    const found = ask(question).finally(() => asking.delete(question));
    asking.set(question, found);
    return found;
  };
}

interface Found {
  answer: SmimeaAnswer;
  ttlSeconds: number | null;
}

/**
 * A zone that is not signed has no records that count, and asking for them fails at some servers, which know the type as
 * little as that of TLSA (RFC 7672 §2.2.2): so it is found out first whether the domain is signed.
 */
async function ask(
  address: Address,
  resolver: Resolver,
  mxOf: (domain: string) => Promise<Answer<'MX'>>,
): Promise<Found> {
  const name = smimeaNameOf(address);
  if (name.length > LONGEST_NAME) return { answer: NOTHING, ttlSeconds: null };
  try {
    const domain = await mxOf(domainOf(address));
    if (!domain.secure || !domain.exists) return { answer: NOTHING, ttlSeconds: domain.ttlSeconds };
    const { records, secure, ttlSeconds } = await resolver.query(name, 'SMIMEA');
    return { answer: secure ? { ...associationsIn(records), failed: false } : NOTHING, ttlSeconds };
  } catch (error) {
    if (error instanceof LookupFailedError) return { answer: FAILED, ttlSeconds: null };
    throw error;
  }
}
