// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { docxOf, pdfOf, xlsxOf } from '../testing/documents.ts';
import { attached, mailOf, plain } from '../testing/mail.ts';
import { extract } from '../testing/pieces.ts';
import type { Limits } from './budget.ts';

async function read(file: Uint8Array, limits: Partial<Limits> = {}) {
  const { attachment, unread } = await extract(mailOf({ parts: [plain('Hej'), attached(file)] }), limits);
  return { text: attachment, unread };
}

describe('PDF', () => {
  it('is read page by page', async () => {
    const { text, unread } = await read(await pdfOf(['CPR 070761-4285', 'Blåbær på side to']));
    expect(text).toMatch(/CPR 070761-4285\n[^]*Blåbær på side to/u);
    expect(unread).toEqual([]);
  });

  it('is read with its description, its notes, form fields and attached files', async () => {
    const pdf = await pdfOf(['side'], { info: { Title: 'titel 070761-4285' } }, (it) => {
      it.initForm();
      it.formText('felt', 10, 10, 100, 20, { value: 'felt 070761-4285' });
      it.note(10, 50, 20, 20, 'note 070761-4285');
      it.file(Buffer.from('bilag 070761-4285'), { name: 'navn 070761-4285' });
    });
    const { text } = await read(pdf);
    for (const word of ['titel', 'felt', 'note', 'bilag', 'navn'])
      expect(text).toContain(`${word} 070761-4285`);
  });

  it('has the cells of a table apart', async () => {
    const pdf = await pdfOf([''], {}, (it) => {
      it.text('Bo', 100, 100, { lineBreak: false });
      it.text('0707614285', 200, 100, { lineBreak: false });
      it.text('22334455', 300, 100, { lineBreak: false });
    });
    expect((await read(pdf)).text).toContain('Bo\t0707614285\t22334455');
  });

  it('with a password is told', async () => {
    const pdf = await pdfOf(['hemmelig'], { userPassword: 'x', ownerPassword: 'y', pdfVersion: '1.7ext3' });
    expect((await read(pdf)).unread).toEqual(['attachment: encrypted']);
  });

  it('that may be read by all, but not changed, is read', async () => {
    const pdf = await pdfOf(['070761-4285'], { ownerPassword: 'y', pdfVersion: '1.7' });
    expect(await read(pdf)).toMatchObject({ text: expect.stringContaining('070761-4285'), unread: [] });
  });

  it('without text on a page, as a scanner makes it, is told', async () => {
    const pdf = await pdfOf(['side'], {}, (it) => it.addPage().rect(0, 0, 100, 100).fill('black'));
    expect((await read(pdf)).unread).toEqual(['attachment: no-text']);
  });

  it('with more pages than the limit is read that far, and told', async () => {
    const { text, unread } = await read(await pdfOf(['en', 'to', 'tre']), { pages: 2 });
    expect(text).toMatch(/en\n[^]*to\n/u);
    expect(unread).toEqual(['attachment: too-large']);
  });
});

describe('Word', () => {
  it('is read: runs together, paragraphs and cells apart, headers', async () => {
    const rows = [
      ['Navn', 'CPR'],
      ['Bo', '0707614285'],
    ];
    const { text, unread } = await read(
      await docxOf(['CPR 0707|61|-4285', 'næste'], { header: 'sidehoved', rows }),
    );
    expect(text).toContain('CPR 070761-4285\nnæste\nNavn\tCPR\t\nBo\t0707614285\t\n');
    expect(text).toContain('sidehoved');
    expect(unread).toEqual([]);
  });
});

describe('Excel', () => {
  it('is read row by row, numbers as they are shown', async () => {
    const { text, unread } = await read(
      await xlsxOf([
        ['Navn', 'CPR', 'Beløb'],
        ['Bo', 707614285, 12.5],
        ['Åse', { value: 707614285, format: '000000-0000' }, null],
        ['Ib', { value: 707614285, format: '0000000000' }, 1],
        [null, '070761-4285', 2],
      ]),
    );
    expect(text).toContain(
      'Navn\tCPR\tBeløb\nBo\t707614285\t12.5\nÅse\t070761-4285\nIb\t0707614285\t1\n\t070761-4285\t2\n',
    );
    expect(unread).toEqual([]);
  });
});

describe('Excel, as other programs write it,', () => {
  const workbook = (parts: Record<string, string>) =>
    zipSync({
      '[Content_Types].xml': strToU8('<Types/>'),
      ...Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])),
    });

  it('is read: strings in cells, gaps, powers of ten, prefixes, footers, strings that no cell shows', async () => {
    const sheet = `<x:worksheet><x:sheetData><x:row r="1"><x:c r="B1" t="inlineStr"><x:is><x:r><x:t>C</x:t></x:r><x:r><x:t>PR</x:t></x:r></x:is></x:c></x:row>
      <x:row r="2"><x:c r="A2" t="s"><x:v>1</x:v></x:c><x:c r="B2"><x:v>7.07614285E8</x:v></x:c><x:c r="D2" t="str"><x:v>slut</x:v></x:c></x:row></x:sheetData>
      <x:headerFooter><x:oddFooter>sidefod</x:oddFooter></x:headerFooter></x:worksheet>`;
    const strings = '<x:sst><x:si><x:t>gemt</x:t></x:si><x:si><x:t>vist</x:t></x:si></x:sst>';
    const { text } = await read(
      workbook({ 'xl/worksheets/Sheet.xml': sheet, 'xl/SharedStrings.xml': strings }),
    );
    expect(text).toContain('\tCPR\nvist\t707614285\t\tslut\n');
    expect(text).toContain('sidefod\n');
    expect(text).toContain('gemt');
  });

  it('is read: formulas, what may be chosen in a cell, names of cells, what a pivot table keeps', async () => {
    const sheet = `<worksheet><sheetData><row r="1"><c r="A1"><f>"formel "&amp;"070761-4285"</f><v>1</v></c></row></sheetData>
      <dataValidations><dataValidation prompt="hjælp 070761-4285" type="list"><formula1>"valg 070761-4285,nej"</formula1></dataValidation></dataValidations></worksheet>`;
    const { text } = await read(
      workbook({
        'xl/worksheets/sheet1.xml': sheet,
        'xl/workbook.xml':
          '<workbook><definedNames><definedName name="Bo">"navn 070761-4285"</definedName></definedNames></workbook>',
        'xl/pivotCache/pivotCacheRecords1.xml': '<records><r><s v="pivot 070761-4285"/></r></records>',
      }),
    );
    for (const place of ['valg', 'hjælp', 'navn', 'pivot']) expect(text).toContain(`${place} 070761-4285`);
    expect(text).toContain('"formel "&"070761-4285"');
  });

  it('is told where it is binary', async () => {
    const xlsb = zipSync({
      '[Content_Types].xml': strToU8('<Types/>'),
      'xl/workbook.bin': new Uint8Array(100),
    });
    expect((await read(xlsb)).unread).toEqual(['attachment: unknown-format']);
  });
});

describe('Word, as other programs write it,', () => {
  it('is read: hyphens that do not break, deleted text, fields', async () => {
    const xml =
      '<w:document><w:p><w:r><w:t>070761</w:t><w:noBreakHyphen/><w:t>4285</w:t></w:r></w:p><w:p><w:del><w:r><w:delText>slettet</w:delText></w:r></w:del><w:r><w:instrText>HYPERLINK felt</w:instrText></w:r></w:p></w:document>';
    const docx = zipSync({ '[Content_Types].xml': strToU8('<Types/>'), 'word/document.xml': strToU8(xml) });
    expect((await read(docx)).text).toMatch(/070761-4285\nslettetHYPERLINK felt\n/u);
  });
});

describe('parts of documents', () => {
  it.each(['with a mark', 'without'])('in UTF-16 %s are read', async (mark) => {
    const xml =
      '<?xml version="1.0" encoding="UTF-16"?><w:document><w:p><w:t>CPR 070761-4285</w:t></w:p></w:document>';
    const docx = zipSync({
      '[Content_Types].xml': strToU8('<Types/>'),
      'word/document.xml': Buffer.from(mark === 'without' ? xml : `\ufeff${xml}`, 'utf16le'),
    });
    expect((await read(docx)).text).toContain('CPR 070761-4285\n');
  });
});

describe('other documents', () => {
  it('are read: OpenDocument', async () => {
    const content =
      '<?xml version="1.0"?><office:document-content><text:p>070761<text:span>-4285</text:span></text:p><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></office:document-content>';
    const odt = zipSync({
      mimetype: strToU8('application/vnd.oasis.opendocument.text'),
      'content.xml': strToU8(content),
    });
    expect((await read(odt)).text).toContain('070761-4285\na\tb\t\n');
  });

  it('are read: PowerPoint', async () => {
    const slide =
      '<p:sld><p:cSld descr="billede"><a:p><a:r><a:t>0707</a:t></a:r><a:r><a:t>61-4285</a:t></a:r></a:p><p:pos x="1"/></p:cSld></p:sld>';
    const pptx = zipSync({
      '[Content_Types].xml': strToU8('<Types/>'),
      'ppt/slides/slide1.xml': strToU8(slide),
    });
    const { text, unread } = await read(pptx);
    expect(text).toContain('070761-4285\n');
    expect(text).toContain('billede');
    expect(unread).toEqual([]);
  });

  it('that are encrypted are told', async () => {
    const container = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(512),
      Buffer.from('EncryptedPackage', 'utf16le'),
    ]);
    expect((await read(container)).unread).toEqual(['attachment: encrypted']);
  });
});

describe('archives', () => {
  it('are read with what is in them, names as well', async () => {
    const inner = zipSync({ 'brev.txt': strToU8('dybt 070761-4285') });
    const zip = zipSync({ 'mappe/070761-4285.pdf': await pdfOf(['i en PDF']), 'indre.zip': inner });
    const { text, unread } = await read(zip);
    for (const part of ['mappe/070761-4285.pdf', 'i en PDF', 'dybt 070761-4285'])
      expect(text).toContain(part);
    expect(unread).toEqual([]);
    expect((await read(gzipSync('pakket 070761-4285'))).text).toContain('pakket 070761-4285');
  });

  it('are read with what is said of them and of each file', async () => {
    const comment = 'om alt 070761-4285';
    const zip = Buffer.from(zipSync({ 'a.txt': [strToU8('x'), { comment: 'om en 150365-9006' }] }));
    zip.writeUInt16LE(comment.length, zip.length - 2);
    const { text, unread } = await read(Buffer.concat([zip, Buffer.from(comment)]));
    expect(text).toContain(comment);
    expect(text).toContain('om en 150365-9006');
    expect(unread).toEqual([]);
  });

  it('with a password are told', async () => {
    const zip = Buffer.from(zipSync({ 'a.txt': strToU8('hemmelig') }));
    // The flag of APPNOTE 4.4.4 in the local header, and in the central directory.
    zip.writeUInt16LE(zip.readUInt16LE(6) | 1, 6);
    const central = zip.indexOf('PK\x01\x02', 0, 'latin1');
    zip.writeUInt16LE(zip.readUInt16LE(central + 8) | 1, central + 8);
    expect((await read(zip)).unread).toEqual(['attachment: encrypted']);
  });

  it('that unpack to more than the limit are told, and not unpacked', async () => {
    const bomb = zipSync({ 'a.txt': new Uint8Array(50_000_000), 'b.txt': strToU8('lille 070761-4285') });
    const { text, unread } = await read(bomb, { unpackedOctets: 1_000_000 });
    expect(text).toContain('lille 070761-4285');
    expect(unread).toEqual(['attachment: too-large']);
    expect((await read(gzipSync(Buffer.alloc(50_000_000)), { unpackedOctets: 1_000_000 })).unread).toEqual([
      'attachment: too-large',
    ]);
  });

  it('that lie about their size are told', async () => {
    const zip = Buffer.from(zipSync({ 'a.txt': new Uint8Array(5_000_000) }));
    const central = zip.indexOf('PK\x01\x02', 0, 'latin1');
    zip.writeUInt32LE(10, central + 24);
    expect((await read(zip)).unread).toEqual(['attachment: broken']);
  });

  it('in archives in archives are told from the limit on', async () => {
    let zip = zipSync({ 'a.txt': strToU8('inderst') });
    for (let i = 0; i < 20; i += 1) zip = zipSync({ 'a.zip': zip });
    expect((await read(zip)).unread).toEqual(['attachment: too-deep']);
  });

  it('of very many files are told', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.txt`, strToU8('x')]));
    expect((await read(zipSync(files), { parts: 100 })).unread).toEqual(['attachment: too-many-parts']);
  });
});

describe('a document that is one XML file has in one line what its program shows so', () => {
  it.each([
    [
      'Word',
      '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"><pkg:part><pkg:xmlData><w:document><w:p><w:r><w:t>cpr 0707</w:t></w:r><w:r><w:t>61-4285</w:t></w:r></w:p><w:p/></w:document></pkg:xmlData></pkg:part></pkg:package>',
    ],
    [
      'Word of 2003',
      '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:p><w:r><w:t>cpr 0707</w:t></w:r><w:r><w:t>61-4285</w:t></w:r></w:p></w:wordDocument>',
    ],
    [
      'OpenDocument',
      '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><text:p>cpr 0707<text:span>61</text:span>-4285</text:p></office:document>',
    ],
    [
      'SVG',
      '<svg xmlns="http://www.w3.org/2000/svg"><text><tspan>cpr 0707</tspan><tspan>61-4285</tspan></text></svg>',
    ],
  ])('%s', async (_, xml) => {
    const { text, unread } = await read(Buffer.from(xml));
    expect(text).toContain('cpr 070761-4285\n');
    expect(unread).toEqual([]);
  });
});

describe('a calendar or a card', () => {
  const lines = (...each: string[]) => Buffer.from(each.join('\r\n'));
  const BASE64 = Buffer.from('cpr 070761-4285').toString('base64');
  it.each([
    [
      'a file that is attached',
      lines(
        'BEGIN:VCALENDAR',
        `ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:${BASE64.slice(0, 9)}`,
        ` ${BASE64.slice(9)}`,
        'END:VCALENDAR',
      ),
    ],
    [
      'a file behind a name with a colon',
      lines('BEGIN:VCALENDAR', `ATTACH;ENCODING=BASE64;X-FILENAME="a:b":${BASE64}`),
    ],
    ['base64 of vCard 3', lines('BEGIN:VCARD', `NOTE;ENCODING=b:${BASE64}`, 'END:VCARD')],
    ['base64 of vCard 2.1', lines('BEGIN:VCARD', `NOTE;BASE64:${BASE64}`, 'END:VCARD')],
    [
      'quoted-printable',
      lines(
        'BEGIN:VCARD',
        'FN:Bo',
        'NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:cpr=200707=',
        '61-4285',
        'END:VCARD',
      ),
    ],
  ])('is read with %s', async (_, file) => {
    expect((await read(file)).text).toContain('cpr 070761-4285');
  });

  it('is told to have a picture in it', async () => {
    const photo = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\r\0\x01\x02\xff\0', 'latin1').toString('base64');
    const { text, unread } = await read(lines('BEGIN:VCARD', 'FN:Bo', `PHOTO;ENCODING=b;TYPE=PNG:${photo}`));
    expect([text.includes('FN:Bo'), unread]).toEqual([true, ['attachment: no-text']]);
  });
});

it('Word is read with the variables of the document and what its fields are called by', async () => {
  const { text } = await read(
    zipSync({
      '[Content_Types].xml': strToU8('<Types/>'),
      'word/document.xml': strToU8(
        '<w:document><w:sdtPr><w:alias w:val="alias 070761-4285"/><w:tag w:val="tag 070761-4285"/></w:sdtPr></w:document>',
      ),
      'word/settings.xml': strToU8(
        '<w:settings><w:docVars><w:docVar w:name="cpr" w:val="var 070761-4285"/></w:docVars></w:settings>',
      ),
    }),
  );
  for (const word of ['alias', 'tag', 'var']) expect(text).toContain(`${word} 070761-4285`);
});
