// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';
import { contentTypeOf, isPkcs7Mime } from '@securemail/smime';

/**
 * Whether mail programs open the content only where it is the whole message: what was encrypted, or signed opaquely, by
 * S/MIME (RFC 8551 §3.2) or OpenPGP (RFC 3156 §4) before it came here. With anything beside it, it is an attachment that
 * they show as rubbish.
 */
export const opensOnlyAtTheTop = (header: Header): boolean =>
  isPkcs7Mime(header) || contentTypeOf(header).type === 'multipart/encrypted';
