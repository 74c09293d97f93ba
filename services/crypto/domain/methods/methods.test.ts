// SPDX-License-Identifier: Apache-2.0
import { PROTECTION_METHODS, SmtpMethod } from '@securemail/contracts';
import { METHODS } from './methods.ts';

describe('the list of methods', () => {
  it('has each that events can name, in the same order', () => {
    expect(METHODS.map(({ name }) => name)).toEqual(PROTECTION_METHODS);
  });

  it('says of each that mail servers are given which way it goes', () => {
    const known = METHODS.filter(({ leg }) => leg !== null).map(({ name }) => name);
    expect(known).toEqual(SmtpMethod.options);
  });
});
