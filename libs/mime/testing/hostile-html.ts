// SPDX-License-Identifier: Apache-2.0

const filled = (piece: string) => (size: number) => piece.repeat(size / piece.length);

/** HTML as honest mail has it, by its length in octets. */
export const honestHtml = filled(
  '<table><tbody><tr><td>Hello <b>there</b> &amp; <i>you</i>, nice &oslash;re weather today, is it not?</td></tr></tbody></table>\r\n',
);

/** HTML that parsers and sanitizers take long for, by its length in octets. */
export const HOSTILE_HTML: readonly (readonly [string, (size: number) => string])[] = [
  ['elements in each other', filled('<b>')],
  ['unknown elements in each other', filled('<x>')],
  ['tables in each other', filled('<table><tr><td>')],
  ['lists in each other', filled('<ul><li>')],
  ['elements in each other that seem to end by themselves', filled('<li><td>')],
  ['drawings in each other', filled('<svg>')],
  ['frames', filled('<iframe>')],
  ['elements that end where none began', (size) => filled('<i>')(size / 2) + filled('</b>')(size / 2)],
  ['paragraphs that only end', filled('</p>')],
  [
    'pictures from elsewhere behind a text',
    (size) => filled('word ')(size / 2) + filled('<img src=//x>')(size / 2),
  ],
  [
    'an element of many attributes',
    (size) => `<b ${Array.from({ length: size / 8 }, (_, i) => `a${i}=1`).join(' ')}>`,
  ],
  ['a long attribute', (size) => `<b title="${filled('&lt;')(size)}">x</b>`],
  ['comments in the address of a picture', (size) => `<img src="cid:${filled('<!---->')(size)}">`],
  ['comments in the address of a link', (size) => `<a href="https://x/${filled('<!---->')(size)}">x</a>`],
  ['a long address', (size) => `<a href="https://x/${filled('x')(size)}">x</a>`],
  ['a long style', (size) => `<p style="${filled('color:red;')(size)}">x</p>`],
  ['a style of brackets', (size) => `<p style="${filled('(')(size)}">x</p>`],
  ['a style of blocks', (size) => `<p style="${filled('a{')(size)}">x</p>`],
  ['a style without a value', (size) => `<p style="color${filled(':')(size)}">x</p>`],
  ['many styles', filled('<p style="color:red">x</p>')],
  ['brackets that open nothing', filled('<')],
  ['ends that nothing has', filled('</')],
  ['comments', filled('<!--x-->')],
  ['comments without an end', filled('<!--')],
  ['sections of XML', filled('<![CDATA[')],
  ['entities', filled('&notit')],
  ['ampersands', filled('&')],
  ['white space', (size) => `a${filled(' ')(size)}b`],
];
