// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { base64, concat } from './octets.ts';
import { DASH, verifierOf, type NoteKind, type NoteVerifier } from './signed-note.ts';

const octetsOf = (publicKey: KeyObject): Uint8Array =>
  Uint8Array.from(Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url'));

export const noteVerifier = (name: string, publicKey: KeyObject, kind: NoteKind = 'log'): NoteVerifier =>
  verifierOf(name, octetsOf(publicKey), kind);

/** @param text ends with a line end. @returns it with the signature. */
export function signNote(text: string, name: string, privateKey: KeyObject): string {
  const { keyId } = noteVerifier(name, createPublicKey(privateKey));
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n${DASH}${name} ${base64(concat(keyId, signature))}\n`;
}
