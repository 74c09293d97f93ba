// SPDX-License-Identifier: Apache-2.0
import { createHash, hkdfSync } from 'node:crypto';
import { context, der, octetString, sequence, smallInteger } from '../asn1/der.ts';
import type { KeyWrap } from './key-wrap.ts';

/** A 32-bit integer, most significant octet first. */
function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}

/**
 * The key derivation function of ANSI X9.63 (SEC 1 §3.6.1).
 *
 * @param digest by the name that node:crypto has for it.
 */
export function x963Kdf(digest: string, secret: Buffer, info: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let made = 0, counter = 1; made < length; counter += 1) {
    const block = createHash(digest).update(secret).update(uint32(counter)).update(info).digest();
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/**
 * HKDF with SHA-256 (RFC 5869), as RFC 8418 §2.2 and RFC 9936 §2.2.1 use it.
 *
 * @param salt the ukm of a key agreement, where it has one.
 */
export function hkdfSha256(
  secret: Buffer,
  info: Buffer,
  length: number,
  salt: Buffer = Buffer.alloc(0),
): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length));
}

/** ECC-CMS-SharedInfo (RFC 5753 §7.2): what the derived key is for, and its length in bits. */
export const eccCmsSharedInfo = ({ identifier, kekLength }: KeyWrap, ukm: Buffer | null = null): Buffer =>
  sequence(
    identifier,
    ...(ukm === null ? [] : [der(context(0), octetString(ukm))]),
    der(context(2), octetString(uint32(kekLength * 8))),
  );

/** CMSORIforKEMOtherInfo (RFC 9629 §5). */
export const kemOtherInfo = ({ identifier, kekLength }: KeyWrap, ukm: Buffer | null = null): Buffer =>
  sequence(identifier, smallInteger(kekLength), ...(ukm === null ? [] : [der(context(0), octetString(ukm))]));
