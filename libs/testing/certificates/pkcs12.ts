// SPDX-License-Identifier: Apache-2.0
import forge from 'node-forge';

/** A PKCS #12 file with the key, its certificate and the chain above it. @throws Error for a password beyond ASCII. */
export function pkcs12(
  parts: { certificatePem: string; keyPem: string; chainPem: readonly string[] },
  password: string,
): Buffer {
  // Forge derives from the password's bytes in one place and from its UTF-16 in another: only ASCII comes out right.
  if (!/^[\x20-\x7e]*$/.test(password)) throw new Error('a PKCS #12 password is made of ASCII here');
  const certificates = [parts.certificatePem, ...parts.chainPem].map((pem) =>
    forge.pki.certificateFromPem(pem),
  );
  const key = forge.pki.privateKeyFromPem(parts.keyPem);
  const file = forge.pkcs12.toPkcs12Asn1(key, certificates, password, { algorithm: 'aes256' });
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'latin1');
}
