// SPDX-License-Identifier: Apache-2.0
import type { Channel } from '@securemail/contracts';
import type { Header } from '@securemail/mime';
import { isAutoForwarded } from './guards/auto-forwarded.ts';

/** RFC 5321 §6.3: a threshold that no honest way reaches, "normally at least 100". */
const MAX_HOPS = 100;

/** Of mail that leaves, goes through a forwarder or a list outside, and comes in again. */
const MOST_RETURNS = 4;

/** Whether a `Received` field is of this gateway, see `withTraceFields`: another organisation has one of the same make. */
const isOurs = (received: string, hostname: string): boolean =>
  received.toLowerCase().includes(`by ${hostname.toLowerCase()} (secure@mail) with`);

/**
 * Whether a mail goes in a circle: it has passed more servers than any way has, or it was ours already and an own mail
 * server brings it back. Once, a mailbox's rule may do so: guards decide about that. What a person hands in may carry an
 * old `X-SecureMail-Id`, which is only dropped.
 *
 * @param hostname as this gateway calls itself.
 */
export function goesInCircles(
  header: Header,
  { channel, hostname }: { channel: Channel; hostname: string },
): boolean {
  const received = header.getAll('Received');
  if (received.length > MAX_HOPS) return true;
  const returns = received.filter((field) => isOurs(field, hostname)).length;
  // Mail of ours that comes back from outside may be a copy of a mailing list, and what is signed in for may be sent on by
  // hand; it carries our line each time it comes.
  if (channel !== 'relay') return returns > MOST_RETURNS;
  if (header.get('X-SecureMail-Id') === undefined) return false;
  return !isAutoForwarded(header) || returns > 1;
}
