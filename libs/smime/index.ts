// SPDX-License-Identifier: Apache-2.0
export { readCapabilities, writeCapabilities, type Capability } from './algorithms/capabilities.ts';
export type { ContentEncryption } from './algorithms/content-encryption.ts';
export type { DigestAlgorithm } from './algorithms/digests.ts';
export type {
  KeyAgreement,
  KeyEncapsulation,
  KeyEncryption,
  KeyTransport,
} from './algorithms/key-encryption.ts';
export { ALL_CAPABILITIES, COMMON_CAPABILITIES } from './algorithms/own-capabilities.ts';
export { signatureAlgorithmsFor } from './algorithms/signable.ts';
export type { SignatureAlgorithm } from './algorithms/signatures.ts';
export { certificateOf, type Certificate, type KeyUsage } from './certificates/certificate.ts';
export {
  chooseEncryption,
  type Choosing,
  type ChosenEncryption,
  type KnownRecipient,
} from './create/choose-encryption.ts';
export { chooseEncryptions, envelopeKind, type EnvelopeKind } from './create/choose-encryptions.ts';
export { encryptEntity, type Encryption } from './create/encrypt-entity.ts';
export {
  hcpBaseline,
  hcpNoConfidentiality,
  type HeaderConfidentialityPolicy,
} from './create/header-protection.ts';
export { hcpShy } from './create/hcp-shy.ts';
export {
  signThenEncrypt,
  tripleWrap,
  type SignedAndEncrypted,
  type TripleWrapping,
} from './create/layers.ts';
export type { IdentifiedBy } from './create/recipient-identifier.ts';
export type { EncryptionRecipient } from './create/recipient-info.ts';
export { contentTypeOf, readContentType, type ContentType } from './mime/content-type.ts';
export { entityOf, type MimeEntity } from './mime/entity.ts';
export type { Around } from './mime/multipart-signed.ts';
export {
  BelowPolicyFloorError,
  CryptographicOperationError,
  EntityChangedError,
  KeyMismatchError,
  KeyModuleError,
  KeyNotFoundError,
  KeyUnavailableError,
  PinLockedError,
  TokenNotFoundError,
  UnreadableCertificateError,
  UnreadableKeyError,
  UnsuitableCertificateError,
  WrongPasswordError,
  WrongPinError,
} from './errors.ts';
export type { Holder } from './issuing/holder.ts';
export {
  issueAuthority,
  issueCertificate,
  type Authority,
  type Validity,
} from './issuing/issue-certificate.ts';
export { NEW_KEYS, newPrivateKey, publicKeyInfo, type NewKey } from './issuing/key-pair.ts';
export { requestCertificate } from './issuing/request-certificate.ts';
export {
  judgeCertificate,
  namesOrganisation,
  type CertificateFault,
  type Judgement,
  type Question,
} from './certificates/judge-certificate.ts';
export type { KeyAt } from './keys/pkcs11/session.ts';
export { pkcs11Signer } from './keys/pkcs11/signer.ts';
export { openPkcs11Token, type Pkcs11Token, type TokenAt } from './keys/pkcs11/token.ts';
export { pkcs11Unwrapper } from './keys/pkcs11/unwrapper.ts';
export type { Purpose } from './certificates/key-suits.ts';
export { readMailbox, sameMailbox, type Mailbox } from './certificates/names/mailbox.ts';
export { findPath, type FoundPath, type PathQuestion } from './certificates/path/find-path.ts';
export type { PathFault } from './certificates/path/path-fault.ts';
export type { PolicyInputs } from './certificates/path/policy-rules.ts';
export { validatePath, type PathInputs, type PathVerdict } from './certificates/path/validate-path.ts';
export {
  httpFetcher,
  type FetchLimits,
  type RevocationFetcher,
} from './certificates/revocation/http-fetcher.ts';
export { addressesOfHost, lookingUp } from './certificates/revocation/host-addresses.ts';
export { isPublicAddress } from './certificates/revocation/public-address.ts';
export {
  revocationChecker,
  type PathRevocation,
  type RevocationChecker,
  type RevocationQuestion,
  type RevocationSettings,
} from './certificates/revocation/revocation-checker.ts';
export { revocationSources } from './certificates/revocation/sources.ts';
export type { RevocationReason, RevocationVerdict } from './certificates/revocation/verdict.ts';
export { writePkcs12 } from './keys/write-pkcs12.ts';
export { loadPkcs12, readPkcs12Certificates } from './keys/pkcs12.ts';
export { protectMessage, type ProtectedMessage, type Protection } from './create/protect-message.ts';
export type { MessageSource } from './create/split-message.ts';
export { readCertificates } from './certificates/read-certificates.ts';
export { signEntity, type Signing } from './create/sign-entity.ts';
export { softwareSigner, type Signer } from './keys/signer.ts';
export { softwareUnwrapper, type RsaEncryption, type Unwrapper } from './keys/unwrapper.ts';
export { isNamed, type NamedCertificate } from './open/certificate-name.ts';
export {
  compareSenders,
  type SenderComparison,
  type SenderProblem,
  type Senders,
} from './open/compare-senders.ts';
export type { ClosedPart } from './open/closed-parts.ts';
export type { ContentDecryption } from './open/content-algorithm.ts';
export type { HeaderProtection } from './open/header-protection.ts';
export type {
  CertificatesLayer,
  CompressedLayer,
  EncryptedLayer,
  Layer,
  LayerProblem,
  Legacy,
  Signature,
  SignatureProblem,
  SignedLayer,
} from './open/layers.ts';
export { openMessage, type OpenedMessage, type Opening } from './open/open-message.ts';
export { isPkcs7Mime } from './open/smime-layer.ts';
export { UnopenableMessageError, type UnopenableCode } from './open/unopenable.ts';
