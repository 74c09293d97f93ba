// SPDX-License-Identifier: Apache-2.0
/** A Content-Type (RFC 2045 §5.1), its type and the names of its parameters in lower case. */
export interface ContentType {
  readonly type: string;
  /** Unquoted. Of a parameter that stands twice, the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Also reads Content-Disposition, which has the same form. A parameter in the forms of RFC 2231 is not read. */
export function readContentType(value: string): ContentType {
  const [type = '', ...rest] = parted(value);
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf('=');
    const name = parameter.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    if (name !== '' && !parameters.has(name))
      parameters.set(name, unquoted(parameter.slice(equals + 1).trim()));
  }
  return { type: type.trim().toLowerCase(), parameters };
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
