// SPDX-License-Identifier: Apache-2.0
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** Elements within a line. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr o:p q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
/** Between paragraphs, and what stands like one, is an empty line. */
const PARAGRAPHS = new Set('p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre'.split(' '));
/** What is in them is not shown. The tokenizer finds no elements within them. */
const UNSHOWN = new Set(['script', 'style', 'title', 'iframe', 'noembed', 'noframes']);

const MOST_CHARACTERS = 1_000_000;
const SLICE = 16_384;

const unneeded = () => undefined;

/**
 * The words of HTML without its form: lines for blocks and rows, tabs between cells. Of elements in each other it keeps no
 * stack, so that it takes time by its length alone, whatever the HTML.
 *
 * @param addresses whether the address of a link (http, https, mailto, tel) stands behind its words.
 * @param most characters after which nothing more is read: as many as a thick book has.
 */
export function htmlAsText(
  html: string,
  { addresses, most = MOST_CHARACTERS }: { addresses: boolean; most?: number },
): string {
  const words: string[] = [];
  let characters = 0;
  let unshown: string | null = null;
  let preformatted = 0;
  let element = '';
  let attribute = '';
  let value = '';
  let address = '';
  let linkFrom = 0;

  const nameAt = (from: number, to: number) => html.slice(from, to).toLowerCase();
  const say = (word: string) => {
    words.push(word);
    characters += word.length;
  };
  const text = (found: string) => {
    if (unshown !== null) return;
    say(preformatted > 0 ? found : found.replaceAll(/\s+/g, ' '));
  };
  const callbacks: TokenizerCallbacks = {
    onopentagname(from, to) {
      element = nameAt(from, to);
      if (unshown !== null) return;
      say(element === 'li' ? '\n- ' : borderOf(element));
      if (element === 'pre') preformatted += 1;
      if (element === 'a') {
        address = '';
        linkFrom = words.length;
      }
      if (UNSHOWN.has(element)) unshown = element;
    },
    onclosetag(from, to) {
      const name = nameAt(from, to);
      if (unshown !== null) {
        if (name === unshown) unshown = null;
        return;
      }
      if (name === 'pre') preformatted = Math.max(0, preformatted - 1);
      if (name === 'a' && address !== '') {
        if (words.slice(linkFrom).join('').trim() !== address) say(` [${address}]`);
        address = '';
      }
      say(borderOf(name));
    },
    onattribname(from, to) {
      attribute = nameAt(from, to);
      value = '';
    },
    onattribdata(from, to) {
      value += html.slice(from, to);
    },
    onattribentity(code) {
      value += String.fromCodePoint(code);
    },
    onattribend() {
      if (unshown !== null) return;
      const isLink = addresses && element === 'a' && attribute === 'href';
      if (isLink && /^(https?|mailto|tel):/i.test(value)) address = value;
      if (element === 'img' && attribute === 'alt') text(value);
    },
    ontext: (from, to) => {
      text(html.slice(from, to));
    },
    ontextentity: (code) => {
      text(String.fromCodePoint(code));
    },
    oncdata: unneeded,
    oncomment: unneeded,
    ondeclaration: unneeded,
    onend: unneeded,
    onopentagend: unneeded,
    onprocessinginstruction: unneeded,
    onselfclosingtag: unneeded,
  };
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks);
  for (let at = 0; at < html.length && characters <= most; at += SLICE)
    tokenizer.write(html.slice(at, at + SLICE));
  tokenizer.end();
  return tidied(words.join('').slice(0, most));
}

function borderOf(element: string): string {
  if (element === 'td' || element === 'th') return '\t';
  if (PARAGRAPHS.has(element)) return '\n\n';
  return INLINE.has(element) ? '' : '\n';
}

/** Lines without space around them, and one empty line at most between two. */
function tidied(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line, index) => line !== '' || lines[index - 1] !== '')
    .join('\n')
    .trim();
}
