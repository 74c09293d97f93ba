// SPDX-License-Identifier: Apache-2.0
import { KeyUnavailableError, TokenNotFoundError } from '../../errors.ts';
import { codeOf } from './cryptoki.ts';

/**
 * The token knows neither session nor key any more. None of these says anything of the data it was given: a code that
 * a wrong ciphertext may cause must never stand here, as what follows can be seen from outside.
 */
const LOST = new Set([
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_OPERATION_ACTIVE',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
]);
export const isLost = (error: unknown): boolean =>
  !(error instanceof KeyUnavailableError) && LOST.has(codeOf(error) ?? '');

/**
 * The device, or the way to it, is out of order. Some tokens say so of a wrong ciphertext, too: these count only where
 * nothing of a stranger's was handed over yet.
 */
const OUT_OF_ORDER = new Set([
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_MEMORY',
  'CKR_FUNCTION_FAILED',
  'CKR_GENERAL_ERROR',
  'CKR_HOST_MEMORY',
]);

/** As much of {@link OUT_OF_ORDER} as the standard has for nothing but the device (PKCS#11 2.40 base, §5.1.2). */
export const isOfTheDevice = (error: unknown): boolean =>
  codeOf(error) === 'CKR_DEVICE_ERROR' || codeOf(error) === 'CKR_DEVICE_MEMORY';

/**
 * Runs what names a key and a mechanism, and no data yet: a mechanism that the token has not is a fault of that, a token
 * that is out of order is away.
 *
 * @throws KeyUnavailableError, or what `operate` throws.
 */
export function beforeData<T>(operate: () => T): T {
  try {
    return operate();
  } catch (error) {
    throw OUT_OF_ORDER.has(codeOf(error) ?? '') ? outOfOrder(error) : error;
  }
}

/** For people. */
export const outOfOrder = (error: unknown): KeyUnavailableError =>
  new KeyUnavailableError(`the token is out of order (${codeOf(error) ?? 'no code'})`);

/**
 * Runs what has to do with the token only and not with what it is asked: however that fails, it is the key that is not
 * to be had.
 */
export function reaching<T>(operate: () => T): T {
  try {
    return operate();
  } catch (error) {
    if (error instanceof KeyUnavailableError || isLost(error)) throw error;
    throw new KeyUnavailableError(`the token cannot be reached (${codeOf(error) ?? 'no code'})`);
  }
}

/** What {@link reaching} makes of the rest: neither a key that is not there, nor a PIN that is wrong. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof TokenNotFoundError ||
  (error instanceof KeyUnavailableError && error.name === 'KeyUnavailableError');
