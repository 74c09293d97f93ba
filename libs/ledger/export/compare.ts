// SPDX-License-Identifier: Apache-2.0

/** A line that is to be an event, and what its hash says. */
export interface FoundLine {
  line: number;
  /** In hexadecimal, the hash that it has as a leaf. */
  hash: string;
  /** As the line says, of which nothing may be true; null where it is no event. */
  eventId: string | null;
}

export type Difference =
  | { what: 'changed'; leaf: number; line: number; eventId: string | null }
  | { what: 'moved'; leaf: number; line: number; eventId: string | null }
  | { what: 'added'; line: number; eventId: string | null }
  | { what: 'removed'; leaf: number };

/**
 * What was done to events, told from the hashes that are proven.
 *
 * @param leaves which are to be there, in order, with the hash of each.
 */
export function compare(
  leaves: readonly { leaf: number; hash: string }[],
  lines: readonly FoundLine[],
): Difference[] {
  const placeOf = new Map(leaves.map(({ hash }, place) => [hash, place]));
  const taken = new Set<number>();
  const places = lines.map(({ hash }) => {
    const place = placeOf.get(hash);
    if (place === undefined || taken.has(place)) return null;
    taken.add(place);
    return place;
  });
  const inOrder = longestIncreasing(places);
  const differences: Difference[] = [];
  let [next, unknown]: [number, FoundLine[]] = [0, []];
  /** What lies before the place: missing leaves, and lines that are none of the ledger, stand for each other in order. */
  const settle = (end: number) => {
    for (; next < end; next += 1) {
      if (taken.has(next)) continue;
      const [stands, { leaf }] = [unknown.shift(), leaves[next] as { leaf: number }];
      differences.push(
        stands === undefined
          ? { what: 'removed', leaf }
          : { what: 'changed', leaf, line: stands.line, eventId: stands.eventId },
      );
    }
    for (const { line, eventId } of unknown) differences.push({ what: 'added', line, eventId });
    unknown = [];
  };
  for (const [at, place] of places.entries()) {
    const found = lines[at] as FoundLine;
    if (place === null) unknown.push(found);
    else if (inOrder.has(place)) {
      settle(place);
      next = place + 1;
    } else {
      const { leaf } = leaves[place] as { leaf: number };
      differences.push({ what: 'moved', leaf, line: found.line, eventId: found.eventId });
    }
  }
  settle(leaves.length);
  return differences;
}

/** The most of what is in order (patience sorting): all else was moved. */
function longestIncreasing(places: readonly (number | null)[]): Set<number> {
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const place of places) {
    if (place === null) continue;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) < place) low = middle + 1;
      else high = middle;
    }
    before.set(place, ends[low - 1]);
    ends[low] = place;
  }
  const kept = new Set<number>();
  for (let place = ends.at(-1); place !== undefined; place = before.get(place)) kept.add(place);
  return kept;
}
