// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import type { Leaf } from '@securemail/ledger';

/** How many leaves a ledger has. */
export async function sizeOf(pool: Pool | Transaction, tenantId: TenantId): Promise<number> {
  const { rows } = await pool.query<{ size: string }>({
    name: 'ledger/size',
    text: 'select size from ledgers where tenant_id = $1',
    values: [tenantId],
  });
  return Number(rows[0]?.size ?? 0);
}

/** The first leaf that was recorded at that time or later; `size` where there is none below it. */
export async function firstSince(pool: Pool, tenantId: TenantId, at: Date, size: number): Promise<number> {
  const { rows } = await pool.query<{ leaf: string }>({
    name: 'ledger/first-since',
    text: `select leaf from ledger_leaves where tenant_id = $1 and recorded_at >= $2
      order by recorded_at, leaf limit 1`,
    values: [tenantId, at],
  });
  return Math.min(Number(rows[0]?.leaf ?? size), size);
}

/** How many at once. */
const PAGE = 500;

interface Row {
  leaf: string;
  content: string;
}
const leafIn = ({ leaf, content }: Row): Leaf => ({ index: Number(leaf), text: content });

/** All leaves from `first` on, below `end`. */
export async function* leavesIn(
  pool: Pool,
  tenantId: TenantId,
  first: number,
  end: number,
): AsyncGenerator<Leaf, void, undefined> {
  for (let from = first; from < end; from += PAGE) {
    const { rows } = await pool.query<Row>({
      name: 'ledger/leaves',
      text: 'select leaf, content from ledger_leaves where tenant_id = $1 and leaf >= $2 and leaf < $3 order by leaf',
      values: [tenantId, from, Math.min(from + PAGE, end)],
    });
    yield* rows.map(leafIn);
  }
}

/** What was done with one email, in the order of the ledger, below `end`. */
export async function leavesOf(
  pool: Pool,
  tenantId: TenantId,
  emailId: EmailId,
  end: number,
): Promise<Leaf[]> {
  const { rows } = await pool.query<Row>({
    name: 'ledger/leaves-of',
    text: `select leaf, content from ledger_leaves
      where tenant_id = $1 and email_id = $2 and leaf < $3 order by leaf`,
    values: [tenantId, emailId, end],
  });
  return rows.map(leafIn);
}
