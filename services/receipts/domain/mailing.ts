// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address, type DataOf, type ReceiptKind } from '@securemail/contracts';
import type { Email } from './email.ts';
import { isUnsent, outcomeOf } from './standing.ts';

/** Which receipts a sender wants as mails (policy: `receipts`). */
export type Wanted = 'always' | 'on-trouble' | 'digest';

/** Whether something is told by a mail of its own, in the next digest, in one within the hour, or by no mail. */
export type Mailing = 'now' | 'digest' | 'digest-soon' | 'none';

/** Whether it is a receipt that says of nobody more than that he is under way. */
const isOnItsWay = ({ recipients }: Pick<Email, 'recipients'>, kind: ReceiptKind): boolean =>
  (kind === 'interim' || kind === 'partial') && !recipients.some(isUnsent);

/**
 * Trouble is told at once, whatever was wanted: what did not go, took long, may be there twice, a person had to decide
 * about, or a guard had something to say of. Of a mail from outside nobody here waits to hear that it is on its way.
 */
export function mailingOf(
  email: Pick<Email, 'recipients' | 'direction' | 'decisions' | 'delayToldAt'>,
  { kind, wanted, guarded }: { kind: ReceiptKind; wanted: Wanted; guarded: boolean },
): Mailing {
  if (email.direction === 'inbound' && isOnItsWay(email, kind)) return 'none';
  if (guarded || !isSmooth(email, kind) || wanted === 'always') return 'now';
  return wanted === 'digest' ? 'digest' : 'none';
}

/** Whether it says that all went well, at once, and by itself. */
export const isSmooth = (
  email: Pick<Email, 'recipients' | 'decisions' | 'delayToldAt'>,
  kind: ReceiptKind,
): boolean =>
  kind === 'final' &&
  outcomeOf(email) === 'sent' &&
  email.decisions === 0 &&
  email.delayToldAt === null &&
  email.recipients.every(({ mayBeDuplicate }) => !mayBeDuplicate);

/** Local parts behind which a list, its keeper or a mail server is (RFC 2142, RFC 3834 §2, the forms of list programs). */
const MACHINES =
  /^(owner-.+|.+-(owner|request|bounces?)([+=].*)?|(bounces?|mailer-daemon|(do[-_.]?not|no)[-_.]?reply\d*|svar[-_.]?ikke|ikke[-_.]?svar|nicht[-_.]?antworten)([+=.-].*)?)$/i;

/**
 * What is told of a mail that a machine or a list sent: nothing to it, and to the postmaster what did not go, as somebody
 * has to know. He is not told of what is on its way.
 */
export const mailingForMachine = (email: Pick<Email, 'recipients'>, kind: ReceiptKind): Mailing =>
  !isOnItsWay(email, kind) && email.recipients.some(isUnsent) ? 'now' : 'none';

/**
 * Whether somebody reads what is sent to where a mail came from: no list, no mail server, not ourselves. Where a program
 * sent it in the name of a person, he reads it.
 *
 * @param automatic what the mail says of itself.
 */
export function isReadByPeople(
  { sender, automatic }: { sender: Address; automatic: DataOf<'EmailAccepted'>['automatic'] },
  gateway: Address,
): boolean {
  if (automatic === 'list') return false;
  const localPart = sender.slice(0, -domainOf(sender).length - 1);
  return sender.toLowerCase() !== gateway.toLowerCase() && !MACHINES.test(localPart);
}

/** When trouble is told of that is not mailed by itself. */
export const SOON = { everyHours: 1, atHour: 0 };

/** The first hour of digests after a moment: `atHour` of UTC, and so many hours after the one before. */
export function digestDue(after: Date, { everyHours, atHour }: { everyHours: number; atHour: number }): Date {
  const [every, offset] = [everyHours * 3_600_000, atHour * 3_600_000];
  return new Date((Math.floor((after.getTime() - offset) / every) + 1) * every + offset);
}
