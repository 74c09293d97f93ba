// SPDX-License-Identifier: Apache-2.0
/** A section of a parameter (RFC 2231): its number, and whether it is percent-encoded. */
const SECTION = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/;
const MAX_SECTIONS = 100;

interface Section {
  readonly text: string;
  readonly encoded: boolean;
}

/**
 * Adds the parameters that stand in sections or in another charset (RFC 2231), `name*0`, `name*1*` or `name*`, under
 * their plain names. One that stands there plainly counts before them. Of a charset only ASCII is read: a boundary and
 * the names of S/MIME's files have no more.
 */
export function joinedParameters(parameters: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const sections = new Map<string, Section[]>();
  for (const [key, text] of parameters) {
    const [, name = '', number, star] = SECTION.exec(key) ?? [];
    if (name === '' || (number === undefined && star === undefined) || parameters.has(name)) continue;
    const known = sections.get(name) ?? [];
    const at = Number(number ?? 0);
    if (at < MAX_SECTIONS) known[at] ??= { text, encoded: star !== undefined };
    sections.set(name, known);
  }
  if (sections.size === 0) return parameters;
  return new Map([...parameters, ...[...sections].map(([name, parts]) => [name, joined(parts)] as const)]);
}

/** Up to the first section that is missing. */
function joined(sections: readonly (Section | undefined)[]): string {
  let value = '';
  for (const [at, section] of sections.entries()) {
    if (section === undefined) break;
    // The first says charset and language.
    const text = at === 0 && section.encoded ? section.text.replace(/^[^']*'[^']*'/, '') : section.text;
    value += section.encoded
      ? text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      : text;
  }
  return value;
}
