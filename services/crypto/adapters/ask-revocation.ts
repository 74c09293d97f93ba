// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import {
  findPath,
  type Certificate,
  type RevocationChecker,
  type RevocationVerdict,
} from '@securemail/smime';
import type { Directory } from '../domain/directory.ts';
import type { Entry, RevocationCheck, Stored } from '../domain/entry.ts';
import { fewAtATime } from '../few-at-a-time.ts';
import { recordCheck, type Change } from './certificate-changes.ts';
import { waitingUntil } from './impatient.ts';

export interface OnlineCheck {
  checker: RevocationChecker;
  /** Who asks, for the history. */
  change: Change;
}

interface Of {
  pool: Pool;
  /** Who may vouch for them. */
  directory: Pick<Directory, 'anchorsFor'>;
  tenantId: TenantId;
}

/**
 * Asks whether certificates were revoked, and remembers what is said. Each is asked about once, however many names it has;
 * of one without a path nobody could be asked.
 */
export async function askAbout(
  { pool, directory }: Omit<Of, 'tenantId'>,
  entries: readonly Entry[],
  at: Date,
  { checker, change }: OnlineCheck,
): Promise<void> {
  for (const [path, same] of withPaths(entries, directory, at))
    await recordCheck(pool, change, same, await saidOf(path, checker, at));
}

/** Asks about certificates that others have just brought; what is said counts for the email that they are wanted for. */
export type AskFound = (
  of: Of,
  found: readonly Entry[],
  known: Stored['checks'],
  at: Date,
) => Promise<ReadonlyMap<string, RevocationCheck>>;

/** Of one email or import so many are asked about side by side, and all of them so long: an authority that is away stops nothing. */
const AT_ONCE = 16;
const PATIENCE_MS = 10_000;
const AN_HOUR_MS = 3_600_000;

/**
 * @param everyMs for so long what an authority said counts; that nobody could tell is not remembered.
 * @param patienceMs for so long an email waits.
 */
export const askFound =
  (checker: RevocationChecker, everyMs: number, patienceMs = PATIENCE_MS): AskFound =>
  async ({ pool, directory, tenantId }, found, known, at) => {
    const due = dueOf(found, known, at, everyMs);
    const change = { tenantId, at, by: 'Secure@Mail', reason: 'found for an email' };
    const answers = await answersAbout(due, { directory, checker, at, until: Date.now() + patienceMs });
    for (const { same, check } of answers) await recordCheck(pool, change, same, check);
    return bySha256(answers);
  };

/**
 * For whoever only wants to know how a mail would go: nothing is stored of it. The checker remembers the answer, also one
 * that came too late.
 *
 * @param until epoch in ms.
 * @returns `late`: the digests of those about whom nobody had answered by then.
 */
export function askInTime(
  checker: RevocationChecker,
  everyMs: number,
  until: number,
): { ask: AskFound; late: ReadonlySet<string> } {
  const late = new Set<string>();
  const ask: AskFound = async ({ directory }, found, known, at) =>
    bySha256(await answersAbout(dueOf(found, known, at, everyMs), { directory, checker, at, until, late }));
  return { ask, late };
}

function dueOf(found: readonly Entry[], known: Stored['checks'], at: Date, everyMs: number): Entry[] {
  return found.filter(({ certificate: { sha256 } }) => {
    const said = known.get(sha256);
    const isSaid = said !== undefined && said.status !== 'unknown';
    return !isSaid || at.getTime() - said.checkedAt.getTime() >= everyMs;
  });
}

/** Asks about certificates that are to be imported, before they are; nothing is stored of it. */
export type AskImported = (
  entries: readonly Entry[],
  of: Pick<Of, 'directory'> & { known: Stored['checks']; at: Date },
) => Promise<ReadonlyMap<string, RevocationCheck>>;

/** For one import: each certificate once, and all of them together so long, however many they are. */
export function askImported(checker: RevocationChecker, patienceMs = PATIENCE_MS): AskImported {
  const said = new Map<string, RevocationCheck | null>();
  const until = Date.now() + patienceMs;
  return async (entries, { directory, known, at }) => {
    // What was good a moment ago need not be asked again; what was revoked may have been on hold.
    const wanted = entries.filter(({ certificate: { sha256 } }) => {
      const before = known.get(sha256);
      return before?.status !== 'good' || at.getTime() - before.checkedAt.getTime() >= AN_HOUR_MS;
    });
    const due = wanted.filter(({ certificate: { sha256 } }) => !said.has(sha256));
    for (const { certificate } of due) said.set(certificate.sha256, null);
    const answers = await answersAbout(due, { directory, checker, at, until });
    for (const [sha256, check] of bySha256(answers)) said.set(sha256, check);
    return new Map(
      wanted.flatMap(({ certificate: { sha256 } }) => {
        const check = said.get(sha256) ?? null;
        return check === null ? [] : [[sha256, check]];
      }),
    );
  };
}

interface Answer {
  same: readonly Entry[];
  check: RevocationCheck;
}

/** Of those about whom somebody could tell until then, epoch in ms. */
async function answersAbout(
  entries: readonly Entry[],
  {
    directory,
    checker,
    at,
    until,
    late,
  }: Pick<Of, 'directory'> & {
    checker: RevocationChecker;
    at: Date;
    until: number;
    /** Where those are put whom nobody had answered about. */
    late?: Set<string>;
  },
): Promise<Answer[]> {
  const inTime = waitingUntil(until);
  const answers = await fewAtATime(
    AT_ONCE,
    withPaths(entries, directory, at),
    async ([path, same]): Promise<Answer[]> => {
      // A question goes on when nobody waits for it any more: of thousands none is begun then.
      const check = Date.now() >= until ? null : await inTime(saidOf(path, checker, at), null);
      if (check === null) for (const { certificate } of same) late?.add(certificate.sha256);
      return check === null || check.status === 'unknown' ? [] : [{ same, check }];
    },
  );
  return answers.flat();
}

const bySha256 = (answers: readonly Answer[]) =>
  new Map(
    answers.flatMap(({ same, check }) => same.map(({ certificate }) => [certificate.sha256, check] as const)),
  );

const withPaths = (entries: readonly Entry[], directory: Of['directory'], at: Date) =>
  [...Map.groupBy(entries, ({ certificate }) => certificate.sha256).values()].flatMap((same) => {
    const path = same[0] === undefined ? null : pathTo(same[0], directory, at);
    return path === null ? [] : [[path, same] as const];
  });

/** From the authority that is trusted down to it; null where nothing leads there. */
export const pathTo = (
  { certificate, chain }: Entry,
  { anchorsFor }: Of['directory'],
  at: Date,
): readonly Certificate[] | null => {
  const found = findPath(certificate, { at, trustAnchors: anchorsFor(certificate), intermediates: chain });
  return found.ok ? found.path : null;
};

async function saidOf(
  path: readonly Certificate[],
  checker: RevocationChecker,
  at: Date,
): Promise<RevocationCheck> {
  const { verdict, certificate } = await checker.judge(path, { at, whenUnknown: 'accept' });
  const own = certificate === null || certificate.sha256 === path.at(-1)?.sha256;
  return {
    status: verdict.status,
    detail: `${wordsFor(verdict)}${own ? '' : ' (an authority above it)'}`,
    checkedAt: at,
  };
}

function wordsFor(verdict: RevocationVerdict): string {
  switch (verdict.status) {
    case 'good':
      return 'it is not revoked';
    case 'revoked':
      return `it was revoked on ${verdict.since.toISOString().slice(0, 10)}: ${verdict.reason}`;
    case 'unknown':
      return `nobody could tell whether it is revoked: ${verdict.why}`;
  }
}
