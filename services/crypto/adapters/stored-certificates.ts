// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import { certificateOf, readCapabilities, type Certificate } from '@securemail/smime';
import { LRUCache } from 'lru-cache';
import {
  NOTHING_STORED,
  type Entry,
  type EntryKind,
  type EntryName,
  type RevocationCheck,
  type Source,
  type Stored,
} from '../domain/entry.ts';

/** An entry, and how it came to be there. */
export interface StoredEntry extends Entry {
  provenance: Provenance;
}

export interface Provenance {
  addedAt: Date;
  addedBy: string;
  reason: string;
}

/**
 * Certificates that were read, by their SHA-256: the same ones are asked for again and again, and a certificate of that
 * name is never another one, so nothing here goes stale. About 10 KB each.
 */
const parsed = new LRUCache<string, Certificate>({ max: 2_000 });

/** Of one name at most so many are looked at, those that hold longest: nobody makes mail slow by importing thousands. */
const MOST_OF_ONE_NAME = 20;

const COLUMNS = `c.kind, c.name, c.sha256, c.der, c.chain, c.source, c.capabilities,
  c.added_at as "addedAt", c.added_by as "addedBy", c.reason`;

interface Row {
  kind: EntryKind;
  name: string;
  sha256: string;
  der: Buffer;
  chain: Buffer[];
  capabilities: Buffer | null;
  source: Source;
  addedAt: Date;
  addedBy: string;
  reason: string;
}

interface CheckRow {
  status: RevocationCheck['status'] | null;
  detail: string;
  checkedAt: Date;
}

/**
 * What is stored for these names, and what is known of the revocation of it and of `others`, which come from elsewhere.
 * One round trip, by the primary key: a change counts from the next email on, in every process.
 */
export async function storedFor(
  executor: Pool | Transaction,
  tenantId: TenantId,
  names: readonly EntryName[],
  others: readonly Certificate[] = [],
): Promise<Stored & { entries: readonly StoredEntry[] }> {
  const { rows } = await executor.query<Omit<Row, 'kind'> & CheckRow & { kind: EntryKind | null }>({
    name: 'crypto/stored-certificates',
    text: `with wanted as (select distinct kind, name from unnest($2::text[], $3::text[]) as w (kind, name)),
       found as (
         select ${COLUMNS} from wanted w cross join lateral (
           select * from certificates e
           where e.tenant_id = $1 and e.kind = w.kind and e.name = w.name
           order by e.not_after desc limit ${MOST_OF_ONE_NAME}) c)
     select f.*, k.status, k.detail, k.checked_at as "checkedAt" from found f
       left join certificate_checks k on k.tenant_id = $1 and k.sha256 = f.sha256
     union all
     select null, null, k.sha256, null, null, null, null, null, null, null, k.status, k.detail, k.checked_at
       from certificate_checks k where k.tenant_id = $1 and k.sha256 = any($4::text[])`,
    values: [
      tenantId,
      names.map(({ kind }) => kind),
      names.map(({ name }) => name),
      others.map(({ sha256 }) => sha256),
    ],
  });
  const entries = rows.flatMap(({ kind, ...row }) => (kind === null ? [] : [entryOf({ kind, ...row })]));
  const checks = new Map<string, RevocationCheck>();
  for (const { sha256, status, detail, checkedAt } of rows)
    if (status !== null) checks.set(sha256, { status, detail, checkedAt });
  return { ...NOTHING_STORED, entries, checks };
}

/** What is known of the revocation of these to any of the tenants: of one that was revoked for some, that. */
export async function gravestChecks(
  pool: Pool,
  tenantIds: readonly TenantId[],
  certificates: readonly Certificate[],
): Promise<Stored['checks']> {
  const { rows } = await pool.query<RevocationCheck & { sha256: string }>(
    `select distinct on (sha256) sha256, status, detail, checked_at as "checkedAt" from certificate_checks
     where tenant_id = any($1) and sha256 = any($2)
     order by sha256, status = 'revoked' desc, checked_at desc`,
    [tenantIds, certificates.map(({ sha256 }) => sha256)],
  );
  return new Map(rows.map(({ sha256, ...check }) => [sha256, check]));
}

export interface EntryFilter {
  tenantId: TenantId;
  kind: EntryKind | null;
  source: Source | null;
  /** Any of these is a part of the name, or the beginning of the SHA-256. */
  search: readonly string[] | null;
  endsBefore: Date | null;
  endsAfter: Date | null;
  /** Only this one and what comes after it. */
  from: EntryPosition | null;
  limit: number;
}

export type EntryPosition = EntryName & { sha256: string };

/** By kind, name and SHA-256. */
export async function pageOfEntries(pool: Pool, filter: EntryFilter): Promise<StoredEntry[]> {
  const { rows } = await pool.query<Row>(
    `select ${COLUMNS} from certificates c
     where c.tenant_id = $1 and ($2::text is null or c.kind = $2) and ($3::text is null or c.source = $3)
       and ($4::text[] is null or exists (
         select from unnest($4::text[]) s where strpos(c.name, s) > 0 or starts_with(c.sha256, s)))
       and ($5::timestamptz is null or c.not_after <= $5) and ($6::timestamptz is null or c.not_after > $6)
       and ($7::text is null or (c.kind, c.name, c.sha256) >= ($7, $8, $9))
     order by c.kind, c.name, c.sha256 limit $10`,
    [
      filter.tenantId,
      filter.kind,
      filter.source,
      filter.search,
      filter.endsBefore,
      filter.endsAfter,
      filter.from?.kind ?? null,
      filter.from?.name ?? null,
      filter.from?.sha256 ?? null,
      filter.limit,
    ],
  );
  return rows.map(entryOf);
}

/** Names that have a certificate whose SHA-256 begins so; a few at most. */
export async function namesOf(
  pool: Pool,
  tenantId: TenantId,
  sha256Prefix: string,
): Promise<EntryPosition[]> {
  const { rows } = await pool.query<EntryPosition>(
    `select kind, name, sha256 from certificates where tenant_id = $1 and sha256 >= $2 and sha256 < $2 || 'g'
     order by sha256, kind, name limit 200`,
    [tenantId, sha256Prefix],
  );
  return rows;
}

/** Whose certificates are stored, also of organisations that are not configured any more. */
export async function tenantsWithEntries(pool: Pool): Promise<TenantId[]> {
  const { rows } = await pool.query<{ tenantId: TenantId }>(
    'select distinct tenant_id as "tenantId" from certificates order by 1',
  );
  return rows.map(({ tenantId }) => tenantId);
}

/** @throws UnreadableCertificateError where somebody has changed what is stored */
function entryOf(row: Row): StoredEntry {
  const { kind, name, source, addedAt, addedBy, reason } = row;
  const certificate = parsed.get(row.sha256) ?? certificateOf(row.der);
  parsed.set(row.sha256, certificate);
  const chain = row.chain.map(certificateOf);
  const capabilities = row.capabilities === null ? null : readCapabilities(row.capabilities);
  return { kind, name, source, certificate, chain, capabilities, provenance: { addedAt, addedBy, reason } };
}
