// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Change } from '../change.ts';
import { evolve, NOTHING_SET, type State } from '../state.ts';
import { changesSince } from './changes.ts';

export interface Following {
  /** As it was when it was last looked. */
  stateOf: (tenantId: TenantId) => State;
  /** Looks now. @throws where the database does not answer */
  refresh: () => Promise<void>;
  close: () => Promise<void>;
}

export interface FollowOptions {
  pool: Pool;
  tenants: readonly TenantId[];
  /** How often is looked for changes, milliseconds. */
  pollMs: number;
  /** Told of each organisation whose settings changed; also of the first look, where there is anything. */
  changed: (tenantId: TenantId, state: State, changes: readonly Change[]) => void;
  /** Told once that the database is away, and once that it is back. */
  away: (error: unknown) => void;
  back: () => void;
}

/**
 * Keeps up with what administrators set. While the database is away the last that was known stays.
 *
 * @throws where the first look fails: nobody knows then what was set.
 */
export async function followChanges(options: FollowOptions): Promise<Following> {
  const { pool, tenants, pollMs, changed, away, back } = options;
  const states = new Map<TenantId, State>(tenants.map((tenantId) => [tenantId, NOTHING_SET]));
  const look = async () => {
    const known = new Map([...states].map(([tenantId, { version }]) => [tenantId, version]));
    for (const [tenantId, changes] of await changesSince(pool, known)) {
      const state = evolve(states.get(tenantId) ?? NOTHING_SET, changes);
      states.set(tenantId, state);
      changed(tenantId, state, changes);
    }
  };
  // One look at a time: two of them would apply the same changes twice.
  let looking: Promise<void> = Promise.resolve();
  const refresh = () => {
    const next = looking.then(look, look);
    looking = next.catch(() => undefined);
    return next;
  };
  await refresh();

  let isAway = false;
  let inTime = false;
  const timer = setInterval(() => {
    if (inTime) return;
    inTime = true;
    refresh()
      .then(
        () => {
          if (isAway) back();
          isAway = false;
        },
        (error: unknown) => {
          if (!isAway) away(error);
          isAway = true;
        },
      )
      .finally(() => {
        inTime = false;
      });
  }, pollMs);
  timer.unref();
  return {
    stateOf: (tenantId) => states.get(tenantId) ?? NOTHING_SET,
    refresh,
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
