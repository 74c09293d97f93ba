// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { noteVerifier } from '../sign-note.ts';

/** What a witness makes of a note of ours: it says when it saw it (C2SP tlog-cosignature). */
export function cosign(note: string, name: string, privateKey: KeyObject, at: Date): string {
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const seconds = Math.floor(at.getTime() / 1_000);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`), privateKey);
  const { keyId } = noteVerifier(name, createPublicKey(privateKey), 'witness');
  return `${note}\u2014 ${name} ${Buffer.concat([keyId, time, signature]).toString('base64')}\n`;
}
