// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address } from '@securemail/contracts';
import type { OwnMailboxes, Tenant } from '@securemail/service';
import { waitingUntil } from './impatient.ts';

/**
 * Which of these the organisation's own servers, or the lists of their mailboxes, say that they do not have. Others
 * are not asked about: whom their servers know is nobody's business. Never fails.
 *
 * @param patienceMs whoever has no answer by then is not among them; it is remembered when it comes.
 */
export async function missingMailboxes(
  addresses: readonly Address[],
  tenant: Tenant | undefined,
  mailboxes: OwnMailboxes,
  patienceMs: number,
): Promise<ReadonlySet<Address>> {
  if (tenant?.inbound.checkRecipients !== true) return new Set();
  const inTime = waitingUntil(Date.now() + patienceMs);
  const own = addresses.filter((address) => tenant.domains.includes(domainOf(address)));
  const answers = await Promise.all(
    own.map((address) =>
      inTime(
        mailboxes.ask(address, tenant).catch(() => NO_ANSWER),
        NO_ANSWER,
      ),
    ),
  );
  return new Set(own.filter((_, index) => answers[index] === 'unknown'));
}

const NO_ANSWER = 'no-answer' as const;
