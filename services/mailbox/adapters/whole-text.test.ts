// SPDX-License-Identifier: Apache-2.0
import { readHtml, readMessage } from './read-message.ts';

const part = (type: string, content: string, more = '') =>
  `Content-Type: ${type}; charset=utf-8\r\n${more}\r\n${content}`;
const plain = (content: string) => part('text/plain', content);
const html = (content: string) => part('text/html', content);
const together = (kind: string, ...parts: string[]) => {
  const boundary = `b${kind}`;
  const all = parts.map((each) => `--${boundary}\r\n${each}\r\n`).join('');
  return `Content-Type: multipart/${kind}; boundary=${boundary}\r\n\r\n${all}--${boundary}--`;
};
async function* mailOf(content: string) {
  yield await Promise.resolve(Buffer.from(`Subject: x\r\nMIME-Version: 1.0\r\n${content}\r\n`));
}
const words = async (content: string) => (await readMessage(mailOf(content))).text?.split(/\n+/) ?? null;
const frame = async (content: string) =>
  (await readHtml(mailOf(content)))?.html
    .replaceAll(/<[^>]*>/g, ' ')
    .trim()
    .split(/\s{2,}/) ?? null;

it.each<[what: string, mail: string, words: string[] | null, frame: string[] | null]>([
  ['one text', plain('Kære Bo'), ['Kære Bo'], null],
  ['HTML alone', html('<p>Kære <b>Bo</b></p>'), ['Kære Bo'], ['Kære', 'Bo']],
  [
    'two forms of one text',
    together('alternative', plain('as text'), html('as html')),
    ['as text'],
    ['as html'],
  ],
  [
    'a form that says nothing',
    together('alternative', plain('  '), html('as html')),
    ['as html'],
    ['as html'],
  ],
  [
    'a footer in plain text behind HTML',
    together('mixed', html('<p>The decision</p>'), plain('FOOTER: appeal')),
    ['The decision', 'FOOTER: appeal'],
    ['The decision', 'FOOTER: appeal'],
  ],
  [
    'two forms, and a footer in plain text',
    together('mixed', together('alternative', plain('as text'), html('as html')), plain('FOOTER')),
    ['as text', 'FOOTER'],
    ['as html', 'FOOTER'],
  ],
  [
    'HTML behind an attachment, as Apple Mail writes',
    together(
      'mixed',
      plain('Intro <text>'),
      part('application/pdf', 'x', 'Content-Disposition: inline; filename=a.pdf\r\n'),
      html('<p>after it</p>'),
    ),
    ['Intro <text>', 'after it'],
    ['Intro &lt;text&gt;', 'after it'],
  ],
  [
    'HTML with an attachment in it as one of two forms',
    together('alternative', plain('as text'), together('mixed', html('one'), plain('two'))),
    ['as text'],
    ['one', 'two'],
  ],
  [
    'a message within it',
    together(
      'mixed',
      plain('See below'),
      'Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\nFrom: a@x.example\r\nSubject: Old\r\n\r\nwords',
    ),
    ['See below', 'From: a@x.example', 'Subject: Old', 'words'],
    null,
  ],
  ['no text', together('mixed', part('application/pdf', 'x')), null, null],
])('shows all of a message that has %s, as text and in the frame', async (_what, mail, text, shown) => {
  expect((await words(mail))?.map((line) => line.trim()).filter((line) => line !== '') ?? null).toEqual(text);
  expect(await frame(mail)).toEqual(shown);
});

const PNG = 'iVBORw0KGgo=';
const picture = (contentId: string, more = '') =>
  `Content-Type: image/png; name=${contentId.replace(/\W/g, '')}.png\r\nContent-ID: <${contentId}>\r\n${more}Content-Transfer-Encoding: base64\r\n\r\n${PNG}`;

it.each<[what: string, html: string, contentId: string, isShown: boolean]>([
  ['is shown', '<img src="cid:a@x">', 'a@x', true],
  ['is called by an encoded address', '<img src="cid:a%40x">', 'a@x', true],
  ['no text shows', 'no picture', 'a@x', false],
  ['is only named in words', 'cid:a@x', 'a@x', false],
])('lists a picture that %s, unless it is seen', async (_what, text, contentId, isShown) => {
  const mail = together('related', html(text), picture(contentId));
  const { parts } = await readMessage(mailOf(mail));
  expect(parts.map(({ inline }) => inline)).toEqual([isShown]);
  expect(((await readHtml(mailOf(mail)))?.html ?? '').includes('data:image/png')).toBe(isShown);
});

it('lists the pictures that are too many to be shown, and shows the others', async () => {
  const large = Buffer.alloc(3 * 1024 * 1024).toString('base64');
  const ids = ['a@x', 'b@x', 'c@x', 'd@x'];
  const mail = together(
    'related',
    html(ids.map((id) => `<img src="cid:${id}">`).join('')),
    ...ids.map((id, index) => (index === 3 ? picture(id) : picture(id).replace(PNG, large))),
  );
  const { parts } = await readMessage(mailOf(mail));
  expect(parts.map(({ inline }) => inline)).toEqual([true, true, false, true]);
  expect((await readHtml(mailOf(mail)))?.html.match(/data:image/g)).toHaveLength(3);
});

it.each([
  ['as its header says', 'Content-Language: da, en\r\n', '<p>Hej', 'da'],
  [
    'as its HTML says, which is nearer',
    'Content-Language: da\r\n',
    '<HTML dir="ltr" lang=de-AT><p>Grüß',
    'de-AT',
  ],
  ['as nobody says', '', '<p lang="da">Hej', null],
  [
    'but only by the name of one',
    'Content-Language: "><script>\r\n',
    '<html lang="&quot;&gt;x"><p>Hej',
    null,
  ],
])('knows in which language a text is, %s', async (_what, header, text, expected) => {
  const mail = `${header}Content-Type: text/html; charset=utf-8\r\n\r\n${text}`;
  expect(await readHtml(mailOf(mail))).toMatchObject({ language: expected, subject: 'x' });
});
