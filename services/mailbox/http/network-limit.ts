// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import { clientNetwork, Problem } from '@securemail/service';
import type { Request } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Reader } from '../adapters/messages.ts';

/** Seconds. */
export const TEN_MINUTES = 600;

/** Who asks, as limits count: an IPv4 address, a /64 of IPv6. */
export const networkOf = ({ ip }: Request): string => clientNetwork(ip ?? '', 32);

/** The same, as reserves count: of who has many networks, they are one. */
export const widerNetworkOf = ({ ip }: Request): string => clientNetwork(ip ?? '', 24, 48);

/** How much one network may ask for in ten minutes, counted by this process. */
export class NetworkLimit {
  readonly #limiter: RateLimiterMemory;
  constructor(points: number) {
    this.#limiter = new RateLimiterMemory({ points, duration: TEN_MINUTES });
  }

  /** @throws Problem `too-many-codes` */
  async take(request: Request): Promise<void> {
    await this.#limiter.consume(networkOf(request)).catch(() => {
      throw tooMuchOfNetwork();
    });
  }
}

/** Of one network, for one person, in ten minutes: so often nobody begins to sign in. */
const BEGUN_BY_ONE = 30;

/**
 * How often a sign-in may be begun in ten minutes, which leaves a row here, and is answered once: so answers are not counted.
 * Who is known by a link, or is signed in, is counted by himself, and whatever his neighbours do; others by their network.
 */
export class BeginLimit {
  readonly #ofNetwork: NetworkLimit;
  readonly #ofOne = new RateLimiterMemory({ points: BEGUN_BY_ONE, duration: TEN_MINUTES });
  constructor(points: number) {
    this.#ofNetwork = new NetworkLimit(points);
  }

  /** @throws Problem `too-many-codes` */
  async take(request: Request, tenantId: TenantId, person: Buffer | null): Promise<void> {
    if (person === null) await this.#ofNetwork.take(request);
    else
      await this.#ofOne.consume(`${networkOf(request)} ${personIn({ tenantId, person })}`).catch(() => {
        throw tooMuchOfNetwork();
      });
  }
}

/** One whose limit is his own. */
export const personIn = ({ tenantId, person }: Reader): string => `${tenantId} ${person.toString('hex')}`;

/** What is left for each person where others of his network have used up what it may ask for, or try. */
export const OF_PERSON = 2;
/** So often more codes and passwords are tried of one network then: each of them may be the right one. */
export const TRIES_UP_TO = 2;

export const tooMuchOfNetwork = () =>
  new Problem('too-many-codes', 'Too much was asked from your network. Wait some minutes.');

/** How often more than `most` may be asked for, as long as that comes from ever others. */
const UP_TO = 5;

/**
 * How much may be asked for in ten minutes of one by all together, counted by this process: of an organisation by networks,
 * of a network by people. What a few have used up is not used up for others: each has a little of its own left, as long as
 * all of them do not ask for many times as much.
 */
export class SharedLimit {
  readonly #all: RateLimiterMemory;
  readonly #own: RateLimiterMemory;
  constructor(
    private readonly most: number,
    private readonly reserve: number,
    private readonly upTo = UP_TO,
  ) {
    this.#all = new RateLimiterMemory({ points: most * upTo, duration: TEN_MINUTES });
    this.#own = new RateLimiterMemory({ points: reserve, duration: TEN_MINUTES });
  }

  /** Takes first and gives back then, so that of many at once each counts those before. @returns whether there was any. */
  async take(of: string, by: string): Promise<boolean> {
    const [all, own] = await Promise.all([this.#all.penalty(of), this.#own.penalty(`${of} ${by}`)]);
    const isLeft = own.consumedPoints <= this.reserve && all.consumedPoints <= this.most * this.upTo;
    if (all.consumedPoints <= this.most || isLeft) return true;
    await this.giveBack(of, by);
    return false;
  }

  async giveBack(of: string, by: string): Promise<void> {
    await Promise.all([this.#all.reward(of), this.#own.reward(`${of} ${by}`)]);
  }
}

/** How often one person may change how he signs in, in an hour, counted by whoever holds it: each time costs work, and a mail. */
export class ChangeLimit {
  readonly #limiter = new RateLimiterMemory({ points: 100, duration: 3_600 });

  /** @throws Problem `too-many-codes` */
  async take({ tenantId, person }: Reader): Promise<void> {
    await this.#limiter.consume(personIn({ tenantId, person })).catch(() => {
      throw new Problem('too-many-codes', 'How you sign in was changed too often. Wait an hour.');
    });
  }
}
