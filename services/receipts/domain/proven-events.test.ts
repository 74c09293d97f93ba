// SPDX-License-Identifier: Apache-2.0
import { recipientId, type DomainEvent } from '@securemail/contracts';
import { happened } from '../testing/happened.ts';
import { BO, bounced, deferred, delivered, KIM, planned, started } from '../testing/story.ts';
import { provenEvents } from './proven-events.ts';

const names = (events: readonly DomainEvent[]) =>
  events.map(({ name, data }) => [name, 'recipientIds' in data ? data.recipientIds : null]);
const toAll = () => true;
const butKim = (id: string) => id !== recipientId(2);

it('is the last of each recipient that says how it went', () => {
  const sent = [
    [1, planned([1, 2])],
    [2, started(1, 2)],
    [3, deferred(1)],
    [3, bounced(2)],
    [9, delivered(1)],
  ] as const;
  expect(names(provenEvents(happened([BO, KIM], sent), toAll))).toEqual([
    ['Bounced', ['r2']],
    ['Delivered', ['r1']],
  ]);
});

it('is one for all who got it at once, and the acceptance where nothing is known yet', () => {
  const events = happened([BO, KIM], [[1, planned([1, 2])]]);
  expect(names(provenEvents(events, toAll))).toEqual([['EmailAccepted', ['r1', 'r2']]]);
  const sent = happened([BO, KIM], [[3, delivered(1, 2)]]);
  expect(names(provenEvents(sent, toAll))).toEqual([['Delivered', ['r1', 'r2']]]);
});

it('names nobody of whom the reader is not to know', () => {
  const apart = [
    [3, delivered(1)],
    [4, delivered(2)],
  ] as const;
  expect(names(provenEvents(happened([BO, KIM], apart), butKim))).toEqual([['Delivered', ['r1']]]);
  expect(provenEvents(happened([BO, KIM], [[3, delivered(1, 2)]]), butKim)).toEqual([]);
});

it('is bounded: the latest of very many', () => {
  const people = Array.from({ length: 60 }, (_, at) => `p${at}@citizen.example`);
  const events = happened(
    people,
    people.map((_, at) => [at + 1, delivered(at + 1)] as const),
  );
  const proven = provenEvents(events, toAll);
  expect(proven).toHaveLength(20);
  expect(names(proven).at(-1)).toEqual(['Delivered', ['r60']]);
});
