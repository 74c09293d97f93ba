// SPDX-License-Identifier: Apache-2.0
import { hashPassword, isPassword } from './password-hash.ts';

it('knows a password again, and no other, and keeps each in another way', async () => {
  const [one, two] = [await hashPassword('blåbærgrød med fløde'), await hashPassword('blåbærgrød med fløde')];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(await isPassword('blåbærgrød med fløde', one)).toBe(true);
  expect(await isPassword('blåbærgrød med flødE', one)).toBe(false);
  expect(await isPassword('blåbærgrød med fløde', null)).toBe(false);
});

it('reads what others made of one, with costs of their own', async () => {
  // Of the tests of the reference implementation (phc-winner-argon2, src/test.c).
  const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await isPassword('password', stored)).toBe(true);
  expect(await isPassword('passwore', stored)).toBe(false);
  await expect(isPassword('x', 'plain')).rejects.toThrow('can’t be read');
});
