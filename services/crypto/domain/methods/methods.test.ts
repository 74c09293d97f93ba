// SPDX-License-Identifier: Apache-2.0
import { PROTECTION_METHODS } from '@securemail/contracts';
import { METHODS } from './methods.ts';

describe('the list of methods', () => {
  it('has each that events can name, in the same order', () => {
    expect(METHODS.map(({ name }) => name)).toEqual(PROTECTION_METHODS);
  });

  it('says of each which way its mail goes', () => {
    expect(METHODS.filter(({ leg }) => leg === null)).toEqual([]);
  });
});
