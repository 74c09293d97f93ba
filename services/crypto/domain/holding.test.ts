// SPDX-License-Identifier: Apache-2.0
import { Address, recipientId, type DomainEvent, type NewEvent } from '@securemail/contracts';
import { changesIn, end, holdingOf, reject, release, withCorrections } from './holding.ts';

const [r1, r2, r3] = [recipientId(1), recipientId(2), recipientId(3)];
const address = (text: string) => Address.parse(text);
const GIVEN = new Map([
  [r1, address('b@citizen.example')],
  [r2, address('typo@citizen.example')],
  [r3, address('Kim@citizen.example')],
]);
const ANYWHERE = { given: GIVEN, within: null, forwards: () => false, whenForwarded: 'refuse' as const };
const ida = { keyId: 'console', by: 'Ida Iversen', reason: 'it is fine now' };
const stream = (...events: NewEvent[]) => events as unknown as DomainEvent[];
const planned = (messages: number): NewEvent => ({
  name: 'ProtectionPlanned',
  data: { messages: Array.from({ length: messages }) as never, recipients: [] },
  personal: null,
});
const held = (...recipientIds: (typeof r1)[]): NewEvent => ({
  name: 'EmailHeld',
  data: { recipientIds, because: 'no-certificate', endsAt: null },
  personal: null,
});
const released = (...recipientIds: (typeof r1)[]) =>
  release(holdingOf(stream(held(...recipientIds))), null, [], ANYWHERE, ida) as NewEvent<'EmailReleased'>;
const HELD = holdingOf(stream(planned(1), held(r1, r2)));

it('who is held is told by the stream: held again counts anew, decided about does not', () => {
  const again = holdingOf(stream(planned(1), held(r1, r2), released(r1, r2), planned(2), held(r2)));
  expect([[...again.held.keys()], again.messages, again.releasing, again.sequence]).toEqual([[r2], 3, 0, 5]);
  expect(holdingOf(stream(planned(0), held(r1), released(r1)))).toMatchObject({ releasing: 1, messages: 0 });
});

it('a release of mail from outside, which has no plan, is done when all of it are opened or held again', () => {
  const opened = (...recipientIds: (typeof r1)[]) =>
    ({ name: 'EmailOpened', data: { recipientIds } }) as unknown as NewEvent;
  const after = (...events: NewEvent[]) =>
    holdingOf(stream(held(r1, r2), released(r1, r2), ...events)).releasing;
  expect([after(), after(opened(r1)), after(opened(r1), held(r2)), after(opened(r1), opened(r2))]).toEqual([
    1, 1, 0, 0,
  ]);
});

it('a release is of all that are held, or of those that are named', () => {
  expect(release(HELD, null, [], ANYWHERE, ida)).toEqual({
    name: 'EmailReleased',
    data: { recipientIds: [r1, r2], keyId: 'console', guards: [] },
    personal: { by: 'Ida Iversen', reason: 'it is fine now', changes: [] },
  });
  expect(release(HELD, [r2, r2], [], ANYWHERE, ida)).toMatchObject({ data: { recipientIds: [r2] } });
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
  expect(release(HELD, [r1, r3], [], ANYWHERE, ida)).toEqual({ refused: 'not-held', recipientIds: [r3] });
  expect(reject(HELD, [r3], ida)).toEqual({ refused: 'not-held', recipientIds: [r3] });
  expect(
    release(HELD, [r1], [{ recipientId: r2, address: address('bo@citizen.example') }], ANYWHERE, ida),
  ).toEqual({
    refused: 'not-held',
    recipientIds: [r2],
  });
  expect(release(holdingOf([]), null, [], ANYWHERE, ida)).toEqual({ refused: 'nothing-held' });
});

it('of several corrections the last counts', () => {
  const corrected = (text: string) =>
    release(
      HELD,
      [r1],
      [{ recipientId: r1, address: address(text) }],
      ANYWHERE,
      ida,
    ) as NewEvent<'EmailReleased'>;
  const changes = changesIn(stream(corrected('b@citizen.example'), corrected('bo@citizen.example')));
  expect([...changes]).toEqual([[r1, 'bo@citizen.example']]);
});

it('mail from outside goes to own addresses alone, corrected or not', () => {
  const to = (text: string) =>
    release(
      HELD,
      [r1],
      [{ recipientId: r1, address: address(text) }],
      { ...ANYWHERE, within: ['demo.example'] },
      ida,
    );
  expect(to('b@other.example')).toEqual({ refused: 'not-own', places: [0] });
  expect(to('b@demo.example')).toMatchObject({ name: 'EmailReleased' });
});

it('who is corrected to an own mailbox that forwards outside is found, and refused where that is set', () => {
  const to = (text: string, whenForwarded: 'refuse' | 'allow') =>
    release(
      HELD,
      [r1],
      [{ recipientId: r1, address: address(text) }],
      { ...ANYWHERE, forwards: (each) => each === 'ola@demo.example', whenForwarded },
      ida,
    );
  expect(to('ola@demo.example', 'refuse')).toMatchObject({
    name: 'ReleaseRefused',
    data: { guards: [{ guard: 'forwards-outside', action: 'refuse', recipientIds: [r1] }] },
  });
  expect(to('bo@demo.example', 'refuse')).toMatchObject({ name: 'EmailReleased', data: { guards: [] } });
  // Who was not let go is held as before, at the address of before.
  const after = holdingOf(stream(held(r1, r2), to('ola@demo.example', 'refuse') as NewEvent));
  expect([[...after.held.keys()], after.releasing, after.corrected.size]).toEqual([[r1, r2], 0, 0]);
  expect(to('ola@demo.example', 'allow')).toMatchObject({
    name: 'EmailReleased',
    data: { guards: [{ guard: 'forwards-outside', action: 'allow', recipientIds: [r1] }] },
  });
});

it('nobody is corrected to who is a recipient already, and would get it twice', () => {
  const change = (recipientId: typeof r1, text: string) => ({ recipientId, address: address(text) });
  const to = (...changes: ReturnType<typeof change>[]) => release(HELD, null, changes, ANYWHERE, ida);
  const refused = (...places: number[]) => ({ refused: 'already-recipient', places });
  expect(to(change(r1, 'new@citizen.example'), change(r2, 'kim@citizen.example'))).toEqual(refused(1));
  expect(to(change(r1, 'new@citizen.example'), change(r2, 'New@citizen.example'))).toEqual(refused(0, 1));
  // Nobody is there any more.
  expect(to(change(r1, 'new@citizen.example'), change(r2, 'b@citizen.example'))).toHaveProperty('name');
  expect(to(change(r1, 'b@citizen.example'))).toHaveProperty('name');
  const corrected = holdingOf(stream(to(change(r1, 'new@citizen.example')) as NewEvent, held(r2)));
  expect(release(corrected, [r2], [change(r2, 'new@citizen.example')], ANYWHERE, ida)).toEqual(refused(0));
});

it('a corrected address is as secret as a blind copy, as long as the header does not name it', () => {
  const recipients = [...GIVEN].map(([recipientId, given]) => ({
    recipientId,
    address: given,
    disclosed: recipientId !== r3,
  }));
  const disclosed = (text: string) =>
    withCorrections(recipients, new Map([[r1, address(text)]])).map((recipient) => recipient.disclosed);
  expect(disclosed('b@citizen.example')).toEqual([true, true, false]);
  expect(disclosed('new@citizen.example')).toEqual([false, true, false]);
  expect(disclosed('kim@citizen.example')).toEqual([false, true, false]);
});
