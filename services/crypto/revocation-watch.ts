// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import type { Closable, Platform } from '@securemail/service';
import type { RevocationChecker } from '@securemail/smime';
import { askAbout } from './adapters/ask-revocation.ts';
import { gathered } from './adapters/gathered-directory.ts';
import type { CertificatesOf } from './certificates.ts';
import type { CertificateState } from './domain/certificate-state.ts';
import type { Directory } from './domain/directory.ts';
import { listEntries, type Position } from './listing.ts';

/** After a failure, milliseconds. */
const AGAIN = 5 * 60_000;
const PAGE = 100;
/** Who asks, in the history of a certificate. */
const ASKER = 'securemail revocation watch';
/** What is used, or would be if it were not revoked. */
const ASKED_ABOUT: readonly CertificateState[] = ['valid', 'expiring', 'revoked'];

/**
 * Asks the authorities every so often whether a certificate that would be used was revoked, of every tenant, and remembers
 * what they say: one that was is used from then on no more. That nobody answers changes nothing. One of all processes
 * does it.
 */
export function watchRevocation(
  { pool, logger, tenants }: Pick<Platform, 'pool' | 'logger'> & { tenants: () => Iterable<TenantId> },
  directory: () => Directory,
  checker: RevocationChecker,
  everyMs: number,
): Closable {
  const closing = new AbortController();
  const watchOver = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      let failed = 0;
      for (const tenantId of tenants()) {
        try {
          const of = { pool, directory: directory(), tenantId, ldap: null, smimea: null };
          await askAboutAll(of, checker, signal);
        } catch (error) {
          failed += 1;
          logger.warn(
            { tenantId, reason: reasonOf(error) },
            'it could not be asked whether certificates were revoked, trying again',
          );
        }
      }
      await pause(failed === 0 ? everyMs : Math.min(AGAIN, everyMs), signal);
    }
  };
  const running = whileLeader(pool, 'revocation', closing.signal, watchOver, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the watch over revocation could not begin, trying again');
  });
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

async function askAboutAll(
  of: CertificatesOf,
  checker: RevocationChecker,
  signal: AbortSignal,
): Promise<void> {
  const filter = { kind: null, state: null, search: null, source: null, limit: PAGE };
  const asked = new Set<string>();
  let after: Position | null = null;
  do {
    const page = await listEntries(of, { ...filter, after }, new Date());
    const due = page.entries.filter(({ state, sha256 }) => ASKED_ABOUT.includes(state) && !asked.has(sha256));
    const at = new Date();
    const around = await gathered(of, due);
    for (const { kind, name, sha256 } of due) {
      if (signal.aborted) return;
      if (asked.has(sha256)) continue;
      asked.add(sha256);
      const same = around
        .judged({ kind, name }, at)
        .filter(({ certificate }) => certificate.sha256 === sha256);
      const reason = 'asked by the watch over revocation';
      await askAbout(of, same, at, { checker, change: { tenantId: of.tenantId, by: ASKER, at, reason } });
    }
    after = page.next;
    await pause(10, signal);
  } while (after !== null && !signal.aborted);
}
