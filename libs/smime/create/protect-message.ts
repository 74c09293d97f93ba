// SPDX-License-Identifier: Apache-2.0
import type { Sha256 } from '@securemail/contracts';
import type { Header } from '@securemail/mime';
import type { Capability } from '../algorithms/capabilities.ts';
import type { ContentEncryption } from '../algorithms/content-encryption.ts';
import { SIGNATURES, type SignatureAlgorithm } from '../algorithms/signatures.ts';
import type { Certificate } from '../certificates/certificate.ts';
import type { Signer } from '../keys/signer.ts';
import { enclose, type MimeEntity } from '../mime/entity.ts';
import { encryptEntity, recipientsOf, type Encryption } from './encrypt-entity.ts';
import { protectHeader, type HeaderConfidentialityPolicy } from './header-protection.ts';
import type { EncryptionRecipient } from './recipient-info.ts';
import { signEntity } from './sign-entity.ts';
import { splitMessage, type MessageSource } from './split-message.ts';

export interface Protection extends Encryption {
  signer: Signer;
  signingTime: Date;
  /** Everybody who is to read it, each certificate counted once; none: the message is signed only. */
  recipients: readonly (Certificate | EncryptionRecipient)[];
  /** What the signer can read. @default as for `signEntity` */
  capabilities?: readonly Capability[] | undefined;
  /**
   * Header protection (RFC 9788): all fields are signed with the body, and the policy says what stays readable outside
   * an encryption. Mail programs that do not know it show the outer fields, so `[...]` for a subject.
   *
   * @default none: the fields stand outside, as they came
   */
  headerProtection?: HeaderConfidentialityPolicy | undefined;
  /**
   * Whether the signer signs what was encrypted once more (RFC 2634 §1.1), so that whoever handles the message on its
   * way can tell whose it is. That certificate then is no secret of the recipients.
   *
   * @default false
   */
  tripleWrap?: boolean | undefined;
}

/** A message ready to leave, and what was done to it. */
export interface ProtectedMessage {
  /** The whole message: header, empty line, body. */
  message: MimeEntity;
  signature: { algorithm: SignatureAlgorithm; certificateSha256: Sha256 };
  encryption: {
    algorithm: ContentEncryption;
    /** How the content key was wrapped: each way once, in the order of the recipients, with commas between. */
    keyEncryption: string;
    certificateSha256: Sha256[];
  } | null;
  /** The second signature, around the encryption; null where the message is not triple wrapped. */
  outerSignature: { algorithm: SignatureAlgorithm; certificateSha256: Sha256 } | null;
  /** The parameter `hp` of what was signed; null where its header is not protected. */
  headerProtection: 'clear' | 'cipher' | null;
}

const OUTER_VERSION = Buffer.from('MIME-Version: 1.0\r\n');

/**
 * Signs a message and encrypts it for everybody in `recipients`.
 *
 * The fields that describe the body move inside; all others stay outside and readable, the subject among them, unless
 * `headerProtection` says otherwise. `Bcc`, `Resent-Bcc`, `Return-Path` and `X-SecureMail-*` are dropped, and so is
 * what vouches for the body as it was: `DKIM-Signature`, `DomainKey-Signature`, `ARC-*`, `Authentication-Results`. The
 * body's line ends become CRLF; nothing in it is re-encoded: under an encryption 8-bit text may stay (RFC 8551
 * §3.1.2). A message that is signed only is signed detached where it is 7-bit, else opaque, for a relay that changes
 * an 8-bit body would break the signature.
 *
 * Reads `original` once now, or twice for a triple wrapped one, and once at each opening of the result, which always
 * gives the same bytes.
 *
 * @throws MalformedMessageError (`@securemail/mime`) where `original` has no well-formed header; TypeError where a
 *   message for nobody is to be triple wrapped; and what `signEntity` and `encryptEntity` throw.
 */
export async function protectMessage(
  original: MessageSource,
  { signer, signingTime, capabilities, headerProtection, tripleWrap = false, ...options }: Protection,
): Promise<ProtectedMessage> {
  const recipients = distinct(recipientsOf(options.recipients, options));
  const encrypts = recipients.length > 0;
  if (tripleWrap && !encrypts) throw new TypeError('there is no encryption to sign: nobody is to read it');
  const { outer, entity, hp, sevenBit } = await splitMessage(original, {
    rearrange: ({ outer, inner }) =>
      headerProtection === undefined
        ? { outer, inner, hp: null }
        : protectHeader(outer, inner, encrypts ? headerProtection : null),
    digest: SIGNATURES[signer.algorithm].digest,
    // Under an encryption nobody asks.
    lookAtOctets: !encrypts,
  });
  const form = encrypts || sevenBit ? 'detached' : 'opaque';
  const signed = await signEntity(entity, signer, { signingTime, capabilities, form });
  const { contentEncryption = 'aes-256-cbc' } = options;
  const encrypted = encrypts ? await encryptEntity(signed, recipients, { contentEncryption }) : signed;
  const wrapped = tripleWrap ? await signEntity(encrypted, signer, { signingTime, capabilities }) : encrypted;
  const signature = { algorithm: signer.algorithm, certificateSha256: signer.certificate.sha256 };
  return {
    message: enclose(Buffer.concat([fieldBytes(outer), OUTER_VERSION]), wrapped, Buffer.alloc(0)),
    signature,
    encryption: encrypts
      ? {
          algorithm: contentEncryption,
          keyEncryption: [...new Set(recipients.map(({ keyEncryption }) => keyEncryption))].join(', '),
          certificateSha256: recipients.map(({ certificate }) => certificate.sha256),
        }
      : null,
    outerSignature: tripleWrap ? signature : null,
    headerProtection: hp,
  };
}

const fieldBytes = (header: Header) => Buffer.concat(header.fields.map(({ raw }) => raw));

const distinct = (recipients: readonly EncryptionRecipient[]): readonly EncryptionRecipient[] => [
  ...new Map(recipients.map((each) => [each.certificate.sha256, each])).values(),
];
