// SPDX-License-Identifier: Apache-2.0
export { certificateOf, type Certificate, type KeyUsage } from './certificate.ts';
export {
  encryptEntity,
  type ContentEncryption,
  type Encryption,
  type EncryptionRecipient,
  type KeyEncryption,
} from './encrypt-entity.ts';
export { entityOf, type MimeEntity } from './entity.ts';
export {
  CryptographicOperationError,
  EntityChangedError,
  KeyMismatchError,
  UnreadableCertificateError,
  UnreadableKeyError,
  UnsuitableCertificateError,
  WrongPasswordError,
} from './errors.ts';
export {
  judgeCertificate,
  type CertificateFault,
  type Judgement,
  type Question,
} from './judge-certificate.ts';
export { loadPkcs12 } from './pkcs12.ts';
export {
  protectMessage,
  type MessageSource,
  type ProtectedMessage,
  type Protection,
} from './protect-message.ts';
export { readCertificates } from './read-certificates.ts';
export { signEntity, type Signing } from './sign-entity.ts';
export { softwareSigner, type SignatureAlgorithm, type Signer } from './signer.ts';
