// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { forge } from './forge.ts';
import { octetString, sequence, smallInteger } from '../asn1/der.ts';
import { certificateOf, type Certificate } from '../certificates/certificate.ts';
import { keyAlgorithm } from '../certificates/key-algorithm.ts';
import { KeyMismatchError, UnreadableKeyError, WrongPasswordError } from '../errors.ts';

/**
 * Opens a PKCS#12 file (RFC 7292; `.p12`, `.pfx`), old (3DES, RC2, SHA-1) or as OpenSSL 3 writes it (PBES2,
 * AES-256, SHA-256), with a key of any kind that OpenSSL knows.
 *
 * @returns the key, its certificate, and the other certificates of the file.
 * @throws WrongPasswordError; UnreadableKeyError where it is no such file or holds no or several keys;
 *   KeyMismatchError where no certificate belongs to the key.
 */
export function loadPkcs12(
  bytes: Buffer,
  password: string,
): { key: KeyObject; certificate: Certificate; chain: Certificate[] } {
  const bags = open(bytes, password);
  const keys = bags.filter(({ type }) => KEY_BAGS.has(type));
  const [keyBag] = keys;
  if (keyBag === undefined || keys.length > 1) {
    throw new UnreadableKeyError(`the PKCS#12 file holds ${keys.length} private keys; one is wanted`);
  }
  const certificates = bags.filter(({ type }) => type === forge.pki.oids['certBag']).map(certificateIn);
  for (const certificate of certificates) {
    const key = keyOf(keyBag, certificate);
    if (!certificate.x509.checkPrivateKey(key)) continue;
    return { key, certificate, chain: certificates.filter((other) => other !== certificate) };
  }
  throw new KeyMismatchError('no certificate in the PKCS#12 file belongs to its private key');
}

/**
 * The certificates of a PKCS#12 file, with whatever keys or without: of the keys nothing is told but that there are some.
 *
 * @throws WrongPasswordError; UnreadableKeyError where it is no such file; UnreadableCertificateError.
 */
export function readPkcs12Certificates(
  bytes: Buffer,
  password: string,
): { certificates: Certificate[]; holdsKeys: boolean } {
  const bags = open(bytes, password);
  return {
    certificates: bags.filter(({ type }) => type === forge.pki.oids['certBag']).map(certificateIn),
    holdsKeys: bags.some(({ type }) => KEY_BAGS.has(type)),
  };
}

const KEY_BAGS = new Set([forge.pki.oids['keyBag'], forge.pki.oids['pkcs8ShroudedKeyBag']]);

/** node-forge's own errors might quote what they could not read: only their kind is passed on. */
function open(bytes: Buffer, password: string): forge.pkcs12.Bag[] {
  try {
    const file = forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('latin1')));
    const { safeContents } = decrypt(file, password);
    return safeContents.flatMap(({ safeBags }) => safeBags);
  } catch (error) {
    if (isAboutPassword(error)) {
      throw new WrongPasswordError('the password does not open the PKCS#12 file');
    }
    throw new UnreadableKeyError('the file is no PKCS#12 file, or one protected in a way not known here');
  }
}

const isAboutPassword = (error: unknown) =>
  error instanceof Error && /password|failed to decrypt/i.test(error.message);

/**
 * The MAC and the old ciphers take the password's UTF-16, PBES2 its UTF-8, and node-forge hands one text to both.
 * So a password like `æøå` passes the MAC and then fails; only then the contents are read once more with its UTF-8
 * octets, leaving out the MAC, which has been checked.
 */
function decrypt(file: forge.asn1.Asn1, password: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(file, password);
  } catch (error) {
    const octets = Buffer.from(password).toString('latin1');
    const macFailed = error instanceof Error && error.message.includes('MAC');
    if (macFailed || octets === password || !isAboutPassword(error)) throw error;
    const contents = { ...file, value: file.value.slice(0, 2) };
    return forge.pkcs12.pkcs12FromAsn1(contents, octets);
  }
}

/**
 * node-forge reads RSA keys into an object of its own and leaves others as they stand: PKCS#8. Of a key that is for
 * RSASSA-PSS alone (id-RSASSA-PSS) it forgets just that; its certificate says so, too.
 */
function keyOf(bag: forge.pkcs12.Bag, certificate: Certificate): KeyObject {
  try {
    if (!bag.key) return createPrivateKey({ key: toBuffer(bag.asn1), format: 'der', type: 'pkcs8' });
    const key = toBuffer(forge.pki.privateKeyToAsn1(bag.key));
    if (certificate.key.type !== 'rsa-pss') return createPrivateKey({ key, format: 'der', type: 'pkcs1' });
    const pkcs8 = sequence(smallInteger(0), keyAlgorithm(certificate).bytes, octetString(key));
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch {
    throw new UnreadableKeyError('the private key in the PKCS#12 file is of no kind that is known here');
  }
}

const certificateIn = ({ cert, asn1 }: forge.pkcs12.Bag): Certificate =>
  certificateOf(toBuffer(cert ? forge.pki.certificateToAsn1(cert) : asn1));

const toBuffer = (value: forge.asn1.Asn1): Buffer =>
  Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1');
