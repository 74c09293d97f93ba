// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { sha256 } from './hash.ts';

/** Who signs, as others know him (C2SP signed-note): a name, a key id of four octets, an Ed25519 key. */
export interface NoteVerifier {
  name: string;
  keyId: Uint8Array;
  kind: NoteKind;
  publicKey: KeyObject;
}

/** `log`: signs the text. `witness`: says when he saw it, too (C2SP tlog-cosignature). */
export type NoteKind = 'log' | 'witness';
const ALGORITHM: Record<NoteKind, number> = { log: 1, witness: 4 };
const KEY_OCTETS = 32;
const SIGNATURE_OCTETS = 64;
const TIME_OCTETS = 8;
const DASH = '\u2014 ';

export const isNoteName = (name: string): boolean => /^[^\s+\p{C}]+$/u.test(name);

const rawKey = (publicKey: KeyObject): Uint8Array =>
  Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
const keyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') },
    format: 'jwk',
  });
const keyIdOf = (name: string, typed: Uint8Array): Uint8Array => sha256(`${name}\n`, typed).subarray(0, 4);

export function noteVerifier(name: string, publicKey: KeyObject, kind: NoteKind = 'log'): NoteVerifier {
  const typed = Buffer.concat([Buffer.of(ALGORITHM[kind]), rawKey(publicKey)]);
  return { name, keyId: keyIdOf(name, typed), kind, publicKey };
}

/** As it is handed to others: `name+keyid+key`. */
export const verifierKey = ({ name, keyId, kind, publicKey }: NoteVerifier): string =>
  [
    name,
    Buffer.from(keyId).toString('hex'),
    Buffer.concat([Buffer.of(ALGORITHM[kind]), rawKey(publicKey)]).toString('base64'),
  ].join('+');

/** @throws Error in a sentence. */
export function parseVerifierKey(text: string): NoteVerifier {
  const [, name = '', id = '', key = ''] =
    /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim()) ?? [];
  const typed = Buffer.from(key, 'base64');
  const kind = typed[0] === ALGORITHM.log ? 'log' : typed[0] === ALGORITHM.witness ? 'witness' : null;
  if (!isNoteName(name) || kind === null || typed.length !== 1 + KEY_OCTETS)
    throw new Error('a public key of a ledger looks like name+0123abcd+AbC…');
  if (Buffer.from(keyIdOf(name, typed)).toString('hex') !== id)
    throw new Error('this public key of a ledger was changed: its id is not that of its name and key');
  return noteVerifier(name, keyOf(typed.subarray(1)), kind);
}

/** @param text ends with a line end. @returns it with the signature. */
export function signNote(text: string, name: string, privateKey: KeyObject): string {
  const { keyId } = noteVerifier(name, createPublicKey(privateKey));
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n${DASH}${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

export interface OpenedNote {
  text: string;
  /** Of those who were asked for: whose signature is right. Witnesses say when they saw it. */
  signedBy: { name: string; at: Date | null }[];
}

/** Whether a log signed it that is called so, and no witness alone. */
export const isSignedBy = ({ signedBy }: OpenedNote, log: string): boolean =>
  signedBy.some(({ name, at }) => name === log && at === null);

/** @returns null where it is no note, or a signature by a key that was asked for is wrong. */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, end + 1);
  const signedBy: OpenedNote['signedBy'] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name = '', encoded = ''] = /^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    const octets = Buffer.from(encoded, 'base64');
    // Of two texts for the same octets only one is right: no letter of a note can be changed.
    if (octets.length < 5 || octets.toString('base64') !== encoded) return null;
    const [id, signature] = [octets.subarray(0, 4), octets.subarray(4)];
    const verifier = verifiers.find((each) => each.name === name && id.equals(each.keyId));
    if (verifier === undefined) continue;
    const time = verifier.kind === 'witness' ? TIME_OCTETS : 0;
    if (signature.length !== time + SIGNATURE_OCTETS) return null;
    const at = time === 0 ? null : signature.readBigUInt64BE(0);
    const signed = at === null ? text : `cosignature/v1\ntime ${at}\n${text}`;
    if (!verify(null, Buffer.from(signed), verifier.publicKey, signature.subarray(time))) return null;
    signedBy.push({ name, at: at === null ? null : new Date(Number(at) * 1_000) });
  }
  return { text, signedBy };
}
