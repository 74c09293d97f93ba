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
import type { Judged } from '../domain/judged.ts';
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
  entries: readonly Judged[],
  at: Date,
  { checker, change }: OnlineCheck,
): Promise<void> {
  for (const [path, same] of withPaths(entries, directory, at))
    await recordCheck(pool, change, same, await saidOf(path, checker, at));
}

/** Asks about certificates that others have just brought; what is said counts for the email that they are wanted for. */
export type AskFound = (
  of: Of,
  found: readonly Judged[],
  known: Stored['checks'],
  at: Date,
) => Promise<ReadonlyMap<string, RevocationCheck>>;

/** Of one email so many are asked about side by side, and all of them so long: an authority that is away stops no mail. */
const AT_ONCE = 16;
const PATIENCE_MS = 10_000;

/**
 * @param everyMs for so long what an authority said counts; that nobody could tell is not remembered.
 * @param patienceMs for so long an email waits.
 */
export const askFound =
  (checker: RevocationChecker, everyMs: number, patienceMs = PATIENCE_MS): AskFound =>
  async ({ pool, directory, tenantId }, found, known, at) => {
    const due = found.filter(({ certificate: { sha256 } }) => {
      const said = known.get(sha256);
      const isSaid = said !== undefined && said.status !== 'unknown';
      return !isSaid || at.getTime() - said.checkedAt.getTime() >= everyMs;
    });
    const change = { tenantId, at, by: 'Secure@Mail', reason: 'found for an email' };
    const inTime = waitingUntil(Date.now() + patienceMs);
    const answers = await fewAtATime(AT_ONCE, withPaths(due, directory, at), async ([path, same]) => {
      const check = await inTime(saidOf(path, checker, at), null);
      if (check === null || check.status === 'unknown') return [];
      await recordCheck(pool, change, same, check);
      return same.map(({ certificate }) => [certificate.sha256, check] as const);
    });
    return new Map(answers.flat());
  };

const withPaths = (entries: readonly Judged[], directory: Of['directory'], at: Date) =>
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
