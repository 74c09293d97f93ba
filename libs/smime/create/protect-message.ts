// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Sha256 } from '@securemail/contracts';
import { headerOf, readHeader, toCrlf, type Header } from '@securemail/mime';
import type { Certificate } from '../certificates/certificate.ts';
import {
  encryptEntity,
  type ContentEncryption,
  type Encryption,
  type KeyEncryption,
} from './encrypt-entity.ts';
import { enclose, type MimeEntity } from '../mime/entity.ts';
import { signEntity } from './sign-entity.ts';
import type { SignatureAlgorithm, Signer } from '../keys/signer.ts';

/** A whole message (RFC 5322) that can be read again and again, its header lines ended by CRLF. */
export interface MessageSource {
  open(): AsyncIterable<Uint8Array>;
}

export interface Protection extends Encryption {
  signer: Signer;
  signingTime: Date;
  /** Everybody who is to read it, each counted once; none: the message is signed only. */
  recipients: readonly Certificate[];
}

/** A message ready to leave, and what was done to it. */
export interface ProtectedMessage {
  /** The whole message: header, empty line, body. */
  message: MimeEntity;
  signature: { algorithm: SignatureAlgorithm; certificateSha256: Sha256 };
  encryption: {
    algorithm: ContentEncryption;
    keyEncryption: KeyEncryption;
    certificateSha256: Sha256[];
  } | null;
}

/** Fields that speak of the body and go inside with it (RFC 8551 §3.1). */
const STRUCTURAL = /^(content-.*|mime-version)$/;
/**
 * Fields that name hidden recipients, belong to a former way, vouch for a body that is not there any more, or are only
 * ours to set.
 */
const DROPPED =
  /^(bcc|resent-bcc|return-path|dkim-signature|domainkey-signature|arc-.*|authentication-results|x-securemail-.*)$/;

/** RFC 2045 §5.2: what a message without Content-Type is. */
const DEFAULT_TYPE = 'text/plain; charset=us-ascii';
const OUTER_VERSION = Buffer.from('MIME-Version: 1.0\r\n');

/**
 * Signs a message and encrypts it for everybody in `recipients`.
 *
 * The fields that describe the body move inside; all others stay outside and readable, the subject among them.
 * `Bcc`, `Resent-Bcc`, `Return-Path` and `X-SecureMail-*` are dropped, and so is what vouches for the body as it was:
 * `DKIM-Signature`, `DomainKey-Signature`, `ARC-*`, `Authentication-Results`. The body's line ends become CRLF; nothing
 * in it is re-encoded: under an encryption 8-bit text may stay (RFC 8551 §3.1.2). A message that is signed only
 * is signed detached where its body is 7-bit, else opaque, for a relay that changes an 8-bit body would break
 * the signature.
 *
 * Reads `original` once now and once at each opening of the result, which always gives the same bytes.
 *
 * @throws MalformedMessageError (`@securemail/mime`) where `original` has no well-formed header; and what
 *   `signEntity` and `encryptEntity` throw.
 */
export async function protectMessage(
  original: MessageSource,
  { signer, signingTime, recipients: given, ...encryption }: Protection,
): Promise<ProtectedMessage> {
  const recipients = [...new Map(given.map((each) => [each.sha256, each])).values()];
  const { contentEncryption = 'aes-256-cbc', keyEncryption = 'rsaes-pkcs1-v1_5' } = encryption;
  const encrypts = recipients.length > 0;
  // Under an encryption nobody asks, and looking at every octet is the slowest part of the reading.
  const { outer, inner, sevenBit } = await split(original, encrypts ? null : sevenBitCheck());
  const signed = await signEntity(inner, signer, {
    signingTime,
    form: encrypts || sevenBit ? 'detached' : 'opaque',
  });
  const entity = encrypts
    ? await encryptEntity(signed, recipients, { contentEncryption, keyEncryption })
    : signed;
  return {
    message: enclose(Buffer.concat([fieldBytes(outer), OUTER_VERSION]), entity, Buffer.alloc(0)),
    signature: { algorithm: signer.algorithm, certificateSha256: signer.certificate.sha256 },
    encryption: encrypts
      ? {
          algorithm: contentEncryption,
          keyEncryption,
          certificateSha256: recipients.map(({ sha256 }) => sha256),
        }
      : null,
  };
}

const fieldBytes = (header: Header) => Buffer.concat(header.fields.map(({ raw }) => raw));

/** Reads the message once: its outer header, its body as an entity of known length and digest. */
async function split(original: MessageSource, sevenBit: ReturnType<typeof sevenBitCheck> | null) {
  const { header, body } = await readHeader(original.open());
  const innerHeader = innerHeaderOf(header).toBuffer();
  const hash = createHash('sha256').update(innerHeader);
  let size = innerHeader.length;
  for await (const chunk of toCrlf(body)) {
    hash.update(chunk);
    sevenBit?.update(chunk);
    size += chunk.length;
  }
  const inner: MimeEntity = {
    size,
    sha256: hash.digest(),
    open: async function* () {
      yield innerHeader;
      const again = await readHeader(original.open());
      yield* toCrlf(again.body);
    },
  };
  const outer = header.without((name) => STRUCTURAL.test(name) || DROPPED.test(name));
  return { outer, inner, sevenBit: sevenBit?.holds() ?? false };
}

function innerHeaderOf(header: Header): Header {
  const structural = headerOf(header.fields.filter(({ name }) => STRUCTURAL.test(name.toLowerCase())));
  return structural.get('Content-Type') === undefined
    ? structural.with('Content-Type', DEFAULT_TYPE)
    : structural;
}

/** Whether text in canonical form is 7-bit data (RFC 2045 §2.7): no NUL, nothing above 127, lines of 998 octets. */
function sevenBitCheck() {
  let holds = true;
  let lineLength = 0;
  return {
    holds: () => holds,
    update: (chunk: Buffer) => {
      if (!holds) return;
      for (const octet of chunk) {
        lineLength = octet === 0x0a ? 0 : lineLength + 1;
        if (octet === 0 || octet > 0x7f || lineLength > 999) {
          holds = false;
          return;
        }
      }
    },
  };
}
