// SPDX-License-Identifier: Apache-2.0
import { unfoldedValue, type Header } from '@securemail/mime';
import { joinedParameters } from './joined-parameters.ts';

/** A Content-Type (RFC 2045 §5.1), its type and the names of its parameters in lower case. */
export interface ContentType {
  readonly type: string;
  /** Unquoted. Of a parameter that stands twice, the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Those of a header. Encoded words (RFC 2047) stand as they are: there they are none, and no program reads them. */
export const contentTypesIn = (header: Header): ContentType[] =>
  header.fields
    .filter(({ name }) => name.toLowerCase() === 'content-type')
    .map((field) => readContentType(unfoldedValue(field)));

/** The first; of no type where there is none. */
export const contentTypeOf = (header: Header): ContentType =>
  contentTypesIn(header)[0] ?? { type: '', parameters: new Map() };

/** Also reads Content-Disposition, which has the same form. Comments are passed over. */
export function readContentType(value: string): ContentType {
  const [type = '', ...rest] = parted(withoutComments(value));
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf('=');
    const name = parameter.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    if (name !== '' && !parameters.has(name))
      parameters.set(name, unquoted(parameter.slice(equals + 1).trim()));
  }
  return { type: type.trim().toLowerCase(), parameters: joinedParameters(parameters) };
}

const unquoted = (text: string) =>
  text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replace(/\\(.)/g, '$1')
    : text;

/** Text between semicolons that stand in no quoted string. No regular expression: those take long for hostile text. */
export function parted(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    if (quoted && text[i] === '\\') i += 1;
    else if (text[i] === '"') quoted = !quoted;
    else if (text[i] === ';' && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Comments (RFC 822 §3.1.4) may stand anywhere but in a quoted string, also within one another. */
function withoutComments(text: string): string {
  if (!text.includes('(')) return text;
  let kept = '';
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const start = i;
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"' && depth === 0) quoted = !quoted;
    else if (text[i] === '(' && !quoted) depth += 1;
    if (depth === 0) kept += text.slice(start, i + 1);
    if (text[start] === ')' && !quoted && depth > 0) depth -= 1;
  }
  return kept;
}
