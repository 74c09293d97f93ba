// SPDX-License-Identifier: Apache-2.0
import { foldedAddress, type Address } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import { ATTRIBUTE, count, countFromZero, METRIC, type Logger } from '@securemail/telemetry';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Tenant } from '../settings/tenant.ts';
import { callAhead, type CallAhead, type Heard, type ServerTakes } from './call-ahead.ts';
import { answerIn, type MailboxAnswer } from './mailbox-answer.ts';
import type { MailboxDirectory } from './mailbox-lists.ts';
import { listedRouteOf, ownRouteOf, ownServersOf, type MailboxLists } from './own-route.ts';

export interface OwnMailboxes {
  /** Whether there is such a mailbox, by a list or by its own server; `no-answer` where nobody can tell now. */
  ask(address: Address, tenant: Tenant): Promise<MailboxAnswer>;
  /** What its own server takes; null where that is not known now. */
  takes(address: Address, tenant: Tenant): Promise<ServerTakes | null>;
}

/** Addresses that are remembered, of all tenants; in memory alone. */
const MOST_ANSWERS = 50_000;
const KNOWN_MS = 60 * 60_000;
/** A new colleague is not refused for longer. */
const UNKNOWN_MS = 5 * 60_000;
/** A server that could not be asked, or did not say, keeps nobody waiting again meanwhile. */
const NOT_ASKED_MS = 30_000;

export interface Asking extends CallAhead {
  /** Questions a second that the servers of one organisation are asked; the others have no answer. @default any number */
  mostASecond?: number;
}

interface Question {
  address: Address;
  tenant: Tenant;
}

/** Asks each question once, however many ask it at a time, and remembers the answer for a while. */
export function ownMailboxes(
  directory: MailboxDirectory,
  settings: Asking,
  logger: Logger,
  lifetimes = { knownMs: KNOWN_MS, unknownMs: UNKNOWN_MS, notAskedMs: NOT_ASKED_MS },
): OwnMailboxes {
  const away = new LRUCache<string, true>({ max: 1_000, ttl: lifetimes.notAskedMs });
  const taken = new LRUCache<string, ServerTakes>({ max: 1_000, ttl: lifetimes.knownMs });
  const asking = new Map<string, Promise<Heard | null>>();
  const answers = new LRUCache<string, MailboxAnswer, Question>({
    max: MOST_ANSWERS,
    ttl: lifetimes.knownMs,
    async fetchMethod(_key, _stale, { options, context }) {
      const answer = await find(context);
      if (answer === 'unknown') options.ttl = lifetimes.unknownMs;
      if (answer === 'no-answer') options.ttl = lifetimes.notAskedMs;
      return answer ?? undefined;
    },
  });

  const limiter =
    settings.mostASecond === undefined
      ? null
      : new RateLimiterMemory({ points: settings.mostASecond, duration: 1 });

  /** Null: it could not be asked. @throws TooManyQuestionsError */
  async function find({ address, tenant }: Question): Promise<MailboxAnswer | null> {
    const lists = await directory.of(tenant);
    if (listedRouteOf(address, tenant, lists) !== null) return 'known';
    const heard = await hear(address, address, tenant, lists);
    return heard === null ? null : answerIn(heard.reply);
  }

  /** Asks the server of a mailbox, about that or about nobody, and keeps what it takes; null: it could not be asked. @throws TooManyQuestionsError */
  async function hear(
    about: Address | null,
    address: Address,
    tenant: Tenant,
    lists: MailboxLists,
  ): Promise<Heard | null> {
    const route = ownRouteOf(address, tenant, lists);
    const server = serverOf(tenant, route);
    const own = ownServersOf(tenant, route);
    if (own === null || away.has(server)) return null;
    const mayAsk = (await limiter?.consume(tenant.id).catch(() => false)) ?? true;
    if (mayAsk === false) throw new TooManyQuestionsError();
    try {
      const heard = await callAhead(about, own, settings);
      taken.set(server, heard.takes);
      return heard;
    } catch (error) {
      away.set(server, true);
      logger.warn({ tenantId: tenant.id, route, reason: reasonOf(error) }, 'no own mail server can be asked');
      return null;
    }
  }

  countFromZero(METRIC.mailboxesAsked, { [ATTRIBUTE.outcome]: 'no-answer' });
  return {
    async ask(address, tenant) {
      const key = `${tenant.id} ${foldedAddress(address)}`;
      const answer = await answers
        .fetch(key, { context: { address, tenant } })
        .then((given): MailboxAnswer => given ?? 'no-answer')
        .catch(whereNotAsked('not-asked'));
      count(METRIC.mailboxesAsked, { [ATTRIBUTE.outcome]: answer });
      // Nobody can tell now, whoever it is up to.
      return answer === 'not-asked' ? 'no-answer' : answer;
    },
    async takes(address, tenant) {
      const lists = await directory.of(tenant);
      const server = serverOf(tenant, ownRouteOf(address, tenant, lists));
      const known = taken.get(server);
      if (known !== undefined) return known;
      const asked = asking.get(server) ?? hear(null, address, tenant, lists);
      asking.set(server, asked);
      const heard = await asked.catch(whereNotAsked(null)).finally(() => asking.delete(server));
      return heard?.takes ?? null;
    },
  };
}

/** More than may be asked for a moment: it says nothing of the server. */
class TooManyQuestionsError extends Error {
  override name = 'TooManyQuestionsError';
}

const whereNotAsked =
  <const Answer>(answer: Answer) =>
  (error: unknown): Answer => {
    if (error instanceof TooManyQuestionsError) return answer;
    throw error;
  };

const serverOf = (tenant: Tenant, route: string | null) => `${tenant.id}/${route ?? ''}`;
