// SPDX-License-Identifier: Apache-2.0
import type { Capability } from '../algorithms/capabilities.ts';
import type { Certificate } from '../certificates/certificate.ts';
import type { Chunks } from '../flow/flow.ts';
import type { Around } from '../mime/multipart-signed.ts';
import type { Unwrapper } from '../keys/unwrapper.ts';
import type { ContentDecryption } from './content-algorithm.ts';
import type { ReadDigest } from './digest-names.ts';
import type { ExpansionBudget } from './expansion-budget.ts';

/** What is too weak to count unless it is asked for. `rsa-1024` stands for RSA signatures under 2048 bits. */
export type Legacy = 'md5' | 'sha1' | 'rsa-1024' | '3des';

/** What the layers of a message are opened with. */
export interface OpenContext {
  readonly unwrappers: readonly Unwrapper[];
  /** Of signers, for messages that do not carry them. */
  readonly certificates: readonly Certificate[];
  readonly legacy: ReadonlySet<Legacy>;
  /** Of all compressed layers of the message together. */
  readonly expansion: ExpansionBudget;
}

/** What is wrong with one signature; docs/opening.md has a sentence for each. All but the weak ones make it unverified. */
export type SignatureProblem =
  | 'certificate-missing'
  | 'signature-wrong'
  | 'content-changed'
  | 'digest-unknown'
  | 'digest-not-announced'
  | 'algorithm-unknown'
  | 'algorithms-disagree'
  | 'key-unsuitable'
  | 'key-usage'
  | 'signed-attributes-missing'
  | 'attribute-missing'
  | 'attribute-repeated'
  | 'attribute-malformed'
  | 'other-content-type'
  | 'other-signing-certificate'
  | 'signer-info-malformed'
  | 'weak-digest'
  | 'weak-key';

/** One SignerInfo (RFC 5652 §5.3), and what became of it. */
export interface Signature {
  /**
   * The content and the signed attributes are those that the key of `certificate` signed, in a way that counts.
   * Whose certificate that is, and whether to trust it, is another question: `judgeCertificate`.
   */
  readonly verified: boolean;
  /** Null where neither the message nor the caller had it. */
  readonly certificate: Certificate | null;
  /** Null where it is not known here. */
  readonly digest: ReadDigest | null;
  /** Such as `rsassa-pkcs1-v1_5`, `rsassa-pss`, `ecdsa`, `ed25519`; an object identifier where it is not known here. */
  readonly algorithm: string;
  /** As the signer says; nobody else vouches for it. */
  readonly signingTime: Date | null;
  /** What the signer can read (for `chooseEncryption`); only where the signature is verified. */
  readonly capabilities: readonly Capability[] | null;
  /**
   * What mail for the signer is to be encrypted for, as he says (SMIMEEncryptionKeyPreference, RFC 8551 §2.5.3), where it came
   * along; only where the signature is verified. Whose certificate that is, and whether to trust it, is another question.
   */
  readonly encryptionCertificate: Certificate | null;
  readonly problems: readonly SignatureProblem[];
}

/** What is odd about a layer as a whole. */
export type LayerProblem =
  /** Nobody signed: the signatures were taken away, or never were. */
  | 'no-signer'
  /** A multipart/signed without a readable S/MIME signature behind its content. */
  | 'signature-missing'
  /** A multipart/signed has more parts than content and signature; what is in them nobody signed. */
  | 'more-parts'
  /** A multipart/signed ends without its close-delimiter. */
  | 'cut-off'
  /** A certificate in the message cannot be read. */
  | 'certificate-unreadable'
  /** smime-type says something else than the CMS object is. */
  | 'other-smime-type'
  /** Content-Type is not one of S/MIME; the name of the file told what it is. */
  | 'other-content-type'
  /** Something stands before or behind the CMS object. */
  | 'rubbish'
  /**
   * AES-CBC or 3DES, and no verified signature inside that covers all of it: somebody on the way may have changed the
   * content, and may have put in what sends the rest to him when it is shown (EFAIL). Show no active content of it,
   * fetch nothing.
   */
  | 'unauthenticated-encryption'
  /** 3DES. */
  | 'weak-cipher';

export interface SignedLayer {
  readonly kind: 'signed';
  readonly form: 'detached' | 'opaque';
  readonly signatures: readonly Signature[];
  /** Everything that came along, in no order: for a path to a trust anchor. */
  readonly certificates: readonly Certificate[];
  /** DER of the CRLs that came along. */
  readonly crls: readonly Buffer[];
  readonly problems: readonly LayerProblem[];
}

/** Certificates and CRLs for whoever wants them (RFC 8551 §3.8). Nobody signed anything, and there is no content. */
export interface CertificatesLayer {
  readonly kind: 'certificates';
  readonly certificates: readonly Certificate[];
  /** DER. */
  readonly crls: readonly Buffer[];
  readonly problems: readonly LayerProblem[];
}

/** zlib (RFC 3274). It protects nothing, and says nothing about who made it. */
export interface CompressedLayer {
  readonly kind: 'compressed';
  /** Octets of its content. */
  readonly expandedSize: number;
  readonly problems: readonly LayerProblem[];
}

export interface EncryptedLayer {
  readonly kind: 'encrypted';
  readonly contentEncryption: ContentDecryption;
  /** AEAD: whoever had no key changed nothing. It says nothing about who wrote it, as every recipient has the key. */
  readonly authenticated: boolean;
  /** How the content key reached us, such as `rsaes-oaep` or `ecdh-sha256`. */
  readonly keyEncryption: string;
  /** Whose key opened it. */
  readonly certificate: Certificate;
  /** For how many keys it is encrypted. */
  readonly recipients: number;
  readonly problems: readonly LayerProblem[];
}

export type Layer = SignedLayer | EncryptedLayer | CompressedLayer | CertificatesLayer;

/** A layer that is being read. `report` may be asked once `content` has come to its end without an error. */
export interface LayerStream {
  readonly content: Chunks;
  report(): Layer;
  /** Of an opaque signature, likewise: what makes a multipart/signed of its content; null where that can't be. */
  detachedAround?: () => Around | null;
  /** Lets go of what reading it wanted, read to its end or not. */
  close?: () => void;
}

/** All that is in a MIME entity. */
export interface EntityLayerStream extends LayerStream {
  /** May be asked when `report` may: whether nothing that a reader could be shown stands beside the layer in its entity. */
  isWhole(): boolean;
}
