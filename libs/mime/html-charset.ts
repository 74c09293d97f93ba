// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Where HTML may say in what it is written (HTML Standard, "prescan a byte stream to determine its encoding"). */
const PRESCANNED = 1024;

/**
 * HTML as text, as browsers read it (HTML Standard, "determining the character encoding"): by its byte order mark, by the
 * charset of its header field, by its own `<meta>`; else UTF-8 where it is that, and Windows-1252.
 *
 * @param charset of Content-Type; empty for none.
 */
export function decodedHtml(bytes: Buffer, charset: string): string {
  const said = [markOf(bytes), charset, metaOf(bytes)].find(
    (each) => each !== '' && iconv.encodingExists(each),
  );
  return iconv.decode(bytes, said ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252'));
}

function markOf([first, second, third]: Buffer): string {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : '';
}

function metaOf(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, PRESCANNED).replaceAll(/<!--[^]*?-->/g, '');
  for (const [meta] of start.matchAll(/<meta[\s/][^>]*>/gi)) {
    // eslint-disable-next-line regexp/no-super-linear-backtracking -- There are PRESCANNED octets at most.
    const [, charset = ''] = /charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(meta) ?? [];
    // What could be read so far is not UTF-16.
    if (charset !== '') return /^utf-16/i.test(charset) ? 'utf-8' : charset;
  }
  return '';
}
