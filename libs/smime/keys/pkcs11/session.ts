// SPDX-License-Identifier: Apache-2.0
import { KeyNotFoundError } from '../../errors.ts';
import { CK, type Attribute, type Cryptoki, type Handle } from './cryptoki.ts';

/** A private key in a token, by its CKA_LABEL or its CKA_ID. */
export type KeyAt = { readonly label: string } | { readonly id: Buffer };

/** A session with a token that one operation has for itself. */
export interface Session {
  readonly cryptoki: Cryptoki;
  readonly handle: Handle;
  /** @throws KeyNotFoundError */
  readonly key: (at: KeyAt) => Handle;
  /**
   * For what failed with data of our own, never for what a stranger sent: he would see by the time it takes.
   *
   * @throws KeyUnavailableError where it failed because the token is away.
   */
  readonly checkIsThere: (failed: unknown) => void;
}

/** Looks a private key up. @throws KeyNotFoundError where there is none, or more than one. */
export function findPrivateKey(cryptoki: Cryptoki, session: Handle, at: KeyAt): Handle {
  const named: Attribute =
    'label' in at ? { type: CK.CKA_LABEL, value: at.label } : { type: CK.CKA_ID, value: at.id };
  cryptoki.C_FindObjectsInit(session, [{ type: CK.CKA_CLASS, value: CK.CKO_PRIVATE_KEY }, named]);
  const found = cryptoki.C_FindObjects(session, 2);
  cryptoki.C_FindObjectsFinal(session);
  const [key] = found;
  if (key === undefined || found.length > 1) {
    throw new KeyNotFoundError(
      `the token has ${key === undefined ? 'no' : 'more than one'} private key with the ${keyName(at)}`,
    );
  }
  return key;
}

/** For people. */
export const keyName = (at: KeyAt): string =>
  'label' in at ? `label ${JSON.stringify(at.label)}` : `id ${at.id.toString('hex')}`;
