// SPDX-License-Identifier: Apache-2.0

/** Content types of CMS (RFC 5652, RFC 5083) in DER; the type stands at the very start. */
const ENCRYPTED = ['2a864886f70d010703', '2a864886f70d0109100117'].map((oid) => Buffer.from(oid, 'hex'));
const TYPE_WITHIN = 64;

/** Whether octets are CMS enveloped or authenticated-enveloped data, that is an encrypted S/MIME message. */
export function isEncryptedCms(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, TYPE_WITHIN));
  return ENCRYPTED.some((oid) => start.includes(oid));
}
