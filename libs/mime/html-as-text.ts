// SPDX-License-Identifier: Apache-2.0
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { choicesInText, inputText } from './fields-in-text.ts';
import { listsInText } from './lists-in-text.ts';
import { marksInText } from './marks-in-text.ts';
import { raised } from './raised-in-text.ts';
import { declarationsIn } from './style-declarations.ts';
import { inUnicode } from './symbol-fonts.ts';

/** Elements within a line. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark nobr o:p q s samp select small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
/** Between paragraphs, and what stands like one, is an empty line. */
const PARAGRAPHS = new Set('p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre'.split(' '));
const PREFORMATTED = new Set(['pre', 'textarea']);
/** The outer ones, and those within. */
const QUOTES = ['“”', '‘’'] as const;
/** What is in them is not shown. The tokenizer finds no elements within them. */
const UNSHOWN = new Set(['script', 'style', 'title', 'iframe', 'noembed', 'noframes']);

const MOST_CHARACTERS = 1_000_000;
const SLICE = 16_384;

const unneeded = () => undefined;

/** Attributes that say what a text is, beside those of links and pictures. */
const KEPT = new Set('style type checked start value reversed face selected multiple'.split(' '));
/** Characters of one; what is longer says nothing. */
const LONGEST_KEPT = 10_000;

/**
 * The words of HTML without its form: lines for blocks and rows, tabs between cells, numbers of lists; what is struck out
 * stands between tildes, and of fields what was typed or chosen. It takes time by its length alone, whatever the HTML: of elements in each other it keeps no stack
 * but of lists.
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
  let raisedFrom: number | null = null;
  let quotes = 0;
  let isAfterField = false;
  let last = '';
  let beforeChoice = '';
  let kept = new Map<string, string>();
  const lists = listsInText((place, marker) => {
    words[place] = marker;
  });
  const marks = marksInText();
  const choices = choicesInText(words);

  const nameAt = (from: number, to: number) => html.slice(from, to).toLowerCase();
  const say = (word: string) => {
    const isApart = isAfterField && word !== '' && !/^\s/.test(word);
    words.push(isApart ? ` ${word}` : word);
    characters += word.length;
    if (word === '') return;
    last = word;
    isAfterField = false;
  };
  /** Apart from the words around it: its frame is not seen here. */
  const sayField = (word: string) => {
    if (word === '') return;
    say(last === '' || /\s$/.test(last) ? word : ` ${word}`);
    isAfterField = true;
  };
  const endChoice = () => {
    if (!choices.isOpen()) return;
    last = beforeChoice;
    sayField(choices.end());
  };
  const text = (found: string) => {
    if (unshown !== null) return;
    const font = marks.font();
    const read = font === null ? found : inUnicode(found, font);
    say(preformatted > 0 ? read : read.replaceAll(/\s+/g, ' '));
  };
  /** Once its attributes are known. */
  const begin = () => {
    if (unshown !== null) return;
    const style = declarationsIn(kept.get('style') ?? '');
    say(marks.begin(element, style, kept.get('face')));
    if (element === 'li') say(lists.item(kept, style, words.length));
    if (element === 'ol' || element === 'ul') lists.begin(element, kept, style);
    if (element === 'input') sayField(inputText(kept));
    if (element === 'select') {
      endChoice();
      beforeChoice = last;
      choices.begin(kept);
    }
    if (element === 'option') choices.option(kept);
  };
  const callbacks: TokenizerCallbacks = {
    onopentagname(from, to) {
      element = nameAt(from, to);
      kept = new Map();
      if (unshown !== null) return;
      if (!choices.isOpen()) say(borderOf(element));
      if (PREFORMATTED.has(element)) preformatted += 1;
      if (element === 'sup' || element === 'sub') raisedFrom = words.length;
      if (element === 'q') say(QUOTES[quotes++ % 2]?.[0] ?? '');
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
      if (PREFORMATTED.has(name)) preformatted = Math.max(0, preformatted - 1);
      if ((name === 'sup' || name === 'sub') && raisedFrom !== null) {
        const within = words.slice(raisedFrom).join('');
        words.fill('', raisedFrom);
        words.push(raised(within, name));
        raisedFrom = null;
      }
      if (name === 'q' && quotes > 0) say(QUOTES[--quotes % 2]?.[1] ?? '');
      if (name === 'option') choices.endOption();
      if (name === 'select') endChoice();
      if (name === 'a' && address !== '') {
        if (words.slice(linkFrom).join('').trim() !== address) say(` [${address}]`);
        address = '';
      }
      const ended = marks.end(name);
      if (ended !== '' && words.at(-1) === ended) words.pop();
      else say(ended);
      if (name === 'ol' || name === 'ul') lists.end();
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
      if (KEPT.has(attribute) && value.length <= LONGEST_KEPT && !kept.has(attribute))
        kept.set(attribute, value);
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
    onopentagend: begin,
    onprocessinginstruction: unneeded,
    onselfclosingtag: begin,
  };
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks);
  for (let at = 0; at < html.length && characters <= most; at += SLICE)
    tokenizer.write(html.slice(at, at + SLICE));
  tokenizer.end();
  endChoice();
  say(marks.endAll());
  lists.endAll();
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
