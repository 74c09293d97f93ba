// SPDX-License-Identifier: Apache-2.0
import { viewOf, type CertificatesOf, type EntryView } from './certificates.ts';
import { gathered } from './adapters/gathered-directory.ts';
import { pageOfEntries, type EntryFilter, type EntryPosition } from './adapters/stored-certificates.ts';
import { WARNINGS, type CertificateState } from './domain/certificate-state.ts';
import type { Directory } from './domain/directory.ts';
import { candidatesFor, isFoundBy, keyOf, type Entry, type EntryKind, type Source } from './domain/entry.ts';
import { judgeEntries } from './domain/judged.ts';

/** Where a page ended; of one certificate in the folder and stored, the folder's comes first. */
export type Position = EntryPosition & { source: Source };

export interface ListFilter {
  kind: EntryKind | null;
  source: Source | null;
  state: CertificateState | null;
  /** A part of the name however it is written, or the beginning of the SHA-256. */
  search: string | null;
  after: Position | null;
  limit: number;
}

/** Entries looked at in one go. */
const BATCH = 100;
/** Entries looked at for one page: where few have the state that is asked for, a page may end before it is full. */
const MOST = 2_000;

/**
 * Entries by kind, name and SHA-256, a page at a time. The state of an entry depends on the day and on who is trusted, so
 * it stands in no table; a page that is not full, with a `next`, goes on there.
 */
export async function listEntries(
  of: CertificatesOf,
  filter: ListFilter,
  at: Date,
): Promise<{ entries: EntryView[]; next: Position | null }> {
  const found: EntryView[] = [];
  let { after } = filter;
  for (let looked = 0; looked < MOST; looked += BATCH) {
    const batch = await nextEntries(of, filter, after, at);
    const views = await viewsOf(of, batch.slice(0, BATCH), at);
    for (const [index, view] of views.entries()) {
      after = positionOf(view);
      if (filter.state !== null && view.state !== filter.state) continue;
      if (filter.search !== null && !isFoundBy(view.name, filter.search)) continue;
      found.push(view);
      if (found.length < filter.limit) continue;
      const isLast = index === views.length - 1 && batch.length <= BATCH;
      return { entries: found, next: isLast ? null : after };
    }
    if (batch.length <= BATCH) return { entries: found, next: null };
  }
  return { entries: found, next: after };
}

const positionOf = ({ kind, name, sha256, source }: EntryView): Position => ({ kind, name, sha256, source });

/** One more than a batch where there are more. */
async function nextEntries(
  { pool, directory, tenantId }: CertificatesOf,
  filter: ListFilter,
  after: Position | null,
  at: Date,
): Promise<Entry[]> {
  const stored =
    filter.source === 'folder'
      ? []
      : await pageOfEntries(pool, {
          ...filter,
          search: filter.search === null ? null : candidatesFor(filter.search),
          ...endsFor(filter.state, at),
          tenantId,
          from: after,
          limit: BATCH + 2,
        });
  const ofFolder =
    filter.source === null || filter.source === 'folder'
      ? directory.fromFolder().filter((entry) => suits(entry, filter))
      : [];
  return [...ofFolder, ...stored]
    .filter((entry) => after === null || comparePositions(placeOf(entry), after) > 0)
    .toSorted((a, b) => comparePositions(placeOf(a), placeOf(b)))
    .slice(0, BATCH + 1);
}

/** Narrows the search where the end of a certificate tells enough: it may be expiring also by the end of an authority above it. */
function endsFor(state: CertificateState | null, at: Date): Pick<EntryFilter, 'endsBefore' | 'endsAfter'> {
  const soon = new Date(at.getTime() + Math.max(...WARNINGS) * 24 * 60 * 60 * 1_000);
  if (state === 'expired') return { endsBefore: at, endsAfter: null };
  if (state === 'valid') return { endsBefore: null, endsAfter: soon };
  return { endsBefore: null, endsAfter: null };
}

const suits = ({ kind, name, certificate }: Entry, filter: ListFilter) =>
  (filter.kind === null || filter.kind === kind) &&
  (filter.search === null ||
    candidatesFor(filter.search).some((each) => name.includes(each) || certificate.sha256.startsWith(each)));

const placeOf = ({ kind, name, certificate, source }: Entry): Position => ({
  kind,
  name,
  sha256: certificate.sha256,
  source,
});

/** As the database orders them: by octets. */
const comparePositions = (a: Position, b: Position): number =>
  byOctets(a.kind, b.kind) ||
  byOctets(a.name, b.name) ||
  byOctets(a.sha256, b.sha256) ||
  Number(a.source !== 'folder') - Number(b.source !== 'folder');

const byOctets = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const viewsOf = async (of: CertificatesOf, entries: readonly Entry[], at: Date): Promise<EntryView[]> =>
  viewsAmong(
    await gathered(
      of,
      entries,
      entries.map(({ certificate }) => certificate),
    ),
    entries,
    at,
  );

/** Where each stands, among all others of its name. */
export function viewsAmong(around: Directory, entries: readonly Entry[], at: Date): EntryView[] {
  const judgedOf = new Map(entries.map((entry) => [keyOf(entry), around.judged(entry, at)]));
  return entries.map((entry) => {
    const { kind, name, certificate, source } = entry;
    const { checks } = around.stored(entry);
    const judged =
      judgedOf
        .get(keyOf(entry))
        ?.find((each) => each.certificate.sha256 === certificate.sha256 && each.source === source) ??
      // One of so many of its name that it was not looked at beside them.
      judgeEntries([entry], {
        kind,
        name,
        at,
        anchorsFor: around.anchorsFor,
        choosing: around.choosing,
        checks,
      })[0];
    if (judged === undefined) throw new Error('an entry was not judged');
    return viewOf(judged, checks.get(certificate.sha256));
  });
}
