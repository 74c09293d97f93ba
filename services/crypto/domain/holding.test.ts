// SPDX-License-Identifier: Apache-2.0
import { Address, recipientId, type DomainEvent, type NewEvent } from '@securemail/contracts';
import { changesIn, end, holdingOf, reject, release } from './holding.ts';

const [r1, r2, r3] = [recipientId(1), recipientId(2), recipientId(3)];
const ida = { keyId: 'console', by: 'Ida Iversen', reason: 'it is fine now' };
const stream = (...events: NewEvent[]) => events as unknown as DomainEvent[];
const planned = (messages: number): NewEvent => ({
  name: 'ProtectionPlanned',
  data: { messages: Array.from({ length: messages }) as never, recipients: [] },
  personal: null,
});
const held = (...recipientIds: (typeof r1)[]): NewEvent => ({
  name: 'EmailHeld',
  data: { recipientIds, because: 'no-certificate' },
  personal: null,
});
const released = (...recipientIds: (typeof r1)[]) =>
  release(holdingOf(stream(held(...recipientIds))), null, [], ida) as NewEvent<'EmailReleased'>;
const HELD = holdingOf(stream(planned(1), held(r1, r2)));

it('who is held is told by the stream: held again counts anew, decided about does not', () => {
  const again = holdingOf(stream(planned(1), held(r1, r2), released(r1, r2), planned(2), held(r2)));
  expect([[...again.held.keys()], again.messages, again.releasing, again.sequence]).toEqual([[r2], 3, 0, 5]);
  expect(holdingOf(stream(planned(0), held(r1), released(r1)))).toMatchObject({ releasing: 1, messages: 0 });
});

it('a release is of all that are held, or of those that are named', () => {
  expect(release(HELD, null, [], ida)).toEqual({
    name: 'EmailReleased',
    data: { recipientIds: [r1, r2], keyId: 'console' },
    personal: { by: 'Ida Iversen', reason: 'it is fine now', changes: [] },
  });
  expect(release(HELD, [r2, r2], [], ida)).toMatchObject({ data: { recipientIds: [r2] } });
});

it('a rejection says who and why, the end of a hold says nobody', () => {
  expect(reject(HELD, [r1], ida)).toMatchObject({
    data: { recipientIds: [r1], because: 'rejected-by-person', keyId: 'console' },
    personal: { by: 'Ida Iversen', reason: 'it is fine now' },
  });
  expect(end(HELD)).toMatchObject({
    data: { recipientIds: [r1, r2], because: 'hold-ended', keyId: null },
    personal: null,
  });
  expect(end(holdingOf(stream(planned(1))))).toBeNull();
});

it('nothing is decided about who is not held', () => {
  const address = Address.parse('bo@citizen.example');
  expect(release(HELD, [r1, r3], [], ida)).toEqual({ refused: 'not-held', recipientIds: [r3] });
  expect(reject(HELD, [r3], ida)).toEqual({ refused: 'not-held', recipientIds: [r3] });
  expect(release(HELD, [r1], [{ recipientId: r2, address }], ida)).toEqual({
    refused: 'not-held',
    recipientIds: [r2],
  });
  expect(release(holdingOf([]), null, [], ida)).toEqual({ refused: 'nothing-held' });
});

it('of several corrections the last counts', () => {
  const corrected = (text: string) =>
    release(
      HELD,
      [r1],
      [{ recipientId: r1, address: Address.parse(text) }],
      ida,
    ) as NewEvent<'EmailReleased'>;
  const changes = changesIn(stream(corrected('b@citizen.example'), corrected('bo@citizen.example')));
  expect([...changes]).toEqual([[r1, 'bo@citizen.example']]);
});
