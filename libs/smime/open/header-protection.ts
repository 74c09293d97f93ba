// SPDX-License-Identifier: Apache-2.0
import { decodeWords, headerOf, unfoldedValue, type Header, type HeaderField } from '@securemail/mime';
import { contentTypeOf } from '../mime/content-type.ts';

/** That a content carries fields of its message, so that they are as signed or as secret as the content is. */
export interface HeaderProtection {
  /**
   * `rfc9788`: the parameter `hp`. `rfc8551`: the whole message is inside, as message/rfc822 (RFC 8551 §3.1).
   * `protected-headers-v1`: the parameter of the draft before them, draft-autocrypt-lamps-protected-headers-02 §2.
   */
  readonly scheme: 'rfc9788' | 'rfc8551' | 'protected-headers-v1';
  /**
   * Names, in lower case, of the fields that said nothing, or something else, outside the encryption: a reply must
   * not say them in the clear (RFC 9788 §6). None where the message is not encrypted.
   */
  readonly hidden: readonly string[];
  /**
   * The text parts that begin with a Legacy Display Element (RFC 9788 §2.1.2), numbered as in IMAP (RFC 9051 §6.4.5):
   * a copy of the hidden fields for programs that do not know better. Others leave it out when they show the part.
   */
  readonly legacyDisplay: readonly string[];
}

/** Whether a content is a message wrapped for the sake of its header, and not one that is forwarded. */
export function wrapsMessage(header: Header): boolean {
  const { type, parameters } = contentTypeOf(header);
  const encoding = header.get('Content-Transfer-Encoding')?.toLowerCase() ?? '7bit';
  return (
    (type === 'message/rfc822' || type === 'message/global') &&
    parameters.get('forwarded')?.toLowerCase() !== 'yes' &&
    !parameters.has('hp') &&
    !['base64', 'quoted-printable'].includes(encoding)
  );
}

/** The parameter `hp` (RFC 9788 §2.1); null where it is absent or says nothing that is known. */
export function hpOf(header: Header): 'clear' | 'cipher' | null {
  const hp = contentTypeOf(header).parameters.get('hp')?.toLowerCase();
  return hp === 'clear' || hp === 'cipher' ? hp : null;
}

/** Whether the fields of the message stand here as older programs write it: Thunderbird and other Autocrypt ones. */
export const hasDraftProtection = (header: Header): boolean =>
  contentTypeOf(header).parameters.get('protected-headers')?.toLowerCase() === 'v1';

/**
 * The fields of `inner` that stood otherwise outside (RFC 9788 §4.3): by its own HP-Outer fields, which nobody on the
 * way could change, or compared with the header outside where there are none of these.
 */
export function hiddenFields(inner: Header, outer: Header | null): string[] {
  const outside = outer ?? headerOf(inner.getAll('HP-Outer').flatMap(recordedField));
  const shown = new Set(outside.fields.map(comparable));
  const hidden = inner.fields.filter((field) => !shown.has(comparable(field)));
  return [...new Set(hidden.map(({ name }) => name.toLowerCase()).filter(isProtectable))];
}

/** Fields that describe the entity itself stand at its own place, inside as outside. */
const isProtectable = (name: string) => !/^(content-.*|mime-version|hp-outer)$/.test(name);

const comparable = (field: HeaderField) =>
  `${field.name.toLowerCase()}:${collapsed(decodeWords(unfoldedValue(field)))}`;

const collapsed = (value: string) => value.replace(/\s+/g, ' ').trim();

/** One that says `Name: value`, already decoded. */
function recordedField(text: string) {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0)).trim();
  return name === '' ? [] : [{ name, raw: Buffer.from(`${name}:${text.slice(colon + 1)}\r\n`) }];
}
