// SPDX-License-Identifier: Apache-2.0
import { recipientId } from '@securemail/contracts';
import type { Email, RecipientState } from './email.ts';
import { mailingForMachine, mailingOf } from './mailing.ts';

const at = '2026-01-01T00:00:00.000Z';
const HELD: RecipientState = { status: 'held', at, because: 'no-certificate' };
const ON_ITS_WAY: RecipientState = { status: 'attempting', since: at };
const emailOf = (direction: Email['direction'], ...states: RecipientState[]) => ({
  direction,
  decisions: 1,
  delayToldAt: null,
  recipients: states.map((state, index) => ({
    recipientId: recipientId(index + 1),
    method: null,
    isPlanned: true,
    passedOver: [],
    attempts: 1,
    state,
    released: null,
    corrected: null,
    mayBeDuplicate: false,
    deposit: null,
    awaitsDeposit: false,
    settledFirst: null,
    openedAt: null,
  })),
});

it.each([
  ['interim', [ON_ITS_WAY], 'none'],
  ['partial', [ON_ITS_WAY], 'none'],
  ['interim', [HELD, ON_ITS_WAY], 'now'],
  ['partial', [HELD, ON_ITS_WAY], 'now'],
] as const)(
  'the postmaster is told of what is held, and not of what is on its way: %s (%#)',
  (kind, states, mailing) => {
    expect(mailingForMachine(emailOf('outbound', ...states), kind)).toBe(mailing);
    expect(mailingOf(emailOf('inbound', ...states), { kind, wanted: 'always', guarded: false })).toBe(
      mailing,
    );
  },
);

it('a sender is told of what is on its way after a decision, whatever he wants', () => {
  const options = { kind: 'partial', wanted: 'on-trouble', guarded: false } as const;
  expect(mailingOf(emailOf('outbound', ON_ITS_WAY), options)).toBe('now');
});
