// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import type { Logger } from '@securemail/telemetry';

/** What is still wrong is said again after so long. Milliseconds. */
const AGAIN_MS = 24 * 3_600_000;
/** So many hosts are remembered, and no more: whoever is written to outside could fill the memory. */
const MOST = 10_000;

export interface ProofLog {
  /** @param server `host:port`, or what shares a limit (the lane) where nobody can be asked. */
  failed(server: string, reason: string, emailId: EmailId): void;
  readonly proved: (server: string) => void;
}

/** Says of servers that had to prove who they are, and do not, once for each reason, until they do. */
export function proofLog(logger: Pick<Logger, 'warn'>, clock = () => performance.now()): ProofLog {
  const said = new Map<string, Map<string, number>>();
  return {
    failed(server, reason, emailId) {
      const reasons = said.get(server) ?? new Map<string, number>();
      if (clock() < (reasons.get(reason) ?? -Infinity) + AGAIN_MS) return;
      reasons.set(reason, clock());
      said.delete(server);
      said.set(server, reasons);
      for (const oldest of said.keys()) {
        if (said.size <= MOST) break;
        said.delete(oldest);
      }
      logger.warn(
        { host: server, reason, emailId },
        'a mail server does not prove itself: nothing is sent to it',
      );
    },
    proved(server) {
      said.delete(server);
    },
  };
}
