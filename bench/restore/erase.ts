// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '@securemail/event-store';
import type { MeasuredGateway } from '../gateway-process.ts';

/** Milliseconds. */
export interface EraseTimes {
  erasing: number;
  /** The peer: as many rows deleted, each in a transaction of its own. */
  deleting: number;
}

/** Erases every email over the API, and after each deletes a row of a table that has nothing else to do. */
export async function eraseAll(
  gateway: MeasuredGateway,
  pool: Pool,
): Promise<EraseTimes & { emails: number }> {
  const { rows } = await pool.query<{ emailId: string }>(
    `select distinct email_id as "emailId" from intake.events where name = 'EmailAccepted'`,
  );
  await pool.query(
    `create table public.bench_rows as select distinct email_id, repeat('x', 1000) as content from intake.events;
     alter table public.bench_rows add primary key (email_id)`,
  );
  const took = { erasing: 0, deleting: 0 };
  for (const [index, { emailId }] of rows.entries()) {
    took.erasing += await eraseOne(gateway, emailId);
    const began = performance.now();
    await pool.query('delete from public.bench_rows where email_id = $1', [emailId]);
    took.deleting += performance.now() - began;
    process.stderr.write(`\r${index + 1} of ${rows.length} are erased`);
  }
  process.stderr.write('\n');
  await pool.query('drop table public.bench_rows');
  return { ...took, emails: rows.length };
}

/** @returns milliseconds of the request that erased it; it is refused until the sender was told. */
async function eraseOne({ url, apiKey }: MeasuredGateway, emailId: string): Promise<number> {
  for (;;) {
    const began = performance.now();
    const response = await fetch(`${url}/v1/erasures`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ emailId, by: 'the bench', reason: 'to be measured' }),
    });
    const text = await response.text();
    if (response.status === 200) return performance.now() - began;
    if (response.status !== 409) throw new Error(`not erased: ${response.status} ${text}`);
    await sleep(200);
  }
}
