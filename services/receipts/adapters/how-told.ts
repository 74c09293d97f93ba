// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Address, EmailId } from '@securemail/contracts';
import { gatewayAddressOf, postmasterOf, type Platform } from '@securemail/service';
import type { Due } from '../domain/due.ts';
import { PAUSE_MS, rowOf, withNext, type Row } from '../domain/in-a-row.ts';
import { isAsTold } from '../domain/in-vain.ts';
import { isGivenBack } from '../domain/receipt-mail.ts';
import { isReadByPeople, isSmooth, mailingForMachine, mailingOf, type Mailing } from '../domain/mailing.ts';
import type { ReceiptsSettings } from '../settings.ts';
import type { Tellable } from './receipt-content.ts';
import { isWrittenHere } from './written-here.ts';

export interface HowTold {
  mailing: Mailing;
  /** Who is told. */
  recipient: Address;
}

/** The oldest are forgotten beyond so many. */
const MOST_ROWS = 10_000;

/** Finds who is told of something, and whether by a mail; none is sent that could go round. */
export function howTold(
  { vault, logger }: Pick<Platform, 'vault' | 'logger'>,
  { mostInARow, digest }: Pick<ReceiptsSettings, 'mostInARow' | 'digest'>,
): (of: Tellable, kind: Due, at: Date) => Promise<HowTold> {
  // In this process: of all replicas one tells, and a new one begins anew.
  const rows = new Map<string, Row>();
  const isInRow = (of: string, emailId: EmailId, at: Date, restMs: number): boolean => {
    const key = createHash('sha256').update(of).digest('base64');
    const { row, isIn } = withNext(rows.get(key), emailId, at, { most: mostInARow, restMs });
    rows.delete(key);
    rows.set(key, row);
    const [oldest] = rows.size > MOST_ROWS ? rows.keys() : [];
    if (oldest !== undefined) rows.delete(oldest);
    return isIn;
  };

  return async ({ owed, email, data, personal, sender, tenant, policy }, kind, at) => {
    // Who is told of a mail from outside is not who sent it.
    const automatic = email.direction === 'inbound' ? null : data.automatic;
    const toPeople = isReadByPeople({ sender, automatic }, gatewayAddressOf(tenant));
    const recipient = toPeople ? sender : postmasterOf(tenant);
    const told = (mailing: Mailing) => ({ mailing, recipient });
    if ((kind === 'final' || kind === 'partial') && isAsTold(email)) return told('none');
    const byProgram = automatic === 'program';
    const wanted = toPeople
      ? mailingOf(email, {
          kind,
          wanted: byProgram ? 'on-trouble' : policy.receipts,
          // Who sends by a program can do nothing about what a guard found in what went well.
          guarded: !byProgram && data.guards.length > 0,
        })
      : mailingForMachine(email, kind);
    if (wanted !== 'now') return told(wanted);
    // What we write says that a program wrote it: of nothing else need the header be read.
    if (data.automatic !== null && (await isWrittenHere(vault, owed, data.content, gatewayAddressOf(tenant))))
      return told('none');

    // It goes back once, and to nobody but its sender: what a rule would make of it makes no more mails than there were.
    if (toPeople && email.direction !== 'inbound' && isGivenBack(email, data.content.size))
      return told('now');

    const recipients = personal.recipients.map(({ address }) => address);
    // A digest is its sender's alone, and may set off the next turn.
    const mayBeListed = toPeople && email.direction !== 'inbound';
    const restMs = mayBeListed ? 2 * digest.everyHours * 3_600_000 : PAUSE_MS;
    if (isInRow(rowOf(recipient, recipients, isSmooth(email, kind)), owed.emailId, at, restMs))
      return told('now');
    logger.warn(
      { emailId: owed.emailId, tenantId: tenant.id },
      'so many receipts in a row that they may go in circles: this one is not mailed by itself',
    );
    if (!mayBeListed || (kind !== 'final' && kind !== 'reminder')) return told('none');
    return told(isSmooth(email, kind) ? 'digest' : 'digest-soon');
  };
}
