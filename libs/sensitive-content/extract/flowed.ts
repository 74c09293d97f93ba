// SPDX-License-Identifier: Apache-2.0

const LINE = /^(?<quotes>>*) ?(?<text>.*)$/u;
const SIGNATURE = '-- ';

/**
 * Text of `format=flowed` as mail programs show it (RFC 3676 §4): a line that ends with a space goes on in the next one
 * that is as deep in quotes, but for the one that begins a signature.
 */
export function unflowed(text: string, { delSp }: { delSp: boolean }): string {
  const out: string[] = [];
  let open: string | null = null;
  for (const line of text.split(/\r?\n/u)) {
    const { quotes = '', text: said = '' } = LINE.exec(line)?.groups ?? {};
    const isFlowed = said.endsWith(' ') && said !== SIGNATURE;
    const isBehind = open === quotes && said !== SIGNATURE;
    out.push(
      isBehind ? '' : `\n${quotes}${quotes === '' ? '' : ' '}`,
      isFlowed && delSp ? said.slice(0, -1) : said,
    );
    open = isFlowed ? quotes : null;
  }
  return out.join('').slice(1);
}
