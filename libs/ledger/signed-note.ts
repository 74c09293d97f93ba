// SPDX-License-Identifier: Apache-2.0
import { isSigned, sha256 } from './hash.ts';
import { base64, concat, hex, isSame, octetsIn } from './octets.ts';

/** Who signs, as others know him (C2SP signed-note): a name, a key id of four octets, an Ed25519 key. */
export interface NoteVerifier {
  name: string;
  keyId: Uint8Array;
  kind: NoteKind;
  /** Its 32 octets (RFC 8032 §5.1.5). */
  publicKey: Uint8Array;
}

/** `log`: signs the text. `witness`: says when he saw it, too (C2SP tlog-cosignature). */
export type NoteKind = 'log' | 'witness';
const ALGORITHM: Record<NoteKind, number> = { log: 1, witness: 4 };
const KEY_OCTETS = 32;
const KEY_ID_OCTETS = 4;
const SIGNATURE_OCTETS = 64;
const TIME_OCTETS = 8;
export const DASH = '\u2014 ';

export const isNoteName = (name: string): boolean => /^[^\s+\p{C}]+$/u.test(name);

const typedKey = ({ kind, publicKey }: Pick<NoteVerifier, 'kind' | 'publicKey'>): Uint8Array =>
  concat(Uint8Array.of(ALGORITHM[kind]), publicKey);

export function verifierOf(name: string, publicKey: Uint8Array, kind: NoteKind): NoteVerifier {
  const keyId = sha256(`${name}\n`, typedKey({ kind, publicKey })).subarray(0, KEY_ID_OCTETS);
  return { name, keyId, kind, publicKey };
}

/** As it is handed to others: `name+keyid+key`. */
export const verifierKey = (verifier: NoteVerifier): string =>
  [verifier.name, hex(verifier.keyId), base64(typedKey(verifier))].join('+');

/** @throws Error in a sentence. */
export function parseVerifierKey(text: string): NoteVerifier {
  const [, name = '', id = '', key = ''] =
    /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim()) ?? [];
  const typed = octetsIn(key) ?? new Uint8Array();
  const kind = typed[0] === ALGORITHM.log ? 'log' : typed[0] === ALGORITHM.witness ? 'witness' : null;
  if (!isNoteName(name) || kind === null || typed.length !== 1 + KEY_OCTETS)
    throw new Error('a public key of a ledger looks like name+0123abcd+AbC…');
  const verifier = verifierOf(name, typed.slice(1), kind);
  if (hex(verifier.keyId) !== id)
    throw new Error('this public key of a ledger was changed: its id is not that of its name and key');
  return verifier;
}

/** A key a line. @throws Error in a sentence, also where there is none. */
export function parseVerifierKeys(text: string): NoteVerifier[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Error('has no public key');
  return lines.map(parseVerifierKey);
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
    // Of two texts for the same octets only one is right: no letter of a note can be changed.
    const octets = octetsIn(encoded);
    if (octets === null || octets.length <= KEY_ID_OCTETS) return null;
    const [id, signature] = [octets.subarray(0, KEY_ID_OCTETS), octets.subarray(KEY_ID_OCTETS)];
    const verifier = verifiers.find((each) => each.name === name && isSame(id, each.keyId));
    if (verifier === undefined) continue;
    const time = verifier.kind === 'witness' ? TIME_OCTETS : 0;
    if (signature.length !== time + SIGNATURE_OCTETS) return null;
    const at = time === 0 ? null : secondsIn(signature);
    const signed = UTF_8.encode(at === null ? text : `cosignature/v1\ntime ${at}\n${text}`);
    if (!isSigned(signed, signature.subarray(time), verifier.publicKey)) return null;
    signedBy.push({ name, at: at === null ? null : new Date(Number(at) * 1_000) });
  }
  return { text, signedBy };
}

const UTF_8 = new TextEncoder();

const secondsIn = ({ buffer, byteOffset }: Uint8Array): bigint =>
  new DataView(buffer, byteOffset).getBigUint64(0);
