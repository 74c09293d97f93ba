// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from 'react';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

const never = () => () => undefined;
/** Where the page is rendered first nobody knows it; nearly all do. */
export const useKnowsPasskeys = (): boolean =>
  useSyncExternalStore(
    never,
    () => 'PublicKeyCredential' in globalThis,
    () => true,
  );

/** Its owner turned away, took too long, or has none: browsers do not tell which (WebAuthn §14.5.2). */
export class LeftUndone extends Error {
  override name = 'LeftUndone';
  constructor(
    /** The device has one already. */
    readonly isThere: boolean,
  ) {
    super('no passkey');
  }
}

// Few use it: it is not among what everybody loads.
const webAuthn = () => import('@simplewebauthn/browser');

const leftUndone = (error: unknown): never => {
  throw new LeftUndone(error instanceof Error && error.name === 'InvalidStateError');
};

/** Has the device answer. @throws LeftUndone */
export async function answerOf(optionsJSON: PublicKeyCredentialRequestOptionsJSON) {
  const { startAuthentication } = await webAuthn();
  return await startAuthentication({ optionsJSON }).catch(leftUndone);
}

/** Has the device make one. @throws LeftUndone */
export async function newPasskeyOf(optionsJSON: PublicKeyCredentialCreationOptionsJSON) {
  const { startRegistration } = await webAuthn();
  return await startRegistration({ optionsJSON }).catch(leftUndone);
}
