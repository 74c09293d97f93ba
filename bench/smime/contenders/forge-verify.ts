// SPDX-License-Identifier: Apache-2.0
import forge from 'node-forge';

/** What node-forge leaves of a SignedData that it read. */
interface Captured {
  readonly certificates: readonly forge.pki.Certificate[];
  readonly rawCapture: {
    readonly authenticatedAttributes: readonly forge.asn1.Asn1[];
    readonly signature: string;
  };
}

/**
 * A detached SignedData of one signer whose certificate is inside, with SHA-256 (RFC 5652 §5.4): the digest attribute is
 * that of the content, and the attributes are what was signed. No more than that.
 *
 * @param content and @param signature binary strings.
 */
export function verifyWithForge(content: string, signature: string): boolean {
  const { certificates, rawCapture } = forge.pkcs7.messageFromAsn1(
    forge.asn1.fromDer(signature),
  ) as unknown as Captured;
  const attributes = forge.asn1.create(
    forge.asn1.Class.UNIVERSAL,
    forge.asn1.Type.SET,
    true,
    rawCapture.authenticatedAttributes as forge.asn1.Asn1[],
  );
  const found = sha256(content).getBytes();
  const claimed = rawCapture.authenticatedAttributes.some((attribute) => isDigest(attribute, found));
  const key = certificates[0]?.publicKey as forge.pki.rsa.PublicKey | undefined;
  const signed = sha256(forge.asn1.toDer(attributes).getBytes()).getBytes();
  return claimed && key?.verify(signed, rawCapture.signature) === true;
}

const sha256 = (bytes: string) => forge.md.sha256.create().update(bytes).digest();

function isDigest(attribute: forge.asn1.Asn1, digest: string): boolean {
  const [type, values] = attribute.value as [forge.asn1.Asn1, forge.asn1.Asn1];
  const [value] = values.value as [forge.asn1.Asn1];
  return (
    forge.asn1.derToOid(type.value as string) === forge.pki.oids['messageDigest'] && value.value === digest
  );
}
