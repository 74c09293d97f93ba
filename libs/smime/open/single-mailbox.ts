// SPDX-License-Identifier: Apache-2.0
import { unfoldedValue, type HeaderField } from '@securemail/mime';

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const COMMENT = String.raw`\((?:[^()\\]|\\.)*\)`;
const ADDRESS = String.raw`[^\s<>@,;:"()[\]\\]+@[^\s<>@,;:"()\\]+`;
/** Each alternative starts with another character, so that hostile text takes no longer. */
const PHRASE = String.raw`(?:${QUOTED}|${COMMENT}|[^<>@,;:"()\\])*`;
const ONE_MAILBOX = new RegExp(String.raw`^(?:\s*${ADDRESS}|${PHRASE}<\s*${ADDRESS}\s*>)(?:\s|${COMMENT})*$`);

/**
 * Whether a field is one mailbox and nothing else (RFC 5322 §3.4): `a@a.example` or `Name <a@a.example>`. Of
 * `<a@a.example> <b@b.example>`, `a@a.example b@b.example` or `"b@b.example" a@a.example` some programs show the one
 * and some the other. A quoted local part counts as none.
 */
export const isSingleMailbox = (field: HeaderField): boolean => ONE_MAILBOX.test(unfoldedValue(field));
