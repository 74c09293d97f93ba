// SPDX-License-Identifier: Apache-2.0
import { generateKeyPair, randomBytes, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';

export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

export interface NameAttribute {
  name: string;
  value: string;
  valueTagClass: forge.asn1.Class;
}

export interface IssueRequest {
  subject: NameAttribute[];
  publicKey: KeyObject;
  validity: Validity;
  issuer: { subject: NameAttribute[]; publicKey: KeyObject; privateKey: KeyObject };
  /** As node-forge takes them; the key identifiers are added. */
  extensions: object[];
}

/** The object identifier of sha256WithRSAEncryption, RFC 8017. */
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';

export const newKeyPair = () => promisify(generateKeyPair)('rsa', { modulusLength: 2048 });

/** An attribute of a Name as UTF8String, so that "Åse Østergård" keeps her name. */
export const oneName = (name: string, value: string): NameAttribute => ({
  name,
  value,
  valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class,
});

/** `['digitalSignature']` as `{ digitalSignature: true }`. */
export const keyUsages = (names: readonly string[]): Record<string, boolean> =>
  Object.fromEntries(names.map((name) => [name, true]));

/** @types/node-forge does not know it. */
interface WithTbs {
  getTBSCertificate(certificate: forge.pki.Certificate): forge.asn1.Asn1;
}

/** Makes an X.509 certificate (RFC 5280); gives its PEM. Forge writes it, node:crypto signs it. */
export function issue(request: IssueRequest): string {
  const { subject, issuer, validity } = request;
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forgeKey(request.publicKey);
  // The first octet is neither 0 nor negative: DER wants the shortest form of a positive INTEGER.
  certificate.serialNumber = `40${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = validity.notBefore;
  certificate.validity.notAfter = validity.notAfter;
  certificate.setSubject(subject);
  certificate.setIssuer(issuer.subject);
  const issuerKeyId = forgeKey(issuer.publicKey);
  certificate.setExtensions([
    ...request.extensions,
    { name: 'subjectKeyIdentifier' },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: forge.pki.getPublicKeyFingerprint(issuerKeyId, { type: 'RSAPublicKey' }).getBytes(),
    },
  ]);

  const unsigned = certificate as unknown as { signatureOid: string; siginfo: { algorithmOid: string } };
  unsigned.signatureOid = SHA256_WITH_RSA;
  unsigned.siginfo.algorithmOid = SHA256_WITH_RSA;
  const tbs = (forge.pki as unknown as WithTbs).getTBSCertificate(certificate);
  const bytes = Buffer.from(forge.asn1.toDer(tbs).getBytes(), 'latin1');
  (certificate as unknown as { signature: string }).signature = sign(
    'sha256',
    bytes,
    issuer.privateKey,
  ).toString('latin1');
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}

const forgeKey = (key: KeyObject) =>
  forge.pki.publicKeyFromPem(key.export({ type: 'spki', format: 'pem' }).toString());
