// SPDX-License-Identifier: Apache-2.0
import { Problem } from '@securemail/service';

/** @param instead what can be asked for. */
export const clockAhead = (recordedAt: Date, instead: string): Problem =>
  new Problem(
    'ledger-clock-ahead',
    `A clock was ahead: the ledger has ${recordedAt.toISOString()}, which is yet to come, and everything since. What was recorded before the time that you ask for can not be told. ${instead}`,
    { recordedAt: recordedAt.toISOString() },
  );
