// SPDX-License-Identifier: Apache-2.0

/** Octets of a reply's line with its code and CRLF (RFC 5321 §4.5.3.1.5), without those. */
const MOST = 512 - '550 '.length - '\r\n'.length;
const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3} /;

/**
 * The lines of a reply, its text in ASCII, of which each line begins one: explanations with addresses in them are longer
 * than a line may be, and what a mail server cuts off its user never reads. Each begins with the enhanced code (RFC 2034 §4), where there is one.
 */
export function replyLines(text: string): string[] {
  const [code = ''] = ENHANCED.exec(text) ?? [];
  const most = MOST - code.length;
  return text
    .slice(code.length)
    .split('\n')
    .flatMap((line) => parts(line, most).map((part) => code + part));
}

function parts(line: string, most: number): string[] {
  const found: string[] = [];
  let rest = line;
  do {
    const space = rest.length <= most ? rest.length : rest.lastIndexOf(' ', most);
    const end = space > 0 ? space : most;
    found.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  } while (rest !== '');
  return found;
}
