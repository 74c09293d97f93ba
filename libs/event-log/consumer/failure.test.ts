// SPDX-License-Identifier: Apache-2.0
import { createPool } from '@securemail/event-store';
import { createDatabase } from '@securemail/testing';
import { reasonOf } from './failure.ts';

it.each([
  ['timeout exceeded when trying to connect', 'NoConnectionInTimeError'],
  ['Query read timeout', 'QueryTimeoutError'],
  ['Connection terminated unexpectedly', 'ConnectionLostError'],
  ['no mailbox anna@demo.example', 'Error'],
])('of a mere Error with the words "%s" it is said: %s', (message, reason) => {
  expect(reasonOf(new Error(message))).toBe(reason);
});

it('of what the database refuses its class and code are said', async () => {
  const pool = createPool({ url: await createDatabase(), schema: 'public' });
  try {
    const refused: unknown = await pool.query('select 1 / 0').catch((error: unknown) => error);
    expect(reasonOf(refused)).toBe('error 22012');
  } finally {
    await pool.end();
  }
});
