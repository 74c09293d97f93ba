// SPDX-License-Identifier: Apache-2.0
import { clientNetwork, Problem } from '@securemail/service';
import type { Request } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Reader } from '../adapters/messages.ts';

/** Seconds. */
export const TEN_MINUTES = 600;

/** Who asks, as limits count: an IPv4 address, a /64 of IPv6. */
export const networkOf = ({ ip }: Request): string => clientNetwork(ip ?? '', 32);

/** How much one network may ask for in ten minutes, counted by this process. */
export class NetworkLimit {
  readonly #limiter: RateLimiterMemory;
  constructor(points: number) {
    this.#limiter = new RateLimiterMemory({ points, duration: TEN_MINUTES });
  }

  /** @throws Problem `too-many-codes` */
  async take(request: Request): Promise<void> {
    await this.#limiter.consume(networkOf(request)).catch(() => {
      throw new Problem('too-many-codes', 'Too much was asked from your network. Wait some minutes.');
    });
  }
}

/** How often one person may change how he signs in, in an hour, counted by whoever holds it: each time costs work, and a mail. */
export class ChangeLimit {
  readonly #limiter = new RateLimiterMemory({ points: 100, duration: 3_600 });

  /** @throws Problem `too-many-codes` */
  async take({ tenantId, person }: Reader): Promise<void> {
    await this.#limiter.consume(`${tenantId} ${person.toString('hex')}`).catch(() => {
      throw new Problem('too-many-codes', 'How you sign in was changed too often. Wait an hour.');
    });
  }
}
