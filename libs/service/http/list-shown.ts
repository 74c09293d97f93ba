// SPDX-License-Identifier: Apache-2.0
import type { DataOf, NewEvent } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { whoeverElseAppends } from '@securemail/event-store';
import { currentTraceparent } from '@securemail/telemetry';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../api-keys.ts';
import type { Platform } from '../platform.ts';
import { sessionIn } from './person-tokens.ts';

/** Milliseconds. A page that is open asks again sooner than that: it is one look for as long as it does. */
const ONE_LOOK_MS = 60_000;
/** What does not fit is written down once more, never once less. */
const MOST_LOOKS = 10_000;

type Written = Pick<Platform, 'service' | 'pool' | 'store'>;
const looks = new WeakMap<Written, LRUCache<string, Promise<void>>>();

/**
 * Writes down that a person is shown a list, before that is so: once for each look, however often its page asks again.
 * Who asks with an API key is a program, and is not.
 *
 * @param narrowed to what, by the names of the parameters.
 */
export async function noteListShown(
  platform: Written,
  { person, keyId, tenantId }: Principal,
  list: DataOf<'ConsoleListShown'>['list'],
  narrowed: Readonly<Record<string, string | null | undefined>> = {},
): Promise<void> {
  const sessionId = sessionIn(keyId);
  if (person === undefined || sessionId === null) return;
  const narrowedTo = Object.entries(narrowed)
    .flatMap(([name, value]) => (value == null ? [] : [`${name}=${value}`]))
    .join(' ');
  const event: NewEvent = {
    name: 'ConsoleListShown',
    data: { list, keyId },
    personal: { by: person, narrowedTo },
  };
  const known = looksOf(platform);
  const look = `${sessionId} ${list} ${narrowedTo}`;
  const noted = known.get(look) ?? append(platform, { emailId: sessionId, tenantId }, event);
  // Set anew, it lasts a while longer.
  known.set(look, noted);
  try {
    await noted;
  } catch (error) {
    known.delete(look);
    throw error;
  }
}

async function append(
  { service, pool, store }: Written,
  stream: Parameters<Platform['store']['append']>[1],
  event: NewEvent,
): Promise<void> {
  const traceparent = currentTraceparent();
  // A page shows several lists at once.
  await whoeverElseAppends(() => store.append(pool, stream, 'any', [event], { traceparent }));
  signalAppended(service);
}

function looksOf(platform: Written): LRUCache<string, Promise<void>> {
  const known = looks.get(platform) ?? new LRUCache({ max: MOST_LOOKS, ttl: ONE_LOOK_MS });
  looks.set(platform, known);
  return known;
}
