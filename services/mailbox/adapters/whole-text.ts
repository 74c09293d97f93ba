// SPDX-License-Identifier: Apache-2.0
import { htmlAsText } from '@securemail/mime';
import { MailParser } from 'mailparser';

/** A text of a message as it was written: in one form, or in both. */
export interface TextPiece {
  plain: string | null;
  html: string | null;
}

/** What mailparser knows of a part, and its types do not. */
interface Node {
  contentType?: string | false;
  textContent?: string;
  children?: Node[];
  /** It is the head of a message within the message. */
  showMeta?: boolean;
  headers?: Map<string, unknown>;
}

/**
 * Tells the texts of a message in their order: mailparser joins those of each form, and leaves out of either what is
 * written in the other alone, such as a footer in plain text behind a body in HTML. Its own way to make one of the other
 * takes time by the square of what elements lie in each other.
 */
export class WholeTextParser extends MailParser {
  protected getTextContent(): { type: 'text'; pieces: TextPiece[] } {
    return { type: 'text', pieces: piecesIn((this as unknown as { tree: Node }).tree) };
  }
}

function piecesIn(node: Node): TextPiece[] {
  const meta = node.showMeta === true ? headOf(node.headers) : [];
  const { textContent = '', contentType } = node;
  const own: TextPiece[] =
    textContent === ''
      ? []
      : contentType === 'text/html'
        ? [{ plain: null, html: textContent }]
        : [{ plain: textContent, html: null }];
  const within = (node.children ?? []).map(piecesIn).filter((pieces) => pieces.length > 0);
  return [...meta, ...own, ...(contentType === 'multipart/alternative' ? oneOf(within) : within.flat())];
}

/** Of several forms of one text (RFC 2046 §5.1.4): the last with HTML, and the first without that says something. */
function oneOf(forms: readonly TextPiece[][]): TextPiece[] {
  const rich = forms.findLast((pieces) => pieces.some(({ html }) => html !== null));
  const plain = forms.find(
    (pieces) => pieces.every(({ html }) => html === null) && wordsOf(pieces).trim() !== '',
  );
  if (rich === undefined || plain === undefined) return rich ?? plain ?? [];
  return [{ plain: wordsOf(plain), html: htmlOf(rich) }];
}

/** Characters of HTML of which the words are taken. */
const MOST_READ = 8 * 1024 * 1024;

/** All of it as plain text. */
export function wordsOf(pieces: readonly TextPiece[]): string {
  let left = MOST_READ;
  const words = pieces.map(({ plain, html }) => {
    if (plain !== null) return plain;
    const read = (html ?? '').slice(0, left);
    left -= read.length;
    return htmlAsText(read, { addresses: true });
  });
  return words.join('\n');
}

/** All of it as HTML; null where nothing of it is. */
export function htmlOf(pieces: readonly TextPiece[]): string | null {
  if (pieces.every(({ html }) => html === null)) return null;
  return pieces.map(({ plain, html }) => html ?? asHtml(plain ?? '')).join('<br/>\n');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const asHtml = (text: string): string =>
  `<p>${text
    .trim()
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/\r?\n/g, '<br/>\n')}</p>`;

const SHOWN = ['From', 'To', 'Cc', 'Date', 'Subject'];

/** Who wrote a message within the message, to whom, and when. */
function headOf(headers: Node['headers']): TextPiece[] {
  const lines = SHOWN.flatMap((name) => {
    const value = headers?.get(name.toLowerCase());
    const text =
      value instanceof Date ? value.toUTCString() : typeof value === 'string' ? value : textOf(value);
    return text === '' ? [] : [`${name}: ${text}`];
  });
  return lines.length === 0 ? [] : [{ plain: lines.join('\n'), html: null }];
}

const textOf = (value: unknown): string => {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'object' && last !== null && 'text' in last && typeof last.text === 'string'
    ? last.text
    : '';
};
