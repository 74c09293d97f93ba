// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CATALOGUE, type EventName } from './catalogue.ts';
import { fromCloudEvent, toCloudEvent } from './cloud-event.ts';
import { defineEvent } from './define-event.ts';
import type { SealedEvent } from './event.ts';
import { readEvent, UnknownEventError, UnreadableEventError, upcast } from './read-event.ts';

type Example = Omit<SealedEvent, 'personal'> & { personal: unknown };
const directory = join(import.meta.dirname, 'examples');
const example = (file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8')) as Example;
const files = readdirSync(directory);
const seal = (recorded: Example): SealedEvent => ({ ...recorded, personal: null });

describe('the event catalogue', () => {
  const versions = Object.values(CATALOGUE).flatMap((definition) =>
    Array.from({ length: definition.version }, (_, index) => `${definition.name}.v${index + 1}.json`),
  );

  it('has one recorded example for every version of every event type, and no other', () => {
    expect(files.toSorted()).toEqual(versions.toSorted());
  });

  it.each(files)('still reads the recorded %s', (file) => {
    const recorded = example(file);
    const event = readEvent(seal(recorded), recorded.personal);
    expect(event).toMatchObject({
      id: recorded.id,
      name: recorded.name,
      emailId: recorded.emailId,
      erased: false,
    });
    if (recorded.version === CATALOGUE[event.name].version) {
      expect(event.data).toEqual(recorded.data);
      expect(event.personal).toEqual(recorded.personal);
    }
  });

  it.each(files)('reads %s without its personal part once the email was erased', (file) => {
    const event = readEvent(seal(example(file)), undefined);
    expect(event).toMatchObject({ personal: null, erased: true });
  });

  it.each(files)('carries %s over the Kafka protocol binding unchanged', (file) => {
    const sealed: SealedEvent = { ...example(file), personal: 'c2VhbGVk' };
    expect(fromCloudEvent(toCloudEvent(sealed))).toEqual(sealed);
  });

  it.each(Object.keys(CATALOGUE) as EventName[])('is named as its key says: %s', (name) => {
    expect(CATALOGUE[name].name).toBe(name);
  });
});

describe('reading an event', () => {
  const recorded = example('EmailAccepted.v3.json');

  it('refuses a type that this release does not know', () => {
    expect(() => readEvent({ ...seal(recorded), name: 'EmailTeleported' }, null)).toThrow(UnknownEventError);
  });

  it('refuses a version from the future', () => {
    expect(() =>
      readEvent({ ...seal(recorded), version: CATALOGUE.EmailAccepted.version + 1 }, recorded.personal),
    ).toThrow(UnknownEventError);
  });

  it('names the path and never the value of what does not fit', () => {
    const poison = { ...seal(recorded), data: { ...(recorded.data as object), channel: 'secret-channel' } };
    const read = () => readEvent(poison, recorded.personal);
    expect(read).toThrow(UnreadableEventError);
    expect(read).toThrow(/data\.channel/);
    expect(read).not.toThrow(/secret-channel/);
  });

  it('refuses a CloudEvent whose headers are not ours', () => {
    const message = toCloudEvent({ ...recorded, personal: null });
    expect(() => fromCloudEvent({ ...message, headers: { ...message.headers, ce_subject: 'x' } })).toThrow(
      /ce_subject/,
    );
    expect(() => fromCloudEvent({ ...message, value: '{' })).toThrow(UnreadableEventError);
  });

  it.each([
    ['U+0000', '\u0000', true],
    ['half a surrogate pair', '\ud800', true],
    ['a whole one', '\u{1f600}', false],
    ['a backslash before u0000', '\\u0000', false],
  ])('tells %s in a CloudEvent, which no table can hold or can', (_, text, refused) => {
    const message = toCloudEvent({ ...recorded, data: { text }, personal: null });
    const read = () => fromCloudEvent(message);
    if (refused) expect(read).toThrow(UnreadableEventError);
    else expect(read().data).toEqual({ text });
  });
});

describe('an event type with a past', () => {
  const data = z.object({ minutes: z.int() });
  const definition = defineEvent({
    name: 'Waited',
    service: 'intake',
    meaning: '',
    version: 3,
    current: { data, personal: z.null() },
    upcasters: [
      ({ data, personal }) => ({ data: { seconds: (data as { ms: number }).ms / 1000 }, personal }),
      ({ data, personal }) => ({ data: { minutes: (data as { seconds: number }).seconds / 60 }, personal }),
    ],
  });

  it('reads each older version through all later upcasters', () => {
    expect(upcast(definition, 1, { data: { ms: 120_000 }, personal: null }).data).toEqual({ minutes: 2 });
    expect(upcast(definition, 2, { data: { seconds: 180 }, personal: null }).data).toEqual({ minutes: 3 });
    expect(upcast(definition, 3, { data: { minutes: 4 }, personal: null }).data).toEqual({ minutes: 4 });
  });

  it('cannot be declared with a missing upcaster', () => {
    expect(() => defineEvent({ ...definition, version: 4 })).toThrow(/needs 3 upcasters, has 2/);
  });
});
