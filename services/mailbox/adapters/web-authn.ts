// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Address } from '@securemail/contracts';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Reader } from './messages.ts';
import type { Passkey } from './passkeys.ts';

/** Whose passkeys they are: the relying party (WebAuthn §4). */
export interface Site {
  /** Scheme, host and port of SecureMailBox. */
  url: string;
  /** Of the organisation, as people know it. */
  name: string;
}

/** Milliseconds in which a passkey is to answer. */
export const ANSWER_WITHIN_MS = 5 * 60_000;

/** EdDSA, ES256, RS256 (RFC 9053, RFC 8812): one of them every device has. */
const ALGORITHMS = [-8, -7, -257];

const idOf = ({ url }: Site): string => new URL(url).hostname;

/** What a browser is asked in order to make a passkey: one that is found without an address, and unlocked by its owner. */
export function askForNewPasskey(
  site: Site,
  owner: Reader & { address: Address },
  those: readonly Pick<Passkey, 'passkeyId' | 'transports'>[],
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return generateRegistrationOptions({
    rpName: `SecureMailBox · ${site.name}`,
    rpID: idOf(site),
    userName: owner.address,
    userDisplayName: site.name,
    userID: handleOf(owner),
    timeout: ANSWER_WITHIN_MS,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: those.map(({ passkeyId, transports }) => ({ id: passkeyId, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** The same for everybody: whichever passkeys of this site are in the device may answer. */
export function askForPasskey(site: Site): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return generateAuthenticationOptions({
    rpID: idOf(site),
    timeout: ANSWER_WITHIN_MS,
    userVerification: 'required',
  });
}

/** @returns the passkey; null where the answer is not one to this question, on this site, by who unlocked it. */
export async function newPasskeyIn(
  response: RegistrationResponseJSON,
  challenge: string,
  site: Site,
): Promise<Passkey | null> {
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: site.url,
    expectedRPID: idOf(site),
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => ({ verified: false, registrationInfo: undefined }));
  if (!verified || registrationInfo === undefined) return null;
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
  return { passkeyId: id, publicKey: Buffer.from(publicKey), counter, transports: [...transports] };
}

/** @returns its new count; null where the answer is not this passkey's to this question, on this site, by who unlocked it. */
export async function countOfAnswer(
  response: AuthenticationResponseJSON,
  challenge: string,
  site: Site,
  { passkeyId, publicKey, counter }: Passkey,
): Promise<number | null> {
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: site.url,
    expectedRPID: idOf(site),
    credential: { id: passkeyId, publicKey: new Uint8Array(publicKey), counter },
    requireUserVerification: true,
  }).catch(() => ({ verified: false, authenticationInfo: undefined }));
  return verified && authenticationInfo !== undefined ? authenticationInfo.newCounter : null;
}

/** Names the account to the device, and nobody to whoever finds the device (WebAuthn §14.6.1). */
const handleOf = ({ tenantId, person }: Reader): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(`passkeys of ${tenantId} `).update(person).digest());
