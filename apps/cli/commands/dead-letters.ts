// SPDX-License-Identifier: Apache-2.0
import { SERVICES, type ServiceName } from '@securemail/contracts';
import { createPool, type Pool } from '@securemail/event-store';
import { findDeadLetter, listDeadLetters, replayDeadLetters, type DeadLetter } from '@securemail/event-log';

export interface Where {
  databaseUrl: string;
  /** Null: every service. */
  service: ServiceName | null;
  json: boolean;
}

type Print = (text: string) => void;

/** `securemail dead-letters list`: a line each, oldest first; a page at a time. */
export async function list(where: Where, page: { limit: number; all: boolean }, print: Print): Promise<void> {
  const found = await eachService(where, async (pool, service) => {
    const letters = await listDeadLetters(pool, {
      limit: page.limit,
      ...(page.all ? {} : { status: 'parked' as const }),
    });
    return letters.map((letter) => ({ service, ...letter }));
  });
  const letters = found.flat();
  if (where.json) {
    print(`${JSON.stringify(letters.map(({ arrival: _, ...letter }) => letter))}\n`);
    return;
  }
  if (letters.length === 0) print('No dead letters.\n');
  for (const letter of letters) print(`${lineFor(letter.service, letter)}\n`);
}

/** `securemail dead-letters show <service> <number>`: everything about one; personal parts stay encrypted. */
export async function show(
  where: Where & { service: ServiceName },
  arrived: number,
  print: Print,
): Promise<boolean> {
  const [letter] = await eachService(where, (pool) => findDeadLetter(pool, arrived));
  if (letter === null || letter === undefined) {
    print(`${where.service} has no dead letter ${arrived}.\n`);
    return false;
  }
  print(`${JSON.stringify(letter, null, where.json ? 0 : 2)}\n`);
  return true;
}

/** `securemail dead-letters replay`: hands parked letters back to the running service, and says how many. */
export async function replay(
  where: Where,
  which: { arrived: number } | { all: true },
  print: Print,
): Promise<number> {
  const counts = await eachService(where, (pool) => replayDeadLetters(pool, which));
  const count = counts.reduce((sum, each) => sum + each, 0);
  print(
    where.json
      ? `${JSON.stringify({ replayed: count })}\n`
      : count === 0
        ? 'Nothing is parked there.\n'
        : `${count} dead letter(s) handed back; the running service takes them up.\n`,
  );
  return count;
}

async function eachService<T>(
  { databaseUrl, service }: Where,
  work: (pool: Pool, service: ServiceName) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (const schema of service === null ? SERVICES : [service]) {
    const pool = createPool({ url: databaseUrl, schema, max: 1 });
    try {
      results.push(await work(pool, schema));
    } finally {
      await pool.end();
    }
  }
  return results;
}

const lineFor = (
  service: ServiceName,
  { arrived, status, eventName, emailId, attempts, reason, lastFailedAt }: DeadLetter,
) =>
  [
    service,
    arrived,
    status,
    eventName ?? 'unreadable',
    emailId ?? '-',
    `${attempts} tries`,
    lastFailedAt.toISOString(),
    reason,
  ].join('  ');
