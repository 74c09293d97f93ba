// SPDX-License-Identifier: Apache-2.0
import { happened } from '../../testing/happened.ts';
import { BO, corrected } from '../../testing/story.ts';
import { findableBy, soughtAddress, soughtMessageId, soughtTrace } from './sought.ts';

describe('what somebody looks for', () => {
  it.each([
    ['Bo@Citizen.Example', { by: 'address', text: 'bo@citizen.example' }],
    ['bo@dänemark.example', { by: 'address', text: 'bo@xn--dnemark-5wa.example' }],
    ['@Citizen.Example', { by: 'domain', text: 'citizen.example' }],
    ['@dänemark.example', { by: 'domain', text: 'xn--dnemark-5wa.example' }],
    ['@', null],
    ['bo', null],
    ['', null],
  ])('%j is an address: %j', (typed, sought) => {
    expect(soughtAddress(typed)).toEqual(sought);
  });

  it('is a Message-ID with its brackets and without', () => {
    expect(soughtMessageId(' <1@demo.example> ')).toEqual(soughtMessageId('1@demo.example'));
  });

  it('is a trace only in 32 hexadecimal digits', () => {
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(soughtTrace(id.toUpperCase())).toEqual({ by: 'trace-id', text: id });
    expect([soughtTrace(id.slice(1)), soughtTrace(`${id}0`), soughtTrace('z'.repeat(32))]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('by what an email is found', () => {
  it('by all that its events name, each once, and by what a release put in place of it', () => {
    const events = happened([BO, 'eva@citizen.example'], [[1, corrected(1, 'bo@else.example')]]);
    const found = findableBy(events, ['4bf92f3577b34da6a3ce929d0e0e4736', 'nonsense']);
    expect(new Set(found.map(({ by, text }) => `${by} ${text}`))).toEqual(
      new Set([
        'trace-id 4bf92f3577b34da6a3ce929d0e0e4736',
        'address anna@demo.example',
        'domain demo.example',
        'address bo@citizen.example',
        'domain citizen.example',
        'address eva@citizen.example',
        'message-id 1@demo.example',
        'address bo@else.example',
        'domain else.example',
      ]),
    );
    expect(found).toHaveLength(9);
  });

  it('by nothing that names anybody once it was erased', () => {
    const events = happened([BO], []).map((event) => ({ ...event, personal: null, erased: true }));
    expect(findableBy(events, [])).toEqual([]);
  });
});
