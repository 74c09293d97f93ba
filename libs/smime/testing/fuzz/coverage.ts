// SPDX-License-Identifier: Apache-2.0
import { Session, type Profiler } from 'node:inspector';

/** What ran since the last look. */
export interface Coverage {
  /** Octets of source code that never ran before. */
  readonly fresh: number;
  /** How often any block of code ran, in all: the same input always takes as many steps. */
  readonly steps: number;
}

/**
 * Tells which code runs, by V8's own counters, which cost an ordinary run nothing. Once running, it cannot be told
 * for one call chain alone: whoever measures must run nothing else beside.
 *
 * @param covers which scripts count, by their URL.
 */
export function watchCoverage(covers: (url: string) => boolean) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const seen = new Map<string, Uint8Array>();

  const look = (): Coverage => {
    let taken: Profiler.ScriptCoverage[] = [];
    session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error === null) taken = answer.result;
    });
    let fresh = 0;
    let steps = 0;
    for (const { url, functions } of taken.filter((script) => covers(script.url))) {
      const ranges = functions.flatMap((each) => each.ranges);
      steps += ranges.reduce((sum, { count }) => sum + count, 0);
      const ran = paint(ranges);
      const before = seen.get(url) ?? new Uint8Array(0);
      const after = before.length >= ran.length ? before : grown(before, ran.length);
      for (const [at, one] of ran.entries()) {
        if (one === 0 || after[at] === 1) continue;
        after[at] = 1;
        fresh += 1;
      }
      seen.set(url, after);
    }
    return { fresh, steps };
  };
  return {
    look,
    /** Octets of source code that ran at all. */
    total: () =>
      [...seen.values()].reduce((sum, octets) => sum + octets.reduce((one, next) => one + next, 0), 0),
    /** What ran until now; `restore` forgets what ran since. */
    snapshot: () => new Map([...seen].map(([url, octets]) => [url, Uint8Array.from(octets)])),
    restore: (snapshot: ReadonlyMap<string, Uint8Array>) => {
      seen.clear();
      for (const [url, octets] of snapshot) seen.set(url, octets);
    },
    forget: () => {
      seen.clear();
    },
    close: () => {
      session.disconnect();
    },
  };
}

/** Which octets of a script ran: a range within another says better what became of it. */
function paint(ranges: readonly Profiler.CoverageRange[]): Uint8Array {
  const outermostFirst = ranges.toSorted(
    (a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset,
  );
  const octets = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)));
  for (const { startOffset, endOffset, count } of outermostFirst) {
    octets.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  return octets;
}

function grown(octets: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(length);
  longer.set(octets);
  return longer;
}
