// SPDX-License-Identifier: Apache-2.0
import { OBSTACLES, type ProtectionMethod } from '@securemail/contracts';
import type { Recipient, RecipientState } from './email.ts';

const METHODS: Record<ProtectionMethod, string> = {
  internal: 'it stayed inside your organisation’s mail servers, over encrypted links',
  'smime-personal': 'signed and encrypted with S/MIME for the recipient',
  'smime-domain': 'signed and encrypted with S/MIME for the recipient’s organisation',
  tls: 'over a connection to the recipient’s mail server that was encrypted, and whose other end was verified',
};

const ARRIVED_BEFORE =
  'An earlier try may have arrived all the same: ask the recipient before you send it again.';

/** What happened to one recipient, in a sentence the sender understands, and what can be done. */
export function sentenceFor({ method, state, mayBeDuplicate }: Recipient): string {
  switch (state.status) {
    case 'sent': {
      const how = method === null ? '' : `: ${METHODS[method]}`;
      const twice = mayBeDuplicate
        ? ' An earlier try may have arrived too, so it may be there more than once.'
        : '';
      return `Sent${how}.${twice}`;
    }
    case 'bounced':
      return `Not sent: ${refusal(state)}. ${mayBeDuplicate ? ARRIVED_BEFORE : 'Check the address, or ask the recipient.'}`;
    case 'expired':
      return `Not sent: the recipient’s mail server could not be reached for so long that we gave up. ${mayBeDuplicate ? ARRIVED_BEFORE : 'Send it again later.'}`;
    case 'held':
      return `Held, not sent: ${OBSTACLES[state.because]}. It is kept safe; your administrator can release it once that is mended, or correct the address.`;
    case 'rejected':
      return state.because === 'hold-ended'
        ? 'Not sent: it was held, and nobody decided in time. Send it again once there is a secure way.'
        : `Not sent: ${state.by ?? 'your administrator'} decided so${state.reason === null ? '' : ` (${state.reason})`}.`;
    case 'outcome-unknown': {
      const often = mayBeDuplicate ? ', each time we tried' : '';
      return `Perhaps sent: the connection broke before the other side confirmed${often}. Ask the recipient; your administrator can send it again.`;
    }
    case 'deferred':
      return `Not sent yet: the recipient’s mail server asked to wait${replyText(state.reply)}. We keep trying.`;
    case 'accepted':
    case 'protected':
    case 'attempting':
    case 'released':
      return 'On its way.';
    default:
      return state satisfies never;
  }
}

/** What was known without a refusal. */
const FAILURES: Partial<Record<string, string>> = {
  'host-not-found': 'the domain of the address does not exist',
  'reported-later': 'the recipient’s mail server took it, and reported later that it could not be delivered',
  'null-mx': 'the domain of the address takes no mail',
  'too-large-for-server': 'the message is larger than the recipient’s mail server takes',
  '8bit-not-supported':
    'the recipient’s mail server takes plain ASCII only, and the message must not be changed',
  'smtputf8-not-supported':
    'the recipient’s mail server does not take addresses with letters outside ASCII, such as æ',
};

function refusal({
  reply,
  failure,
}: Pick<Extract<RecipientState, { status: 'bounced' }>, 'reply' | 'failure'>) {
  return FAILURES[failure ?? ''] ?? `the recipient’s mail server refused it${replyText(reply)}`;
}

const replyText = (reply: { code: number; enhancedCode: string | null } | null) =>
  reply === null ? '' : ` (${[reply.code, reply.enhancedCode].filter((part) => part !== null).join(' ')})`;

export const HEADLINES: Record<'sent' | 'partly-sent' | 'not-sent', string> = {
  sent: 'Your mail was sent securely to everyone.',
  'partly-sent': 'Your mail was sent securely to some of its recipients, and not to others.',
  'not-sent': 'Your mail was not sent.',
};

export const STILL_HELD = 'Your mail is still held for some of its recipients.';
