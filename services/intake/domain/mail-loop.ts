// SPDX-License-Identifier: Apache-2.0
import type { Channel } from '@securemail/contracts';
import type { Header } from '@securemail/mime';

/** RFC 5321 §6.3: a threshold that no honest way reaches, "normally at least 100". */
const MAX_HOPS = 100;

/**
 * Whether a mail goes in a circle: it has passed more servers than any way has, or it was ours already and an own mail
 * server brings it back. What a person hands in may carry an old `X-SecureMail-Id`, which is only dropped.
 */
export function goesInCircles(header: Header, channel: Channel): boolean {
  const named = (name: string) => header.fields.filter((field) => field.name.toLowerCase() === name);
  return named('received').length > MAX_HOPS || (channel === 'relay' && named('x-securemail-id').length > 0);
}
