// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readCapabilities, type Capability } from '../algorithms/capabilities.ts';
import { children, DerError, readOid, TAG, type DerValue } from '../asn1/der.ts';
import { fieldsOf, readAlgorithm } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { readTime } from '../asn1/read-time.ts';
import { nameInPreference, type CertificateName } from './certificate-name.ts';
import { digestName } from './digest-names.ts';
import type { SignatureProblem } from './layers.ts';

/** The signed attributes that mean something here (RFC 5652 §11, RFC 8551 §2.5, RFC 5035 §3). */
export interface ReadAttributes {
  /** Object identifier. */
  readonly contentType: string;
  readonly messageDigest: Buffer;
  readonly signingTime: Date | null;
  readonly capabilities: readonly Capability[] | null;
  /** The certificate that mail for the signer is to be encrypted for; null where he names none, or in a way not known here. */
  readonly encryptionKey: CertificateName | null;
  /** Whether the attributes signing-certificate and signing-certificate-v2, where present, are about this one. */
  names(certificate: Certificate): boolean;
}

/** Reads them, or says what is wrong: an attribute twice, one with two values, a mandatory one missing. */
export function readAttributes(signedAttributes: DerValue): ReadAttributes | SignatureProblem {
  try {
    const attributes = new Map<string, DerValue>();
    for (const attribute of children(signedAttributes)) {
      const fields = fieldsOf(attribute);
      const id = readOid(fields.take());
      const values = fields.take(TAG.set);
      fields.end();
      if (attributes.has(id)) return 'attribute-repeated';
      attributes.set(id, values);
    }
    return meaningOf(attributes);
  } catch (error) {
    if (error instanceof DerError) return 'attribute-malformed';
    throw error;
  }
}

function meaningOf(attributes: ReadonlyMap<string, DerValue>): ReadAttributes | SignatureProblem {
  const only = (id: string): DerValue | null => {
    const set = attributes.get(id);
    if (set === undefined) return null;
    const [value, ...more] = children(set);
    if (value === undefined || more.length > 0) throw new DerError('an attribute has one value');
    return value;
  };
  const contentType = only(OID.contentType);
  const messageDigest = only(OID.messageDigest);
  if (contentType === null || messageDigest === null) return 'attribute-missing';
  if (messageDigest.tag !== TAG.octetString) return 'attribute-malformed';
  const signingTime = only(OID.signingTime);
  const capabilities = only(OID.smimeCapabilities);
  const hashes = [
    ...certificateHashes(only(OID.signingCertificateV2), 'sha256'),
    ...certificateHashes(only(OID.signingCertificate), 'sha1'),
  ];
  return {
    contentType: readOid(contentType),
    messageDigest: messageDigest.content,
    signingTime: signingTime === null ? null : readTime(signingTime),
    capabilities: capabilities === null ? null : readCapabilities(capabilities.bytes),
    encryptionKey: preferenceIn(attributes.get(OID.encryptionKeyPreference)),
    names: ({ der, sha256 }) =>
      hashes.every(({ digest, hash }) =>
        digest === 'sha256'
          ? hash.toString('hex') === sha256
          : createHash(digest).update(der).digest().equals(hash),
      ),
  };
}

/** It says nothing of the signature, which so holds whatever stands there. */
function preferenceIn(values: DerValue | undefined): CertificateName | null {
  if (values === undefined) return null;
  try {
    const [value, ...more] = children(values);
    return value === undefined || more.length > 0 ? null : nameInPreference(value);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** The first ESSCertID, which is about the signer's certificate; the others are about its path (RFC 5035 §4). */
function certificateHashes(value: DerValue | null, byDefault: 'sha1' | 'sha256') {
  if (value === null) return [];
  const [first] = children(fieldsOf(value).take(TAG.sequence));
  if (first === undefined) throw new DerError('a signing certificate is missing');
  const fields = fieldsOf(first);
  const algorithm = byDefault === 'sha256' ? fields.optional(TAG.sequence) : null;
  const digest = algorithm === null ? byDefault : digestName(readAlgorithm(algorithm).id);
  if (digest === null) throw new DerError('a certificate is hashed in a way not known here');
  return [{ digest, hash: fields.take(TAG.octetString).content }];
}
