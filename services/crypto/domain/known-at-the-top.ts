// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';
import { contentTypeOf, isPkcs7Mime } from '@securemail/smime';

const ONLY_AT_THE_TOP: ReadonlySet<string> = new Set(['multipart/encrypted', 'multipart/report']);

/**
 * Whether programs know the content for what it is only where it is the whole message: what was encrypted, or signed opaquely,
 * by S/MIME (RFC 8551 §3.2) or OpenPGP (RFC 3156 §4) before it came here, which with anything beside it is an attachment
 * that they show as rubbish; and reports (RFC 6522) such as receipts of reading, by which programs note what became of a mail.
 */
export const isKnownOnlyAtTheTop = (header: Header): boolean =>
  isPkcs7Mime(header) || ONLY_AT_THE_TOP.has(contentTypeOf(header).type);
