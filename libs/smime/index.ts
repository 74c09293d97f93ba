// SPDX-License-Identifier: Apache-2.0
export { certificateOf, type Certificate, type KeyUsage } from './certificates/certificate.ts';
export {
  encryptEntity,
  type ContentEncryption,
  type Encryption,
  type EncryptionRecipient,
  type KeyEncryption,
} from './create/encrypt-entity.ts';
export { entityOf, type MimeEntity } from './mime/entity.ts';
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
} from './certificates/judge-certificate.ts';
export { loadPkcs12 } from './keys/pkcs12.ts';
export {
  protectMessage,
  type MessageSource,
  type ProtectedMessage,
  type Protection,
} from './create/protect-message.ts';
export { readCertificates } from './certificates/read-certificates.ts';
export { signEntity, type Signing } from './create/sign-entity.ts';
export { softwareSigner, type SignatureAlgorithm, type Signer } from './keys/signer.ts';
