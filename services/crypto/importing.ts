// SPDX-License-Identifier: Apache-2.0
import type { Pool } from '@securemail/event-store';
import type { AskImported } from './adapters/ask-revocation.ts';
import { addEntries, type Change } from './adapters/certificate-changes.ts';
import { gathered } from './adapters/gathered-directory.ts';
import type { CertificateObstacle, CertificateState } from './domain/certificate-state.ts';
import type { Directory } from './domain/directory.ts';
import {
  keyOf,
  type Entry,
  type EntryKind,
  type EntryName,
  type RevocationCheck,
  type Source,
} from './domain/entry.ts';
import { namesFor, type ImportItem } from './domain/import-item.ts';
import { judgeEntries } from './domain/judged.ts';

/** What becomes of one name of one certificate, or of a line that can't be read. */
export type ImportOutcome = { place: string } & (
  | {
      result: 'added' | 'changed' | 'known';
      kind: EntryKind;
      name: string;
      sha256: string;
      state: CertificateState;
      reason: string;
    }
  | { result: 'refused'; reason: string }
);

export interface ImportCounts {
  added: number;
  changed: number;
  known: number;
  refused: number;
}

export interface Import {
  pool: Pool;
  /** What the folder has, and whom it trusts. */
  directory: Directory;
  change: Change;
  source: Source;
  /** What is revoked is refused, as far as its authority can tell now; null: nobody is asked. */
  ask: AskImported | null;
  /** Gone through twice: first nothing is written. */
  items: () => AsyncIterable<ImportItem>;
  dryRun: boolean;
  /** Imports the rest where something is refused; else nothing is imported then. */
  skipBad: boolean;
  /** Of a dry run every one is told; else what is refused, and what was written once it was. */
  onOutcome?: (outcome: ImportOutcome) => void;
  /** Told after each batch, how many names were gone through. */
  onProgress?: (step: 'looked at' | 'imported', names: number) => void;
}

/** Items at once: short transactions, flat memory. */
const BATCH = 100;

/**
 * Imports certificates. Everything is looked at first and then written in small transactions, for readers of events, and
 * with them all mail, wait for the oldest one that runs. Killed between two of them, it is simply done again: what is
 * there already stays as it is.
 *
 * A certificate that can never be used (it is damaged, expired, revoked, of an authority, too weak, or names somebody
 * else) is refused. One whose authority is not trusted yet, or that is to follow later, is taken and shows as what it is.
 */
export async function importCertificates(task: Import): Promise<ImportCounts & { imported: boolean }> {
  const counts: ImportCounts = { added: 0, changed: 0, known: 0, refused: 0 };
  const seen = new Set<string>();
  for await (const batch of batches(task.items(), BATCH)) {
    for (const { outcome } of await weigh(task, batch, seen)) {
      counts[outcome.result] += 1;
      if (task.dryRun || outcome.result === 'refused') task.onOutcome?.(outcome);
    }
    task.onProgress?.('looked at', counts.added + counts.changed + counts.known + counts.refused);
  }
  if (task.dryRun || (counts.refused > 0 && !task.skipBad)) return { ...counts, imported: false };
  let written = 0;
  seen.clear();
  for await (const batch of batches(task.items(), BATCH)) {
    // Once more: what was written meanwhile counts, such as another certificate of the same list for the same domain.
    const fresh = (await weigh(task, batch, seen)).filter(
      ({ entry, outcome }) => entry !== null && outcome.result !== 'known',
    );
    const entries = fresh.flatMap(({ entry }) => (entry === null ? [] : [entry]));
    if (entries.length > 0) await addEntries(task.pool, task.change, entries);
    for (const { outcome } of fresh) task.onOutcome?.(outcome);
    written += entries.length;
    task.onProgress?.('imported', written);
  }
  return { ...counts, imported: true };
}

interface Weighed {
  outcome: ImportOutcome;
  /** Null where it is refused. */
  entry: Entry | null;
}

/** @param seen what stood further up already */
async function weigh(task: Import, items: readonly ImportItem[], seen: Set<string>): Promise<Weighed[]> {
  const { pool, directory, change, source } = task;
  const wanted = items.map((item): Wanted => ({ item, named: 'refused' in item ? null : namesFor(item) }));
  const names = wanted.flatMap(({ named }) => (named?.ok === true ? named.names : []));
  const certificates = items.flatMap((item) => ('refused' in item ? [] : [item.certificate]));
  const around = await gathered({ pool, directory, tenantId: change.tenantId }, names, certificates);
  const said = await saidOf(task, wanted, around);
  const above = new Map<string, Entry[]>();
  return wanted.flatMap(({ item, named }): Weighed[] => {
    const refuse = (reason: string): Weighed[] => [
      { outcome: { place: item.place, result: 'refused', reason }, entry: null },
    ];
    if ('refused' in item) return refuse(item.refused);
    if (named?.ok !== true) return refuse(named?.refused ?? 'it is for nobody');
    const { certificate, chain } = item;
    const weighed = named.names.map((name) =>
      weighOne(
        { ...name, certificate, chain, source },
        { place: item.place, around, said, above, at: change.at, seen },
      ),
    );
    // A certificate is taken for all whom it names, or for none.
    return weighed.find(({ entry }) => entry === null) === undefined
      ? weighed
      : weighed.filter(({ entry }) => entry === null).slice(0, 1);
  });
}

interface Wanted {
  item: ImportItem;
  /** Null where it can't be read. */
  named: ReturnType<typeof namesFor> | null;
}

type Said = ReadonlyMap<string, RevocationCheck>;

/** What authorities say now of what is to be imported. */
async function saidOf(
  { ask, change, source }: Import,
  wanted: readonly Wanted[],
  around: Directory,
): Promise<Said> {
  const entries = wanted.flatMap(({ item, named }) =>
    'refused' in item || named?.ok !== true
      ? []
      : named.names.map(({ kind, name }): Entry => {
          const { certificate, chain } = item;
          return { kind, name, certificate, chain, source };
        }),
  );
  const [first] = entries;
  if (ask === null || first === undefined) return new Map();
  return await ask(entries, { directory: around, known: around.stored(first).checks, at: change.at });
}

interface Beside {
  place: string;
  around: Directory;
  said: Said;
  /** What stands further up in the same batch, by its name. */
  above: Map<string, Entry[]>;
  at: Date;
  seen: Set<string>;
}

function weighOne(entry: Entry, { place, around, said, above, at, seen }: Beside): Weighed {
  const { sha256 } = entry.certificate;
  const of: EntryName = { kind: entry.kind, name: entry.name };
  const { entries, checks } = around.stored(of);
  const before = entries.find(({ certificate }) => certificate.sha256 === sha256);
  const others = [...entries, ...(above.get(keyOf(of)) ?? [])].filter(
    ({ certificate }) => certificate.sha256 !== sha256,
  );
  const { anchorsFor, choosing } = around;
  const [judged] = judgeEntries([entry, ...others], {
    ...of,
    at,
    anchorsFor,
    choosing,
    checks: new Map([...checks, ...said]),
  });
  if (judged === undefined) throw new Error('an entry was not judged');
  const { obstacle, state, reason } = judged.standing;
  if (obstacle !== null && NEVER_USED.has(obstacle))
    return { outcome: { place, result: 'refused', reason: `${entry.name}: ${reason}` }, entry: null };
  const key = `${keyOf(of)} ${sha256}`;
  const result = seen.has(key) ? 'known' : resultFor(entry, before);
  seen.add(key);
  above.set(keyOf(of), [...others, entry]);
  return { outcome: { place, result, ...of, sha256, state, reason }, entry };
}

const NEVER_USED: ReadonlySet<CertificateObstacle> = new Set<CertificateObstacle>([
  'certificate-expired',
  'certificate-unsuitable',
  'certificate-revoked',
]);

function resultFor(entry: Entry, before: Entry | undefined): 'added' | 'changed' | 'known' {
  if (before === undefined) return 'added';
  return bringsMore(entry, before) || takesOver(entry, before) ? 'changed' : 'known';
}

/** What a signed mail brought is now what somebody put in, and goes before what further mails bring. */
const takesOver = (now: Entry, before: Entry) => before.source === 'harvested' && now.source !== 'harvested';

const bringsMore = (now: Entry, before: Entry) =>
  now.chain.length > 0 &&
  now.chain.map(({ sha256 }) => sha256).join() !== before.chain.map(({ sha256 }) => sha256).join();

async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
