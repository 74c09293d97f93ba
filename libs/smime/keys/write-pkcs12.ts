// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac, randomBytes, type KeyObject } from 'node:crypto';
import { context, der, NULL, octetString, oid, sequence, setOf, smallInteger, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import type { Certificate } from '../certificates/certificate.ts';

const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERT_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
/** Octets, and rounds, of SHA-256 in the derivation of the MAC's key (RFC 7292 appendix B); rounds as OpenSSL 3 has them. */
const [HASH, BLOCK, ROUNDS] = [32, 64, 2_048];
/** What the key that is derived is for: a MAC (appendix B.3). */
const FOR_MAC = 3;

/**
 * A PKCS#12 file (RFC 7292) as OpenSSL 3 writes it: the key in PBES2 with AES-256, a MAC with SHA-256. The certificates
 * are not encrypted. Written here, for node-forge writes RSA keys alone.
 *
 * @param password ASCII, and random: so few rounds hold up nobody who guesses words.
 */
export function writePkcs12(
  { key, certificate, chain }: { key: KeyObject; certificate: Certificate; chain: readonly Certificate[] },
  password: string,
): Buffer {
  // The DER of an EncryptedPrivateKeyInfo is what the bag holds.
  const shrouded = key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: password });
  const belongsTogether = setOf(
    sequence(oid(LOCAL_KEY_ID), setOf(octetString(Buffer.from(certificate.sha256, 'hex')))),
  );
  const bag = (type: string, value: Buffer, ...attributes: Buffer[]) =>
    sequence(oid(type), der(context(0), value), ...attributes);
  const certificateBag = ({ der: bytes }: Certificate, ...attributes: Buffer[]) =>
    bag(CERT_BAG, sequence(oid(X509_CERTIFICATE), der(context(0), octetString(bytes))), ...attributes);
  const safe = sequence(
    data(
      sequence(certificateBag(certificate, belongsTogether), ...chain.map((each) => certificateBag(each))),
    ),
    data(sequence(bag(SHROUDED_KEY_BAG, shrouded, belongsTogether))),
  );
  return sequence(smallInteger(3), data(safe), macOf(safe, password));
}

/** A ContentInfo of plain octets (RFC 5652 §3). */
const data = (content: Buffer): Buffer => sequence(oid(OID.data), der(context(0), octetString(content)));

function macOf(safe: Buffer, password: string): Buffer {
  const salt = randomBytes(16);
  const mac = createHmac('sha256', macKey(password, salt)).update(safe).digest();
  const digest = sequence(sequence(oid(OID.sha256), NULL), octetString(mac));
  return sequence(digest, octetString(salt), der(TAG.integer, Buffer.of(ROUNDS >> 8, ROUNDS & 0xff)));
}

/** RFC 7292 appendix B.2, for a key that is as long as one hash, which needs one round of its outer loop. */
function macKey(password: string, salt: Buffer): Buffer {
  const characters = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const repeated = (octets: Buffer) => Buffer.alloc(BLOCK * Math.ceil(octets.length / BLOCK), octets);
  let key = Buffer.concat([Buffer.alloc(BLOCK, FOR_MAC), repeated(salt), repeated(characters)]);
  for (let round = 0; round < ROUNDS; round += 1) key = createHash('sha256').update(key).digest();
  return key.subarray(0, HASH);
}
