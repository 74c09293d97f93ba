// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import iconv from 'iconv-lite';
import { simpleParser } from 'mailparser';
import { htmlAsText } from './html-as-text.ts';
import { neutralised } from './neutralise.ts';
import { HOSTILE_HTML, honestHtml } from './testing/hostile-html.ts';

const NOTICES = { notice: 'Made harmless.', asText: 'Only words are left.', seed: '0f4aadbc7b28f89a' };
const OCTETS = 400_000;

const harmless = (message: Buffer) => buffer(neutralised(Readable.from([message]), NOTICES));
const page = (html: string) => Buffer.from(`Content-Type: text/html\r\n\r\n${html}\r\n`);
const mixed = (...parts: string[]) =>
  Buffer.from(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts.map((html) => `--b\r\n${page(html).toString()}`).join('')}--b--\r\n`,
  );
const shown = async (message: Buffer) => {
  const { html } = await simpleParser(await harmless(message), { skipHtmlToText: true });
  return html || '';
};

async function millisecondsFor(html: string): Promise<number> {
  const message = page(html);
  const times: number[] = [];
  // The least of three: what else runs on the machine takes its time, too.
  for (let time = 0; time < 3; time += 1) {
    const from = performance.now();
    await harmless(message);
    times.push(performance.now() - from);
  }
  return Math.min(...times);
}

describe('HTML that is hostile to parsers', () => {
  beforeAll(() => millisecondsFor(honestHtml(OCTETS)));

  it.each(HOSTILE_HTML)('takes about as long as honest HTML: %s', async (_, hostile) => {
    const honest = await millisecondsFor(honestHtml(OCTETS));
    expect((await millisecondsFor(hostile(OCTETS))) / honest).toBeLessThan(10);
  });

  it('takes no more in many parts than in one', async () => {
    const honest = await millisecondsFor(honestHtml(OCTETS));
    const from = performance.now();
    await harmless(mixed(...HOSTILE_HTML.map(([, hostile]) => hostile(OCTETS / 2))));
    expect((performance.now() - from) / honest).toBeLessThan(30);
  });
});

describe('of HTML that is too much only words stay, and a line says so', () => {
  it('where elements lie deep in each other', async () => {
    const html = await shown(
      page(
        `<p>before</p>${'<div>'.repeat(600)}<a href="http://x.example">deep</a><img src="http://x.example">`,
      ),
    );
    expect(html).toBe(
      '<p><b>Made harmless.</b></p>\n<p><b>Only words are left.</b></p>\n<pre>before\n\ndeep</pre>',
    );
  });

  it('where there are very many', async () => {
    const html = await shown(page('<b>x</b>'.repeat(200_000)));
    expect(html).toContain('<b>Only words are left.</b>');
    expect(html).toContain('x'.repeat(200_000));
  });

  it('where it is very long: its beginning', async () => {
    const html = await shown(page(`begin${' text '.repeat(2_000_000)}end`));
    expect(html.slice(0, 200)).toContain('<b>Only words are left.</b></p>\n<pre>begin text text');
    expect(html.includes('end')).toBe(false);
  });

  it('of the words as many as a thick book has', () => {
    for (const piece of ['<', '&', '<p>x'])
      expect(htmlAsText(piece.repeat(3_000_000), { addresses: false }).length).toBeLessThanOrEqual(1_000_000);
    expect(htmlAsText(`a${'<b> c'.repeat(50)}`, { addresses: false, most: 7 })).toBe('a c c c');
  });

  it('where all parts together are very long', async () => {
    const html = await shown(
      mixed(...Array.from({ length: 4 }, (_, i) => `<h1>${i}</h1>${'text '.repeat(500_000)}`)),
    );
    expect(html).toContain('<h1>2</h1>');
    expect(html).not.toContain('<h1>3</h1>');
    expect(html.match(/Only words are left/g)).toHaveLength(1);
  });

  it('and not where it is as much as the largest of honest mail', async () => {
    const cell = '<td class=xl65 align=right style="height:15.0pt">123.456</td>';
    const sheet = `<table>${`<tr>${cell.repeat(10)}</tr>`.repeat(4_000)}</table>`;
    const thread = `${'<div><blockquote><div>'.repeat(80)}first${'</div></blockquote></div>'.repeat(80)}`;
    const scan = `<img src="data:image/png;base64,${'iVBORw0KGgo='.repeat(500_000)}">`;
    for (const html of [sheet, thread, scan]) expect(await shown(page(html))).not.toContain('Only words');
  });
});

it('other work goes on between its parts', async () => {
  let turns = 0;
  let next = setImmediate(function turn() {
    turns += 1;
    next = setImmediate(turn);
  });
  await harmless(mixed(...Array.from({ length: 100 }, () => '<b>x</b>')));
  clearImmediate(next);
  expect(turns).toBeGreaterThan(90);
});

it('what is in a frame nobody shows', async () => {
  expect(await shown(page('a<iframe>b<b>c</b></iframe>d'))).toMatch(/ad\s*$/);
});

describe('HTML is read in the charset', () => {
  const bytesOf = (text: string, charset: string) => iconv.encode(text, charset, { addBOM: false });
  const read = async (type: string, bytes: Buffer) => {
    const field = `Content-Type: text/html${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
    return shown(Buffer.from(`${field}${bytes.toString('base64')}\r\n`));
  };

  it.each([
    ['of its own meta', '', bytesOf('<meta charset="iso-8859-5"><p>привет', 'iso-8859-5'), 'привет'],
    [
      'of its own meta as HTML 4 has it',
      '',
      bytesOf('<META http-equiv=Content-Type content="text/html; charset=windows-1251"><p>привет', 'win1251'),
      'привет',
    ],
    [
      'of the field before that of the meta',
      '; charset=koi8-r',
      bytesOf('<meta charset=iso-8859-1>привет', 'koi8-r'),
      'привет',
    ],
    [
      'of the mark before all',
      '; charset=iso-8859-1',
      Buffer.concat([Buffer.from([0xff, 0xfe]), bytesOf('<meta charset=iso-8859-1>привет', 'utf-16le')]),
      'привет',
    ],
    ['of no meta in a comment', '', bytesOf('<!-- <meta charset=koi8-r> --><p>blåbær', 'utf-8'), 'blåbær'],
    [
      'of no meta far behind',
      '',
      bytesOf(`${' '.repeat(1_024)}<meta charset=koi8-r><p>blåbær`, 'utf-8'),
      'blåbær',
    ],
    ['that a meta can have been read in', '', bytesOf('<meta charset=utf-16le><p>blåbær', 'utf-8'), 'blåbær'],
    ['of Windows where nothing tells it', '', bytesOf('<p>blåbær – “x”', 'windows-1252'), 'blåbær – “x”'],
    ['that it has, if another is not known', '; charset=x-unknown', bytesOf('<p>blåbær', 'utf-8'), 'blåbær'],
  ])('%s', async (_, type, bytes, text) => {
    expect(await read(type, bytes)).toContain(text);
  });
});
