// SPDX-License-Identifier: Apache-2.0
import { headerOf, unfoldedValue, type Header, type HeaderField } from '@securemail/mime';
import { parted } from '../mime/content-type.ts';

/**
 * A header confidentiality policy (RFC 9788 §3.1): what a field says outside an encryption. The same value leaves it as
 * it is, null leaves it out.
 *
 * @param name in lower case.
 * @param value unfolded, encoded words decoded: for people, as what they hid may look like an address.
 * @param written unfolded, encoded words as they stand.
 */
export type HeaderConfidentialityPolicy = (name: string, value: string, written: string) => string | null;

/**
 * `hcp_baseline` (RFC 9788 §3.2.1): the subject becomes `[...]`; keywords and comments stay inside. So does what Outlook and
 * Exchange copy the subject to (MS-OXOMSG §2.2.1.5).
 */
export const hcpBaseline: HeaderConfidentialityPolicy = (name, value) => {
  if (name === 'subject') return '[...]';
  return LEFT_OUT.has(name) ? null : value;
};

const LEFT_OUT = new Set(['keywords', 'comments', 'thread-topic']);

/** `hcp_no_confidentiality` (RFC 9788 §3.2.3): all fields are protected against changes, none against readers. */
export const hcpNoConfidentiality: HeaderConfidentialityPolicy = (_name, value) => value;

/** Fields that the way adds, and a field that means something only inside. */
const NOT_PROTECTED = /^(received|x-received|delivered-to|x-original-to|hp-outer)$/;

/** Content that is a cryptographic layer already. */
const CRYPTOGRAPHIC = /^\s*(multipart\/(signed|encrypted)|application\/(x-)?pkcs7-mime)\s*(;|$)/i;

export interface ProtectedHeaders {
  outer: Header;
  inner: Header;
  /** The parameter `hp` (RFC 9788 §2.1.1); null where nothing was done. */
  hp: 'clear' | 'cipher' | null;
}

/**
 * Copies the fields of a message into the part that is signed (RFC 9788 §5.2.1), and hides outside what `policy` says.
 * Under an encryption HP-Outer fields tell the recipient what stood outside, so that he notices every change, and
 * never quotes in the clear what was hidden.
 *
 * A body that is signed or encrypted already is left as it is. Where nothing is to be hidden so is its header: what is
 * protected of that is protected further in. Under an encryption the fields stand beside the body, at its own layer, where
 * `openMessage` finds them; programs that look for them in the innermost layer alone show what stands outside.
 *
 * @param outer all fields that are to stand outside, without structural ones.
 * @param inner the structural fields, Content-Type among them.
 * @param policy null where the message is signed only.
 */
export function protectHeader(
  outer: Header,
  inner: Header,
  policy: HeaderConfidentialityPolicy | null,
): ProtectedHeaders {
  if (policy === null && CRYPTOGRAPHIC.test(inner.get('Content-Type') ?? ''))
    return { outer, inner, hp: null };
  const hp = policy === null ? 'clear' : 'cipher';
  const named = outer.without(['HP-Outer']);
  const shown = policy === null ? named.fields : named.fields.flatMap((field) => outside(field, policy));
  const copied = named.fields.filter(isProtected);
  const recorded = policy === null ? [] : shown.filter(isProtected).map(hpOuter);
  const structural = inner.fields.map((field) => (isContentType(field) ? withHp(field, hp) : field));
  return { outer: headerOf(shown), inner: headerOf([...copied, ...recorded, ...structural]), hp };
}

const isProtected = ({ name }: HeaderField) => !NOT_PROTECTED.test(name.toLowerCase());
const isContentType = ({ name }: HeaderField) => name.toLowerCase() === 'content-type';

function outside(field: HeaderField, policy: HeaderConfidentialityPolicy): readonly HeaderField[] {
  const value = headerOf([field]).get(field.name) ?? '';
  const shown = isProtected(field) ? policy(field.name.toLowerCase(), value, unfoldedValue(field)) : value;
  if (shown === value) return [field];
  return shown === null ? [] : headerOf([]).with(field.name, shown).fields;
}

/** RFC 5322 §2.1.1, without the line end. */
const LONGEST_LINE = 998;
const PREFIX = Buffer.from('HP-Outer: ');
const FOLDED_PREFIX = Buffer.from('HP-Outer:\r\n ');

/** RFC 9788 §2.2: the field as it stands outside, folding included. */
function hpOuter({ raw }: HeaderField): HeaderField {
  const fits = PREFIX.length + raw.indexOf('\r\n') <= LONGEST_LINE;
  return { name: 'HP-Outer', raw: Buffer.concat([fits ? PREFIX : FOLDED_PREFIX, raw]) };
}

/** Content-Type with exactly one parameter hp, in the octets it came in; one that was there before is not ours. */
function withHp({ name, raw }: HeaderField, hp: 'clear' | 'cipher'): HeaderField {
  const [type = '', ...parameters] = parted(raw.toString('latin1'));
  const others = parameters.filter((parameter) => parameter.trim() !== '' && !HP.test(parameter));
  const text = [type, ...others].join(';').trimEnd();
  return { name, raw: Buffer.from(`${text};\r\n hp="${hp}"\r\n`, 'latin1') };
}

/** Also in the forms of RFC 2231, `hp*` and `hp*0`. */
const HP = /^\s*hp\s*(\*[^=]*)?=/i;
