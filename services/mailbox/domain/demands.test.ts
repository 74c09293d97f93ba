// SPDX-License-Identifier: Apache-2.0
import { SENSITIVITIES, type Demands } from '@securemail/service';
import { demandedOf, lackingFor, sensitivitiesSaid, type Level } from './demands.ts';

const OIDC = 'openid-connect';
const NONE: Demands = { sensitivity: {} };

it.each([
  [null, []],
  ['', []],
  ['Normal', []],
  ['Personal', ['personal']],
  ['  private ', ['private']],
  ['Company-Confidential', ['company-confidential']],
  ['Company Confidential', ['company-confidential']],
  ['Private (of the family)', ['private']],
  ['Top-Secret', [...SENSITIVITIES]],
])('the sensitivity %j is %j', (field, expected) => {
  expect(sensitivitiesSaid(field)).toEqual(expected);
});

it.each<[Demands, Level[], string[]]>([
  [NONE, ['private', 'sensitive-content'], []],
  [{ ...NONE, everyMessage: OIDC }, [], [OIDC]],
  [{ sensitivity: { private: OIDC } }, ['private'], [OIDC]],
  [{ sensitivity: { private: OIDC } }, ['personal'], []],
  [{ ...NONE, sensitiveContent: OIDC }, ['sensitive-content'], [OIDC]],
  [{ ...NONE, sensitiveContent: OIDC }, ['private'], []],
  [{ everyMessage: OIDC, sensitivity: { private: OIDC } }, ['private'], [OIDC]],
  [{ everyMessage: 'second-channel', sensitivity: { private: OIDC } }, ['private'], ['second-channel', OIDC]],
])('%j demands of a message that is %j: %j', (demands, levels, expected) => {
  expect(demandedOf(levels, demands)).toEqual(expected);
});

it('what was demanded once stays demanded, and what is demanded later counts, too', () => {
  const before = { levels: ['private' as const], demanded: [OIDC] as const };
  const now = { levels: ['private' as const], demanded: [] };
  const stricter = { sensitivity: { private: OIDC } } as const;
  expect(lackingFor(before, NONE, [])).toEqual([OIDC]);
  expect(lackingFor(now, stricter, [])).toEqual([OIDC]);
  expect(lackingFor(now, NONE, [])).toEqual([]);
  expect(lackingFor(before, stricter, [OIDC])).toEqual([]);
});
