// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@securemail/telemetry';

/** What stands in some lists now, each read once, and again when it was replaced. */
export interface RereadFiles<Contents> {
  /** @throws where the list can not be read or understood, or is being written, and none of before is known. */
  contents(file: string): Promise<Contents>;
}

/** Milliseconds. */
export interface Looking {
  /** How often files are looked at that nobody asks for. */
  everyMs: number;
  /** For so long a list stands unchanged before it counts. */
  standsMs: number;
  /** And one that has lost more than half of its lines. */
  lostMs: number;
  /** At the start, one that was changed just now is the same so much later, or is being written. */
  momentMs: number;
}
const LOOKING: Looking = { everyMs: 10_000, standsMs: 60_000, lostMs: 60 * 60_000, momentMs: 500 };

interface Known<Contents> {
  taken: Reading<Contents>;
  /** What stands there now, and does not count yet. */
  next: Next<Contents> | null;
}
interface Reading<Contents> {
  version: string;
  contents: Contents;
  lines: number;
  /** Of its text. */
  digest: string;
}
interface Next<Contents> {
  version: string;
  seenAt: number;
  toldAt: number;
  /** Why it was not taken, as it was logged. */
  told: string | null;
  reading: Reading<Contents> | 'refused' | null;
  /** What stood there before it. Who touches a list, or writes the same again, has not replaced it. */
  before: Earlier | null;
}
interface Earlier {
  digest: string;
  seenAt: number;
  toldAt: number;
}

/**
 * Many programs write a list where it is used, line by line, and part of one is no list: a new one counts once it has stood
 * unchanged for a while and ends with a line end. Until then, and where it can not be read or understood, the former one
 * stays in use, and the log says why, once for each time that it was replaced; of one that has lost most of its lines as long as it waits.
 * One that can not be read is tried again at each look: rights are given, and a disk comes back, without it being replaced.
 *
 * @param read its text, decoded as UTF-8, or as UTF-16 where a byte order mark says so, into what it says. What it throws is
 *   logged, and so quotes nothing of the file.
 */
export function rereadFiles<Contents>(
  what: string,
  read: (text: string, file: string) => Contents,
  logger: Logger,
  { everyMs, standsMs, lostMs, momentMs }: Looking = LOOKING,
): RereadFiles<Contents> {
  const known = new Map<string, Known<Contents>>();

  async function textOf(file: string, version: string): Promise<string> {
    if (version === GONE) throw new Error(`tenants: ${what} ${file} can not be read`);
    const bytes = await readFile(file).catch((cause: unknown) => {
      const { code = 'unknown' } = cause as NodeJS.ErrnoException;
      throw new Error(`tenants: ${what} ${file} can not be read: ${code}`, { cause });
    });
    if ((await versionOf(file)).version !== version)
      throw new Error(`tenants: ${what} ${file} is being written`);
    return decoded(bytes);
  }

  function understood(text: string, file: string, version: string): Reading<Contents> {
    if (!text.endsWith('\n'))
      throw new Error(`tenants: ${what} ${file} is not whole: it does not end with a line end`);
    return {
      version,
      contents: read(text, file),
      lines: text.split('\n').filter((line) => line.trim() !== '').length,
      digest: createHash('sha256').update(text).digest('base64'),
    };
  }

  async function look(file: string, entry: Known<Contents>): Promise<void> {
    const { version, changedAt } = await versionOf(file);
    const { taken } = entry;
    const now = Date.now();
    if (version === taken.version) {
      entry.next = null;
      return;
    }
    if (entry.next?.version !== version)
      entry.next = {
        version,
        seenAt: now,
        toldAt: 0,
        told: null,
        reading: null,
        before: entry.next === null ? null : earlierOf(entry.next),
      };
    const { next } = entry;
    if (next.reading === 'refused' || Math.max(now - next.seenAt, now - changedAt) < standsMs) return;
    try {
      if (next.reading === null) {
        const text = await textOf(file, version);
        next.reading = 'refused';
        next.reading = understood(text, file, version);
        const { before } = next;
        if (before?.digest === next.reading.digest) Object.assign(next, before);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'it is not understood';
      if (reason !== next.told)
        logger.warn({ file, reason }, `${what} can not be read: the former one stays in use`);
      next.told = reason;
      return;
    }
    const { reading } = next;
    const { lines } = reading;
    if (lines * 2 >= taken.lines || now - next.seenAt >= lostMs) {
      entry.taken = reading;
      entry.next = null;
    } else if (now - next.toldAt >= standsMs) {
      next.toldAt = now;
      logger.warn(
        {
          file,
          lines,
          formerLines: taken.lines,
          waitSeconds: Math.ceil((lostMs - (now - next.seenAt)) / 1_000),
        },
        `${what} has lost more than half of its lines: the former one stays in use meanwhile, or until a new start`,
      );
    }
  }

  // Also where nobody asks: each service then goes on with the same list, should the next one be broken.
  setInterval(() => {
    void Promise.allSettled(Array.from(known, ([file, entry]) => look(file, entry)));
  }, everyMs).unref();
  return {
    async contents(file) {
      const entry = known.get(file);
      if (entry !== undefined) {
        await look(file, entry);
        return entry.taken.contents;
      }
      const { version, changedAt } = await versionOf(file);
      if (Date.now() - changedAt < standsMs) await sleep(momentMs);
      const taken = understood(await textOf(file, version), file, version);
      known.set(file, { taken, next: null });
      return taken.contents;
    },
  };
}

function earlierOf<Contents>({ reading, seenAt, toldAt, before }: Next<Contents>): Earlier | null {
  return reading === null || reading === 'refused' ? before : { digest: reading.digest, seenAt, toldAt };
}

/** Windows PowerShell writes UTF-16 where it is not told otherwise. */
function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes);
  if (mark === 'feff') return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8');
}

/** A file that is not there is one that was replaced by nothing: it is told of once. */
const GONE = 'gone';

async function versionOf(file: string): Promise<{ version: string; changedAt: number }> {
  try {
    const { ctimeMs, mtimeMs, size, ino } = await stat(file);
    return { version: `${ctimeMs} ${mtimeMs} ${size} ${ino}`, changedAt: mtimeMs };
  } catch {
    return { version: GONE, changedAt: 0 };
  }
}
