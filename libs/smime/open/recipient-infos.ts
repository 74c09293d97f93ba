// SPDX-License-Identifier: Apache-2.0
import { children, context, readDer, readOid, TAG, type DerValue } from '../asn1/der.ts';
import { fieldsOf, readAlgorithm, readSmallInteger, type AlgorithmIdentifier } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import { nameIn, type CertificateName } from './certificate-name.ts';

/** A content key encrypted for one recipient, and the certificate he is named by. */
export type EncryptedKey = {
  readonly name: CertificateName;
  readonly encryptedKey: Buffer;
} & (
  | { readonly kind: 'transport'; readonly algorithm: AlgorithmIdentifier }
  | {
      readonly kind: 'agreement';
      readonly algorithm: AlgorithmIdentifier;
      readonly originator: DerValue;
      readonly ukm: Buffer | null;
    }
  | {
      readonly kind: 'encapsulation';
      readonly kem: AlgorithmIdentifier;
      readonly ciphertext: Buffer;
      readonly kdf: AlgorithmIdentifier;
      /** Octets. */
      readonly kekLength: number;
      readonly ukm: Buffer | null;
      readonly wrap: AlgorithmIdentifier;
    }
);

/**
 * The keys in RecipientInfos (RFC 5652 §6.2). Those for passwords and for keys agreed on beforehand, and kinds not
 * known, are passed over: they are for others.
 *
 * @throws DerError
 */
export function encryptedKeys(recipientInfos: DerValue): EncryptedKey[] {
  return children(recipientInfos).flatMap((info) => {
    switch (info.tag) {
      case TAG.sequence:
        return [keyTransport(info)];
      case context(1):
        return keyAgreement(info);
      case context(4):
        return keyEncapsulation(info);
      default:
        return [];
    }
  });
}

/** KeyTransRecipientInfo (RFC 5652 §6.2.1). */
function keyTransport(info: DerValue): EncryptedKey {
  const fields = fieldsOf(info);
  fields.take(TAG.integer);
  const name = nameIn(fields.take());
  const algorithm = readAlgorithm(fields.take());
  return { kind: 'transport', name, algorithm, encryptedKey: fields.take(TAG.octetString).content };
}

/** KeyAgreeRecipientInfo (RFC 5652 §6.2.2). */
function keyAgreement(info: DerValue): EncryptedKey[] {
  const fields = fieldsOf(info, context(1));
  fields.take(TAG.integer);
  const originator = readDer(fields.take(context(0)).content);
  const explicitUkm = fields.optional(context(1));
  const ukm = explicitUkm === null ? null : readDer(explicitUkm.content).content;
  const algorithm = readAlgorithm(fields.take());
  return children(fields.take(TAG.sequence)).map((each) => {
    const recipient = fieldsOf(each);
    const name = nameIn(recipient.take());
    const encryptedKey = recipient.take(TAG.octetString).content;
    return { kind: 'agreement', name, algorithm, originator, ukm, encryptedKey };
  });
}

/** KEMRecipientInfo (RFC 9629 §3) as OtherRecipientInfo. */
function keyEncapsulation(info: DerValue): EncryptedKey[] {
  const other = fieldsOf(info, context(4));
  if (readOid(other.take()) !== OID.oriKem) return [];
  const fields = fieldsOf(other.take());
  fields.take(TAG.integer);
  const name = nameIn(fields.take());
  const kem = readAlgorithm(fields.take());
  const ciphertext = fields.take(TAG.octetString).content;
  const kdf = readAlgorithm(fields.take());
  const kekLength = readSmallInteger(fields.take());
  const explicitUkm = fields.optional(context(0));
  const ukm = explicitUkm === null ? null : readDer(explicitUkm.content).content;
  const wrap = readAlgorithm(fields.take());
  const encryptedKey = fields.take(TAG.octetString).content;
  return [{ kind: 'encapsulation', name, kem, ciphertext, kdf, kekLength, ukm, wrap, encryptedKey }];
}
