// SPDX-License-Identifier: Apache-2.0
import { KeyUnavailableError, PinLockedError, TokenNotFoundError, WrongPinError } from '../../errors.ts';
import { Connection } from './connection.ts';
import type { Cryptoki } from './cryptoki.ts';

/** A token that answers as real ones do which no test machine has: it locks itself, or is on Windows. */
function tokenThatSays(code: string | null, { slots = [Buffer.of(7, 0, 0, 0)] } = {}) {
  const closed: Buffer[] = [];
  const session = Buffer.of(1);
  const cryptoki = {
    C_GetSlotList: () => slots,
    C_GetTokenInfo: () => ({ label: 'A token'.padEnd(32) }),
    C_OpenSession: () => session,
    C_GetSessionInfo: () => ({}),
    C_CloseSession: (handle: Buffer) => closed.push(handle),
    C_Login: () => {
      if (code !== null) throw new Error(`${code}:1`);
    },
  };
  return { cryptoki: cryptoki as unknown as Cryptoki, closed };
}
const label = { label: 'A token' };

describe('logging in', () => {
  it.each([
    ['CKR_PIN_LOCKED', PinLockedError],
    ['CKR_PIN_INCORRECT', WrongPinError],
    ['CKR_PIN_LEN_RANGE', WrongPinError],
    ['CKR_DEVICE_ERROR', KeyUnavailableError],
  ])('where the token says %s is told as what it is, and the session ends', (code, type) => {
    const { cryptoki, closed } = tokenThatSays(code);
    expect(() => new Connection(cryptoki, label, '1234')).toThrow(type);
    expect(closed).toHaveLength(1);
  });

  it('where somebody in this process did already is as good', () => {
    const { cryptoki } = tokenThatSays('CKR_USER_ALREADY_LOGGED_IN');
    expect(() => new Connection(cryptoki, label, '1234')).not.toThrow();
  });

  it('finds a slot by its number, whether that has four octets or eight, and refuses two of one label', () => {
    const eight = Buffer.of(8, 1, 0, 0, 0, 0, 0, 0);
    const { cryptoki } = tokenThatSays(null, { slots: [Buffer.of(7, 0, 0, 0), eight] });
    for (const slot of [7, 264]) expect(() => new Connection(cryptoki, { slot }, '1234')).not.toThrow();
    expect(() => new Connection(cryptoki, { slot: 8 }, '1234')).toThrow(TokenNotFoundError);
    expect(() => new Connection(cryptoki, label, '1234')).toThrow(/more than one token/);
  });
});

it.each([
  ['CKR_GENERAL_ERROR', true, KeyUnavailableError],
  ['CKR_DEVICE_ERROR', false, KeyUnavailableError],
  ['CKR_MECHANISM_INVALID', false, null],
] as const)('signing that fails with %s, the token away: %s', async (code, isAway, type) => {
  const { cryptoki } = tokenThatSays(null);
  const connection = new Connection(cryptoki, label, '1234');
  if (isAway)
    cryptoki.C_GetTokenInfo = () => {
      throw new Error('CKR_GENERAL_ERROR:5');
    };
  const outcome = connection.withSession(({ checkIsThere }) => {
    checkIsThere(new Error(`${code}:1`));
    return Promise.resolve('it is there');
  });
  if (type === null) expect(await outcome).toBe('it is there');
  else await expect(outcome).rejects.toThrow(type);
});
