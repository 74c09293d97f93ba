// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import { inTransaction, whoeverElseAppends, type Pool, type Transaction } from '@securemail/event-store';

/**
 * Appends to the stream of an email that lies here, in one transaction. All its recipients and its sender share that stream:
 * they wait for each other, in the order in which they come, for among many at once who only tries again may lose each time.
 * What comes from elsewhere, such as a deposit for further recipients, waits for nobody.
 */
export const appendInTurn = <Result>(
  emailId: EmailId,
  pool: Pool,
  append: (tx: Transaction) => Promise<Result>,
): Promise<Result> =>
  whoeverElseAppends(() =>
    inTransaction(pool, async (tx) => {
      // Before the first write: the transaction has no id yet, and gets one that is later than those before it have.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`mailbox/stream ${emailId}`]);
      return await append(tx);
    }),
  );
