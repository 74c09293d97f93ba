// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import { inTransaction, type Pool, type Transaction } from '@securemail/event-store';
import { writeCapabilities } from '@securemail/smime';
import type { Entry, EntryName, RevocationCheck, Source } from '../domain/entry.ts';

/** Who changes something, when and why. */
export interface Change {
  tenantId: TenantId;
  by: string;
  reason: string;
  at: Date;
}

export interface HistoryEntry extends EntryName {
  sha256: string;
  change: 'added' | 'changed' | 'removed' | 'revoked' | 'reinstated';
  source: Source;
  at: Date;
  by: string;
  reason: string;
}

/**
 * Adds entries, each with a line of the history. One that is there already stays as it is, but that it takes over the
 * authorities that came along now, and what its holder says now that he reads; what a signed mail brought is of whoever
 * puts it in afterwards, as if that had come first. What somebody removed comes back by an import alone: of signed mails
 * anybody sends more, also whoever has a stolen key.
 *
 * One short transaction: readers of events wait for the oldest transaction that runs, and so would all mail.
 */
export async function addEntries(pool: Pool, change: Change, entries: readonly Entry[]): Promise<void> {
  const { tenantId, at, by, reason } = change;
  const rows = entries.map(({ kind, name, certificate, chain, source, capabilities }) => ({
    kind,
    name,
    sha256: certificate.sha256,
    der: certificate.der.toString('base64'),
    chain: chain.map(({ der }) => der.toString('base64')),
    notAfter: certificate.notAfter.toISOString(),
    source,
    capabilities: capabilities ? writeCapabilities(capabilities).toString('base64') : null,
  }));
  await pool.query(
    `with wanted as (
       select w.kind, w.name, w.sha256, decode(w.der, 'base64') as der, w."notAfter" as not_after, w.source,
         decode(w.capabilities, 'base64') as capabilities,
         array(select decode(c, 'base64') from jsonb_array_elements_text(w.chain) as c) as chain
       from jsonb_to_recordset($2::jsonb) as w
         (kind text, name text, sha256 text, der text, chain jsonb, "notAfter" timestamptz, source text, capabilities text)),
     changed as (
       insert into certificates as c
         (tenant_id, kind, name, sha256, der, chain, not_after, source, capabilities, added_at, added_by, reason)
       select $1, kind, name, sha256, der, chain, not_after, source, capabilities, $3, $4, $5 from wanted w
       where w.source <> 'harvested' or 'removed' is distinct from (
         select h.change from certificate_history h
         where h.tenant_id = $1 and h.sha256 = w.sha256 and h.kind = w.kind and h.name = w.name
           and h.change in ('added', 'removed')
         order by h.position desc limit 1)
       on conflict (tenant_id, kind, name, sha256) do update set
         chain = case when cardinality(excluded.chain) > 0 then excluded.chain else c.chain end,
         capabilities = coalesce(excluded.capabilities, c.capabilities),
         (source, added_at, added_by, reason) = (
           select excluded.source, excluded.added_at, excluded.added_by, excluded.reason
           where c.source = 'harvested' and excluded.source <> 'harvested'
           union all
           select c.source, c.added_at, c.added_by, c.reason
           where c.source <> 'harvested' or excluded.source = 'harvested')
         where (c.source = 'harvested' and excluded.source <> 'harvested')
           or (excluded.chain <> c.chain and cardinality(excluded.chain) > 0)
           or (excluded.capabilities is not null and excluded.capabilities is distinct from c.capabilities)
       returning kind, name, sha256, source, (xmax = 0) as is_new)
     insert into certificate_history (tenant_id, kind, name, sha256, change, source, at, by, reason)
     select $1, kind, name, sha256, case when is_new then 'added' else 'changed' end, source, $3, $4, $5 from changed`,
    [tenantId, JSON.stringify(rows), at, by, reason],
  );
}

/** @returns what was removed: nothing where nothing is stored so. A certificate of the folder is not ours to remove. */
export async function removeEntries(
  pool: Pool,
  { tenantId, at, by, reason }: Change,
  sha256: string,
  of: EntryName | null,
): Promise<EntryName[]> {
  const { rows } = await pool.query<EntryName>(
    `with removed as (
       delete from certificates where tenant_id = $1 and sha256 = $2
         and ($3::text is null or (kind = $3 and name = $4))
       returning kind, name, sha256, source)
     insert into certificate_history (tenant_id, kind, name, sha256, change, source, at, by, reason)
     select $1, kind, name, sha256, 'removed', source, $5, $6, $7 from removed
     returning kind, name`,
    [tenantId, sha256, of?.kind ?? null, of?.name ?? null, at, by, reason],
  );
  return rows;
}

/** Remembers what was said of a certificate, and where it was revoked or is so no more, tells the history of each entry. */
export async function recordCheck(
  pool: Pool,
  { tenantId, by, at }: Change,
  entries: readonly Entry[],
  check: RevocationCheck,
): Promise<void> {
  const [first] = entries;
  if (first === undefined) return;
  const { sha256 } = first.certificate;
  await inTransaction(pool, async (tx) => {
    const before = await lockedStatus(tx, tenantId, sha256);
    // That nobody answers now takes nothing back.
    if (before === 'revoked' && check.status === 'unknown') return;
    await tx.query(
      `insert into certificate_checks (tenant_id, sha256, status, detail, checked_at) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id, sha256) do update set
         status = excluded.status, detail = excluded.detail, checked_at = excluded.checked_at`,
      [tenantId, sha256, check.status, check.detail, check.checkedAt],
    );
    if ((before === 'revoked') === (check.status === 'revoked')) return;
    const change = check.status === 'revoked' ? 'revoked' : 'reinstated';
    for (const { kind, name, source } of entries)
      await tx.query(
        `insert into certificate_history (tenant_id, kind, name, sha256, change, source, at, by, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [tenantId, kind, name, sha256, change, source, at, by, check.detail],
      );
  });
}

async function lockedStatus(tx: Transaction, tenantId: TenantId, sha256: string) {
  const { rows } = await tx.query<Pick<RevocationCheck, 'status'>>(
    'select status from certificate_checks where tenant_id = $1 and sha256 = $2 for update',
    [tenantId, sha256],
  );
  return rows[0]?.status ?? null;
}

/** Oldest first. */
export async function historyOf(pool: Pool, tenantId: TenantId, sha256: string): Promise<HistoryEntry[]> {
  const { rows } = await pool.query<HistoryEntry>(
    `select kind, name, sha256, change, source, at, by, reason from certificate_history
     where tenant_id = $1 and sha256 = $2 order by position limit 1000`,
    [tenantId, sha256],
  );
  return rows;
}

/** Of what was ever changed, those that begin so; two at most. */
export async function sha256sInHistory(pool: Pool, tenantId: TenantId, prefix: string): Promise<string[]> {
  const { rows } = await pool.query<{ sha256: string }>(
    `select distinct sha256 from certificate_history
     where tenant_id = $1 and starts_with(sha256, $2) order by sha256 limit 2`,
    [tenantId, prefix],
  );
  return rows.map(({ sha256 }) => sha256);
}
