// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address, type RecipientId } from '@securemail/contracts';
import { dateTimeOf, type Field, type Report } from '@securemail/mime';
import type { Email, Recipient, RecipientState } from './email.ts';
import type { LastReply } from './last-replies.ts';
import type { Failure } from './words/words.ts';

/** RFC 3464 §2.3.3. `relayed`, never `delivered`: what became of it behind the next hop nobody told us. */
type Action = 'failed' | 'delayed' | 'relayed';

const FAILURES: Record<Failure, string> = {
  'host-not-found': '5.1.2',
  'reported-later': '5.0.0',
  withdrawn: '5.0.0',
  // RFC 7505 §4.1.
  'null-mx': '5.1.10',
  'too-large-for-server': '5.3.4',
  '8bit-not-supported': '5.6.3',
  // RFC 6531 §3.5.
  'smtputf8-not-supported': '5.6.7',
};

/** What became of an email, for machines: the fields of `message/delivery-status` (RFC 3464 §2.2, §2.3). */
export function deliveryStatus(
  { acceptedAt, recipients }: Pick<Email, 'acceptedAt' | 'recipients'>,
  from: Address,
  addresses: ReadonlyMap<RecipientId, Address>,
  replies: ReadonlyMap<RecipientId, LastReply>,
): Report['status'] {
  const perRecipient = recipients.flatMap((recipient) => {
    const address = addresses.get(recipient.recipientId);
    return address === undefined ? [] : [fieldsOf(recipient, address, replies.get(recipient.recipientId))];
  });
  return [
    [
      ['Reporting-MTA', `dns; ${domainOf(from)}`],
      ['Arrival-Date', dateTimeOf(new Date(acceptedAt))],
    ],
    ...perRecipient,
  ];
}

function fieldsOf({ state }: Recipient, address: Address, reply: LastReply | undefined): Field[] {
  const { action, status } = judged(state);
  const answered = 'reply' in state && state.reply !== null ? state.reply : null;
  const host = reply?.nextHop?.replace(/:\d+$/, '') ?? '';
  return [
    ['Final-Recipient', typedAddress(address)],
    ['Action', action],
    ['Status', status],
    ...(/^[\w.-]+$/.test(host) ? [['Remote-MTA', `dns; ${host}`] as const] : []),
    ...(answered === null
      ? []
      : [
          [
            'Diagnostic-Code',
            `smtp; ${[answered.code, answered.enhancedCode, plain(reply?.text ?? '')].filter((part) => part !== null && part !== '').join(' ')}`,
          ] as const,
        ]),
    ...(reply === undefined ? [] : [['Last-Attempt-Date', dateTimeOf(new Date(reply.at))] as const]),
  ];
}

/** There is no word for it: `failed` would have machines send it again. */
const UNKNOWN = { action: 'delayed', status: '4.4.2' } as const;

/** RFC 3463. */
function judged(state: RecipientState): { action: Action; status: string } {
  switch (state.status) {
    case 'sent':
      return { action: 'relayed', status: ofClass(2, state.reply.enhancedCode) ?? '2.0.0' };
    case 'bounced':
      return {
        action: 'failed',
        status:
          (FAILURES as Partial<Record<string, string>>)[state.failure ?? ''] ??
          ofClass(5, state.reply?.enhancedCode) ??
          '5.0.0',
      };
    case 'declined':
      return { action: 'failed', status: '5.1.0' };
    case 'expired':
      return { action: 'failed', status: '4.4.7' };
    case 'held':
      return { action: 'delayed', status: state.because === 'domain-not-found' ? '4.1.2' : '4.7.5' };
    case 'rejected':
      if (state.perhapsSent) return UNKNOWN;
      return { action: 'failed', status: state.because === 'hold-ended' ? '5.4.7' : '5.7.1' };
    case 'outcome-unknown':
      return UNKNOWN;
    case 'deferred':
      return { action: 'delayed', status: ofClass(4, state.reply?.enhancedCode) ?? '4.4.1' };
    case 'accepted':
    case 'protected':
    case 'attempting':
    case 'released':
      return { action: 'delayed', status: '4.0.0' };
    default:
      return state satisfies never;
  }
}

/** A server may say anything: a code whose class contradicts what it did is not repeated. */
const ofClass = (digit: 2 | 4 | 5, code: string | null | undefined): string | null =>
  code?.startsWith(`${digit}.`) === true ? code : null;

/** RFC 3464 §2.3.2; outside ASCII as RFC 6533 §3 has it where a message must be 7-bit. */
function typedAddress(address: Address): string {
  if (/^[\x21-\x7e]+$/.test(address)) return `rfc822; ${address}`;
  const embedded = Array.from(address, (character) =>
    /[!-~]/.test(character) && !/[\\+=]/.test(character)
      ? character
      : `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}}`,
  );
  return `utf-8; ${embedded.join('')}`;
}

/** Text of a server in what a field may hold. */
const plain = (text: string) =>
  text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 500);
