// SPDX-License-Identifier: Apache-2.0
import { clientNetwork, Problem, type ProblemSlug } from '@securemail/service';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { InboundLimits } from '../settings.ts';
import { inNetworks } from './networks.ts';

/** What mail servers of others may ask of us, counted for the network that a client is in, in this process. */
export interface ClientLimits {
  /** A connection was opened, which counts until it leaves, whatever was thrown. @throws Problem */
  enter(connection: Connection): Promise<void>;
  /** One that never entered may leave, too, and has no address then. */
  leave(connection: Pick<Connection, 'id'>): void;
  /** A mail is begun. @throws Problem */
  mail(address: string): Promise<void>;
  /** Whether a recipient may be asked for: not after too many whom nobody has. @throws Problem */
  recipient(address: string): Promise<void>;
  unknownRecipient(address: string): Promise<void>;
}

interface Connection {
  id: string;
  remoteAddress: string;
}

const A_MINUTE = 60;
const AN_HOUR = 60 * A_MINUTE;

/** What one customer of a provider has at least. */
const networkOf = (address: string) => clientNetwork(address, 24);

/** @param trustedNetworks those who are not counted: filters in front, by which everybody's mail comes. */
export function clientLimits(limits: InboundLimits, trustedNetworks: readonly string[]): ClientLimits {
  const isTrusted = inNetworks(trustedNetworks);
  /** By its id, the network of each connection that is open. */
  const inside = new Map<string, string>();
  const mails = new RateLimiterMemory({ points: limits.mailsPerMinute, duration: A_MINUTE });
  const unknown = new RateLimiterMemory({ points: limits.unknownRecipientsPerHour, duration: AN_HOUR });

  return {
    enter({ id, remoteAddress }) {
      const network = networkOf(remoteAddress);
      inside.set(id, network);
      const open = [...inside.values()].filter((each) => each === network).length;
      return open > limits.connections && !isTrusted(remoteAddress)
        ? Promise.reject(exceeded('too-many-connections'))
        : Promise.resolve();
    },
    leave({ id }) {
      inside.delete(id);
    },
    async mail(address) {
      if (isTrusted(address)) return;
      await mails.consume(networkOf(address)).catch(() => {
        throw exceeded('too-many-mails');
      });
    },
    async recipient(address) {
      const spent = isTrusted(address) ? null : await unknown.get(networkOf(address));
      if ((spent?.consumedPoints ?? 0) >= limits.unknownRecipientsPerHour)
        throw exceeded('too-many-unknown-recipients');
    },
    async unknownRecipient(address) {
      if (!isTrusted(address)) await unknown.penalty(networkOf(address));
    },
  };
}

const exceeded = (slug: ProblemSlug) =>
  new Problem(slug, 'The network that you connect from has reached a limit.');
