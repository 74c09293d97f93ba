// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import type { CertificateFault } from '@securemail/smime';
import type { CertificateFacts } from '../facts/certificate-facts.ts';
import type { SignatureCertificateFacts } from '../facts/facts.ts';

/** Why a Signature certificate does not hold. */
export type CertificateProblem =
  /** A document that is named like one, and has no signed facts in it. */
  | 'not-signed'
  | 'signature-wrong'
  /** Signed well, and says something that this version does not know. */
  | 'other-version'
  /** Several signed facts in one document. */
  | 'several'
  /** See `CertificateFault`: nobody who is trusted says whose key it is, or not for this domain. */
  | CertificateFault
  /** It is about a mail of somebody in a domain that its signer does not speak for. */
  | 'other-organisation'
  /** It was made later than now. */
  | 'from-the-future'
  /** What people read in the document is not what was signed with the facts. */
  | 'document-changed'
  /** The mail that it is about was changed since. */
  | 'mail-changed'
  /** The mail that it is about is only a part of the mail that it lies in. */
  | 'not-the-whole-mail'
  /** The mail says that it is from somebody else, or not from whom. */
  | 'other-from'
  /** The mail has another Message-ID, or none. */
  | 'other-message-id';

/** What a certificate is about, seen from where it was found. */
export type About =
  | 'this-mail'
  /** A mail that is attached to the one that was looked at. */
  | 'attached-mail'
  /** A mail that is not here: it came along with a reply, or was attached to something else. */
  | 'another-mail'
  /** A document alone. */
  | 'not-compared';

export interface CertificateFinding {
  /** There is no problem. */
  readonly holds: boolean;
  readonly problems: readonly CertificateProblem[];
  readonly about: About;
  /** It is the one that decides whether the file holds. */
  readonly counts: boolean;
  /** What was signed; null unless the signature is good. */
  readonly facts: SignatureCertificateFacts | null;
  /** Whose key signed it, as that came along; null where there is none that could be read. */
  readonly signer: CertificateFacts | null;
  /** What was found out about that by the authorities that were given; null where it is trusted, or was not judged. */
  readonly signerDetail: string | null;
  /** What the document is written in; null unless the signature is good. */
  readonly language: Language | null;
}

/** Why a whole file does not hold. */
export type FileProblem =
  | 'no-certificate'
  /** Only others have: the mail itself has none. */
  | 'no-certificate-of-this-mail'
  /** None of them is of the organisation that was asked for. */
  | 'no-certificate-of-organisation'
  | 'certificate-does-not-hold';

export interface Verification {
  readonly kind: 'mail' | 'pdf';
  /**
   * Of a mail: the outermost certificate that is about all of it holds, of the organisation that was asked for if one was;
   * what else is in it is told and does not count. Of a document: it holds, and is of that organisation.
   */
  readonly holds: boolean;
  readonly problem: FileProblem | null;
  /** From the outside in. */
  readonly certificates: readonly CertificateFinding[];
}

export type UnverifiableCode = 'neither-mail-nor-pdf' | 'too-large' | 'encrypted' | 'not-opened';

/** There is nothing to verify in what was given. */
export class UnverifiableError extends Error {
  override name = 'UnverifiableError';
  readonly code: UnverifiableCode;

  constructor(code: UnverifiableCode) {
    super(code);
    this.code = code;
  }
}
