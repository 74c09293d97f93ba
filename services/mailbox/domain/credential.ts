// SPDX-License-Identifier: Apache-2.0

/** By which somebody signs in beside a code, as he wished. */
export type CredentialKind = 'passkey' | 'password';
export type CredentialChange = 'added' | 'removed';

/** Of one person at one organisation. */
export const MOST_PASSKEYS = 10;

const FRESH_MINUTES = 10;

/**
 * Whether somebody signed in so lately that he may add a way to sign in: who comes across a browser that was left open
 * gets none for himself.
 */
export const isFresh = ({ beganAt }: { beganAt: Date }, now: Date): boolean =>
  now.getTime() - beganAt.getTime() < FRESH_MINUTES * 60_000;
