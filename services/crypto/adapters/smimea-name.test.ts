// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import { smimeaNameOf } from './smimea-name.ts';

describe('the records of an address stand at a name', () => {
  it.each([
    // The example of RFC 7929 §3, whose names are made the same way.
    ['hugh@example.com', 'c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._smimecert.example.com'],
    ['test@test.com', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15._smimecert.test.com'],
  ])('%s', (address, name) => {
    expect(smimeaNameOf(Address.parse(address))).toBe(name);
  });

  it('of its own for each spelling of the local part, and not of the domain', () => {
    const name = (address: string) => smimeaNameOf(Address.parse(address));
    expect(name('Hugh@example.com')).not.toBe(name('hugh@example.com'));
    expect(name('hugh@Example.COM')).toBe(name('hugh@example.com'));
  });

  it('that is the same however an accent is written, in UTF-8', () => {
    const name = (address: string) => smimeaNameOf(Address.parse(address));
    expect(name('jos\u00e9@example.com')).toBe(name('jose\u0301@example.com'));
    expect(name('jos\u00e9@example.com')).not.toBe(name('jose@example.com'));
  });
});
