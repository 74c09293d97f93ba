// SPDX-License-Identifier: Apache-2.0
import { strToU8, zipSync } from 'fflate';
import { randomOf } from '../corpus/random.ts';
import { openScanner, type Findings, type Rule, type Scanner } from '../index.ts';
import { htmlText } from './markup-text.ts';
import { docxOf, pdfOf, xlsxOf } from '../testing/documents.ts';
import { attached, html, mailOf, plain } from '../testing/mail.ts';

const RULES: Rule[] = [{ name: 'cpr', kind: 'cpr' }];
const NUMBER = '070761-4285';

let scanner: Scanner;
beforeAll(() => (scanner = openScanner({ timeoutMs: 60_000 })));
afterAll(() => scanner.close());

async function scan(mail: Uint8Array): Promise<Findings> {
  return scanner.scan(
    (async function* () {
      yield await Promise.resolve(mail);
    })(),
    RULES,
  );
}

const wasFound = ({ found }: Findings) => found.length > 0;
const reasons = ({ unread }: Findings) => unread.map(({ because }) => because);

/** A PDF whose page tree leads into itself; the table of its objects is left out, so readers look for them. */
const LOOP = `%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 4 0 R >> >> >> endobj
4 0 obj << /Type /XObject /Subtype /Form /Length 5 /Resources << /XObject << /X 4 0 R >> >> >> stream
/X Do
endstream endobj
trailer << /Root 1 0 R >>
`;

describe('a mail that is made to do harm is not called clean:', () => {
  it('HTML whose elements lie hundreds of thousands deep in each other, and every number at whatever depth is found', async () => {
    const deep = (tag: string, text: string, times: number) =>
      html(`${`<${tag}>${text}`.repeat(times)}${NUMBER}`);
    for (const mail of [deep('div', '', 400_000), deep('b', 'Hej ', 300_000)])
      expect(wasFound(await scan(mailOf({ parts: [mail] })))).toBe(true);
    const shown = htmlText(`<b>070761<i>-4285 og </i>`.repeat(20_000));
    expect(shown.match(/070761-4285 og/g)).toHaveLength(20_000);
  });

  it('a PDF that leads into itself', async () => {
    expect(reasons(await scan(mailOf({ parts: [plain('Hej'), attached(LOOP)] })))).not.toEqual([]);
  });

  it('an archive of archives, each a thousand times its size', async () => {
    let bomb = zipSync({ '0': new Uint8Array(100_000_000) });
    for (let i = 0; i < 3; i += 1) {
      bomb = zipSync(Object.fromEntries(Array.from({ length: 8 }, (_, name) => [String(name), bomb])));
    }
    const findings = await scan(mailOf({ parts: [plain(NUMBER), attached(bomb)] }));
    expect(wasFound(findings)).toBe(true);
    expect(reasons(findings)).toContain('too-large');
  });

  it('XML whose entities would expand to gigabytes', async () => {
    const entities = Array.from(
      { length: 9 },
      (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`,
    ).join('');
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "${NUMBER}">${entities}]><x>&e9; cpr ${NUMBER}</x>`;
    const docx = zipSync({ '[Content_Types].xml': strToU8('<Types/>'), 'word/document.xml': strToU8(bomb) });
    expect(wasFound(await scan(mailOf({ parts: [plain('Hej'), attached(bomb), attached(docx)] })))).toBe(
      true,
    );
  });

  it('HTML in itself twenty thousand times', async () => {
    const deep = `${'<div>'.repeat(20_000)}${NUMBER}${'</p></div>'.repeat(20_000)}`;
    const findings = await scan(mailOf({ parts: [html(deep)] }));
    expect(wasFound(findings) || reasons(findings).length > 0).toBe(true);
  });

  it('multiparts in each other', async () => {
    const open = Array.from(
      { length: 1_000 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    );
    expect(reasons(await scan(Buffer.from(`${open.join('')}\r\n${NUMBER}`)))).toEqual(['too-deep']);
  });

  it('very many parts', async () => {
    const parts = 'Content-Type: text/plain\r\n\r\nHej\r\n--b\r\n'.repeat(100_000);
    const mail = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${parts}\r\n${NUMBER}\r\n--b--`;
    expect(reasons(await scan(Buffer.from(mail)))).toEqual(['too-many-parts']);
  });

  it('fifty megabytes of text, and of an attachment', async () => {
    const line = 'Kære borger, tak for din henvendelse af 12.05.2026 kl. 10.15, ring på 22 33 44 55.\r\n';
    const text = line.repeat(600_000) + NUMBER;
    const findings = await scan(Buffer.from(`Subject: x\r\n\r\n${text}`));
    expect(reasons(findings)).toEqual(['too-large']);
    const binary = attached(Buffer.alloc(38_000_000, 'x'));
    expect(reasons(await scan(mailOf({ subject: NUMBER, parts: [plain('Hej'), binary] })))).toEqual([
      'too-large',
    ]);
  });

  it('a header of a hundred thousand lines', async () => {
    const findings = await scan(Buffer.from(`${'X: y\r\n'.repeat(100_000)}Subject: ${NUMBER}\r\n\r\nHej`));
    expect(wasFound(findings)).toBe(true);
  });

  it('hidden at the end of a picture', async () => {
    const png = Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      Buffer.alloc(100),
      Buffer.from(NUMBER),
    ]);
    expect(reasons(await scan(mailOf({ parts: [plain('Hej'), attached(png)] })))).toEqual(['no-text']);
  });

  it('cut off', async () => {
    const files = [await pdfOf([NUMBER]), await docxOf([NUMBER]), await xlsxOf([[NUMBER]])];
    for (const file of files) {
      for (const share of [0.3, 0.6, 0.9]) {
        const findings = await scan(
          mailOf({ parts: [plain('Hej'), attached(file.subarray(0, file.length * share))] }),
        );
        expect(wasFound(findings) || reasons(findings).length > 0).toBe(true);
      }
    }
  });
});

describe('noise', () => {
  it('of octets is never called clean', async () => {
    const random = randomOf(1);
    for (let i = 0; i < 150; i += 1) {
      const noise = Buffer.from(
        Array.from({ length: random.between(300, 3_000) }, () => random.between(0, 255)),
      );
      const start = random.pick(['', '%PDF-1.7\n', 'PK\x03\x04', '\x1f\x8b\x08', '\xd0\xcf\x11\xe0']);
      const file = Buffer.concat([Buffer.from(start, 'latin1'), noise]);
      expect(reasons(await scan(mailOf({ parts: [plain('Hej'), attached(file)] })))).not.toEqual([]);
      expect(reasons(await scan(noise))).not.toEqual([]);
    }
  });

  it('in documents neither ends nor hangs anything', async () => {
    const random = randomOf(2);
    const files = [await pdfOf([NUMBER]), await docxOf([NUMBER]), await xlsxOf([[NUMBER]])];
    for (let i = 0; i < 300; i += 1) {
      const file = Buffer.from(random.pick(files));
      for (let hits = random.between(1, 20); hits > 0; hits -= 1)
        file[random.between(0, file.length - 1)] = random.between(0, 255);
      const because = reasons(await scan(mailOf({ parts: [plain('Hej'), attached(file)] })));
      expect(because).not.toContain('crashed');
      expect(because).not.toContain('timeout');
    }
  });

  it('in mails neither ends nor hangs anything', async () => {
    const random = randomOf(3);
    const mail = mailOf({
      subject: NUMBER,
      parts: [plain(NUMBER), html(NUMBER), attached(await docxOf([NUMBER]))],
    });
    for (let i = 0; i < 300; i += 1) {
      const changed = Buffer.from(mail);
      for (let hits = random.between(1, 30); hits > 0; hits -= 1) {
        changed[random.between(0, changed.length - 1)] = random.between(0, 255);
      }
      const findings = await scan(changed);
      expect(wasFound(findings) || reasons(findings).length > 0).toBe(true);
      expect(reasons(findings)).not.toContain('crashed');
    }
  });
});
