// SPDX-License-Identifier: Apache-2.0
import { Problem, type ProblemSlug } from '@securemail/service';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { InboundLimits } from '../settings.ts';
import { clientNetwork, inNetworks } from './networks.ts';

/** What mail servers of others may ask of us, counted for the network that a client is in, in this process. */
export interface ClientLimits {
  /** A connection was opened; `leave` is called when it is closed, whatever was thrown. @throws Problem */
  enter(address: string): Promise<void>;
  leave(address: string): void;
  /** A mail is begun. @throws Problem */
  mail(address: string): Promise<void>;
  /** Whether a recipient may be asked for: not after too many whom nobody has. @throws Problem */
  recipient(address: string): Promise<void>;
  unknownRecipient(address: string): Promise<void>;
}

const A_MINUTE = 60;
const AN_HOUR = 60 * A_MINUTE;

/** @param trustedNetworks those who are not counted: filters in front, by which everybody's mail comes. */
export function clientLimits(limits: InboundLimits, trustedNetworks: readonly string[]): ClientLimits {
  const isTrusted = inNetworks(trustedNetworks);
  const connections = new Map<string, number>();
  const mails = new RateLimiterMemory({ points: limits.mailsPerMinute, duration: A_MINUTE });
  const unknown = new RateLimiterMemory({ points: limits.unknownRecipientsPerHour, duration: AN_HOUR });

  return {
    enter(address) {
      const network = clientNetwork(address);
      const open = (connections.get(network) ?? 0) + 1;
      connections.set(network, open);
      return open > limits.connections && !isTrusted(address)
        ? Promise.reject(exceeded('too-many-connections'))
        : Promise.resolve();
    },
    leave(address) {
      const network = clientNetwork(address);
      const open = (connections.get(network) ?? 0) - 1;
      if (open > 0) connections.set(network, open);
      else connections.delete(network);
    },
    async mail(address) {
      if (isTrusted(address)) return;
      await mails.consume(clientNetwork(address)).catch(() => {
        throw exceeded('too-many-mails');
      });
    },
    async recipient(address) {
      const spent = isTrusted(address) ? null : await unknown.get(clientNetwork(address));
      if ((spent?.consumedPoints ?? 0) >= limits.unknownRecipientsPerHour)
        throw exceeded('too-many-unknown-recipients');
    },
    async unknownRecipient(address) {
      if (!isTrusted(address)) await unknown.penalty(clientNetwork(address));
    },
  };
}

const exceeded = (slug: ProblemSlug) =>
  new Problem(slug, 'The network that you connect from has reached a limit.');
