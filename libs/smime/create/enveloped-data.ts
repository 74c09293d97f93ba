// SPDX-License-Identifier: Apache-2.0
import { TAG_LENGTH } from '../algorithms/content-encryption.ts';
import { context, contextPrimitive, derHeader, oid, setOf, smallInteger, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { isOther, isVersion0, type EncryptionRecipient } from './recipient-info.ts';

const DATA = oid(OID.data);
const ENVELOPED_DATA = oid(OID.envelopedData);
const AUTH_ENVELOPED_DATA = oid(OID.authEnvelopedData);

/** What surrounds a ciphertext whose length is known: as all lengths are, the content streams. */
interface Envelope {
  /** ContentInfo, EnvelopedData or AuthEnvelopedData, up to where the ciphertext stands. */
  readonly before: Buffer;
  /** Header of what stands behind it; the authentication tag follows. Empty in an EnvelopedData. */
  readonly after: Buffer;
}

interface Content {
  recipientInfos: readonly Buffer[];
  /** AlgorithmIdentifier of the content encryption. */
  algorithm: Buffer;
  /** Octets. */
  ciphertext: number;
}

/** The version of an EnvelopedData without originatorInfo and unprotectedAttrs (RFC 5652 §6.1). */
export function envelopedDataVersion(recipients: readonly EncryptionRecipient[]): 0 | 2 | 3 {
  if (recipients.some(isOther)) return 3;
  return recipients.every(isVersion0) ? 0 : 2;
}

/** EnvelopedData (RFC 5652 §6.1). */
export const envelopedData = (version: number, content: Content): Envelope => ({
  before: prefix(ENVELOPED_DATA, version, content, 0),
  after: Buffer.alloc(0),
});

/** AuthEnvelopedData (RFC 5083 §2.1): always version 0, no attributes, its `mac` behind the content. */
export function authEnvelopedData(content: Content): Envelope {
  const after = derHeader(TAG.octetString, TAG_LENGTH);
  return { before: prefix(AUTH_ENVELOPED_DATA, 0, content, after.length + TAG_LENGTH), after };
}

/** @param behind octets that follow the ciphertext. */
function prefix(type: Buffer, version: number, content: Content, behind: number): Buffer {
  const { recipientInfos, algorithm, ciphertext } = content;
  const contentHead = Buffer.concat([DATA, algorithm, derHeader(contextPrimitive(0), ciphertext)]);
  const dataHead = Buffer.concat([
    smallInteger(version),
    setOf(...recipientInfos),
    derHeader(TAG.sequence, contentHead.length + ciphertext),
    contentHead,
  ]);
  const rest = ciphertext + behind;
  const data = Buffer.concat([derHeader(TAG.sequence, dataHead.length + rest), dataHead]);
  const outer = Buffer.concat([type, derHeader(context(0), data.length + rest), data]);
  return Buffer.concat([derHeader(TAG.sequence, outer.length + rest), outer]);
}
