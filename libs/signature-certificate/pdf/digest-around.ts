// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Sha256 } from '@securemail/contracts';

/** SHA-256 of a file without the octets of the JWS in it. */
export const digestAround = (file: Buffer, at: number, length: number): Sha256 =>
  createHash('sha256')
    .update(file.subarray(0, at))
    .update(file.subarray(at + length))
    .digest('hex') as Sha256;
