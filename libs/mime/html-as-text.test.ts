// SPDX-License-Identifier: Apache-2.0
import { htmlAsText } from './html-as-text.ts';
import { listMarker } from './list-marker.ts';

const text = (html: string) => htmlAsText(html, { addresses: true });

it.each([
  [
    '<p>Pay <strike>5000</strike> <s>6000</s> <del>7000</del> 3000</p>',
    'Pay ~~5000~~ ~~6000~~ ~~7000~~ 3000',
  ],
  ['<p style="text-decoration: underline line-through">a</p><p>b</p>', '~~a~~\n\nb'],
  ['<p style="text-decoration:line-through">a<p>b', '~~a\n\n~~b'],
  ['<span style="text-decoration-line:line-through">a<span>b</span></span>c', '~~ab~~c'],
  ['<s>a<del>b</del></s><s></s>c', '~~ab~~c'],
  ['<s>a<font face=Wingdings>&#254;</s></font>b', '~~a☑~~b'],
  ['a<s>b', 'a~~b~~'],
  ['<i style="text-decoration:underline">a</i>', 'a'],
])('what is struck out stands between tildes: %s', (html, expected) => {
  expect(text(html)).toBe(expected);
});

it.each([
  ['<ol><li>a<li>b</ol>', '1. a\n2. b'],
  ['<ol start=3 type=1><li>a<li value=7>b<li>c</ol>', '3. a\n7. b\n8. c'],
  ['<ol type=a start=26><li>a<li>b</ol>', 'z. a\naa. b'],
  ['<ol style="list-style-type:upper-roman" start=4><li>a</ol>', 'IV. a'],
  ['<ol reversed><li>a<li>b</ol>', '2. a\n1. b'],
  ['<ol reversed start=10><li>a<li>b', '10. a\n9. b'],
  ['<ol><li>a<ul><li>b</ul><li>c</ol><li>d', '1. a\n\n- b\n\n2. c\n\n- d'],
  ['<ul style="list-style:none"><li>a</ul>', 'a'],
])('the items of lists have their numbers: %s', (html, expected) => {
  expect(text(html)).toBe(expected);
});

it.each([
  ['<input type=checkbox checked> Yes <input type=checkbox> No <input value=x>', '☒ Yes ☐ No x'],
  ['<font face="Wingdings">&#254;</font> granted &#254;', '☑ granted þ'],
  [
    "<p><span style='font-family:Symbol'>&#183;<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&#183;</span></span>a",
    '• ·a',
  ],
])('boxes and dots are such: %s', (html, expected) => {
  expect(text(html)).toBe(expected);
});

it.each([
  ['10<sup>6</sup> m<sup>2</sup> H<sub>2</sub>O 10<sup>-3</sup>', '10⁶ m² H₂O 10⁻³'],
  ['the 1<sup>st</sup>, N<sup>o.</sup> 3, T<sub>max</sub>', 'the 1st, No. 3, Tmax'],
  ['5<sup>a2</sup> 5<sup>1/2</sup> x<sub>i, 2</sub>', '5^a2 5^1/2 x_(i, 2)'],
  ['2<sup> 3 </sup>4<sup></sup>5', '2 ³ 45'],
  ['<sup>1 a<p>b</p>', '1 a\n\nb'],
  ['<p><sup>1<p>a</sup>b', '1\n\nab'],
])('what stands above or below the line is not read as on it: %s', (html, expected) => {
  expect(text(html)).toBe(expected);
});

it.each([
  ['He said <q>no <q>never</q></q>.', 'He said “no ‘never’”.'],
  ['</q>a<q>b', 'a“b'],
])('what is quoted stands in quotation marks: %s', (html, expected) => {
  expect(text(html)).toBe(expected);
});

it.each([
  ['Name: <input value="Bo &amp; Co"> years<input type=number value=5>kg', 'Name: Bo & Co years 5 kg'],
  ['<input type=hidden value=a><input type=password value=b>c', 'c'],
  ['<p>Why<textarea>So\n  much &lt;3</textarea>end', 'Why\nSo\nmuch <3\nend'],
  ['Colour: <select><option>red<option selected>dark\n blue<option>green</select>!', 'Colour: dark blue !'],
  ['<select><option>red</option><option>blue</option></select>', 'red'],
  ['<select multiple><option selected>a<option>b<option selected>c</select>', 'a, c'],
  ['<select multiple><option>a</select>b', 'b'],
  ['<select><option>a<select><option>b', 'a b'],
  ['</select><option>a</option>', 'a'],
])('of fields it has what was typed or chosen: %s', (html, expected) => {
  expect(text(html)).toBe(expected);
});

it.each([
  [1, 'lower-alpha', 'a. '],
  [702, 'upper-latin', 'ZZ. '],
  [703, 'lower-latin', 'aaa. '],
  [0, 'lower-alpha', '0. '],
  [1994, 'lower-roman', 'mcmxciv. '],
  [4000, 'upper-roman', '4000. '],
  [-3, 'decimal-leading-zero', '-03. '],
  [5, 'disc', '- '],
  [5, 'none', ''],
])('the marker of %s in %s is "%s"', (number, style, marker) => {
  expect(listMarker(number, style)).toBe(marker);
});

it.each([
  '<ol reversed><li>',
  '<s><font face=Wingdings>',
  '</s></ol>',
  '<sup>1',
  '<sup>1</sup></sup>',
  '<q>',
  '<select><option>',
  '<select><option>a</select></select>',
  '<ul>',
  '<p style="text-decoration:line-through">',
])('takes time by its length alone: %s', (piece) => {
  const millisecondsFor = (html: string) =>
    Math.min(
      ...[1, 2, 3].map(() => {
        const from = performance.now();
        text(html);
        return performance.now() - from;
      }),
    );
  const many = piece.repeat(Math.floor(800_000 / piece.length));
  millisecondsFor('<p>a</p>'.repeat(100_000));
  expect(millisecondsFor(many) / millisecondsFor('<p>a</p>'.repeat(100_000))).toBeLessThan(10);
});
