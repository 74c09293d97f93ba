// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import { openScanner, type Rule, type Scanner, type ScannerOptions } from '../index.ts';
import { docxOf, pdfOf, xlsxOf } from '../testing/documents.ts';
import { attached, html, mailOf, plain } from '../testing/mail.ts';
import { sandboxFlags } from './start-sandbox.ts';

const RULES: Rule[] = [
  { name: 'cpr', kind: 'cpr' },
  { name: 'ord', kind: 'words', words: ['strengt fortroligt'] },
];
/** Takes minutes on millions of these letters without order, although in proportion. */
const SLOW: Rule = { name: 'langsom', kind: 'pattern', pattern: '(?:[0-9a-f]*a[0-9a-f]{250}){3}[xy]' };
const slowMail = () =>
  mailOf({
    subject: '070761-4285',
    parts: [plain('070761-4285'), attached(randomBytes(2_500_000).toString('hex'))],
  });
const MINUTE = 60_000;

let scanner: Scanner;
const scannerWith = (options: ScannerOptions = {}) => (scanner = openScanner(options));
afterEach(() => scanner.close());

/** The mail in chunks. */
// eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
async function* sourceOf(mail: Buffer, size = 10_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < mail.length; at += size) yield mail.subarray(at, at + size);
}

const scan = (mail: Buffer, rules: readonly Rule[] = RULES, signal?: AbortSignal) =>
  scanner.scan(sourceOf(mail), rules, signal);

it('finds in subject, text and attachments of every kind, and tells what it could not read', async () => {
  scannerWith();
  const mail = mailOf({
    subject: '=?utf-8?q?070761-4285?=',
    parts: [
      plain('070761-4285'),
      html('<p>Strengt <b>fortroligt</b>: 070761-4285</p>'),
      attached(await pdfOf(['150365-9006'])),
      attached(await docxOf(['070761-4285'])),
      attached(await xlsxOf([['CPR'], [707614285]])),
      attached(Buffer.from('Rar!\x1a\x07\x01\0', 'latin1')),
    ],
  });
  expect(await scan(mail)).toEqual({
    found: [
      { rule: 'cpr', where: 'subject', count: 1 },
      { rule: 'cpr', where: 'text', count: 1 },
      { rule: 'cpr', where: 'attachment', count: 2 },
      { rule: 'ord', where: 'text', count: 1 },
    ],
    unread: [{ where: 'attachment', because: 'unknown-archive' }],
  });
});

it.each([
  ['the text', (table: string) => plain(table)],
  ['a file', (table: string) => attached(table)],
  ['an archive', (table: string) => attached(zipSync({ 'a.csv': Buffer.from(table) }))],
  [
    'a workbook',
    async (table: string) => attached(await xlsxOf(table.split('\n').map((line) => line.split(',')))),
  ],
])('finds under the head of a column, in %s', async (_, partOf) => {
  scannerWith();
  for (const table of [
    'Navn,CPR,Alder\nHans,0707614285,45',
    'Id,CPR,Navn\n1,070761-4285,Hans',
    'CPR,Navn,Telefon\n0707614285,Hans,22334455',
    'CPR,Beløb\n0707614285,50',
  ]) {
    const { found } = await scan(mailOf({ parts: [plain('Hej'), await partOf(table)] }));
    expect(found).toMatchObject([{ rule: 'cpr', count: 1 }]);
  }
});

it('scans one mail after the other in one process, and many at the same time', async () => {
  scannerWith({ processes: 2, mailsPerProcess: 5 });
  const mails = Array.from({ length: 30 }, (_, i) =>
    mailOf({ parts: [plain(i % 2 === 0 ? '070761-4285' : 'Hej')] }),
  );
  const all = await Promise.all(mails.map((mail) => scan(mail)));
  expect(all.map(({ found }) => found.length)).toEqual(mails.map((_, i) => (i + 1) % 2));
});

it('stops after the time limit, says so, keeps what was found until then, and goes on with the next mail', async () => {
  scannerWith({ timeoutMs: 2_000 });
  const start = performance.now();
  expect(await scan(slowMail(), [...RULES, SLOW])).toEqual({
    found: [
      { rule: 'cpr', where: 'subject', count: 1 },
      { rule: 'cpr', where: 'text', count: 1 },
    ],
    unread: [{ where: 'message', because: 'timeout' }],
  });
  expect(performance.now() - start).toBeLessThan(MINUTE);
  expect(await scan(mailOf({ parts: [plain('070761-4285')] }))).toMatchObject({ unread: [] });
});

it.each(['Comments', 'Keywords'])('finds what stands in clear beside the subject: %s', async (name) => {
  scannerWith();
  const mail = Buffer.from(`From: a@demo.example\r\nSubject: Sag\r\n${name}: 070761-4285\r\n\r\nHej\r\n`);
  expect((await scan(mail)).found).toEqual([{ rule: 'cpr', where: 'subject', count: 1 }]);
});

it('survives a mail that takes all memory, and says so', async () => {
  scannerWith({ heapMegabytes: 64, timeoutMs: MINUTE });
  const cells = '<c><v>1</v></c>'.repeat(7_000_000);
  const bomb = zipSync({
    '[Content_Types].xml': Buffer.from('<Types/>'),
    'xl/worksheets/sheet1.xml': Buffer.from(`<row>${cells}</row>`),
  });
  const { found, unread } = await scan(
    mailOf({ subject: '070761-4285', parts: [plain('Hej'), attached(bomb)] }),
  );
  expect(found).toEqual([{ rule: 'cpr', where: 'subject', count: 1 }]);
  expect(unread).toEqual([{ where: 'message', because: 'crashed' }]);
  expect(await scan(mailOf({ parts: [plain('070761-4285')] }))).toMatchObject({ unread: [] });
});

it('reads no further than the limit, says so, and closes the source', async () => {
  scannerWith({ limits: { messageOctets: 100_000 } });
  let given = 0;
  let closed = false;
  async function* endless() {
    try {
      for (;;) {
        given += 1;
        yield await Promise.resolve(Buffer.alloc(10_000, 'x'));
      }
    } finally {
      closed = true;
    }
  }
  expect(await scanner.scan(endless(), RULES)).toEqual({
    found: [],
    unread: [{ where: 'message', because: 'too-large' }],
  });
  expect(given).toBeLessThan(20);
  expect(closed).toBe(true);
});

it('passes on what the source throws', async () => {
  scannerWith();
  async function* broken() {
    yield await Promise.resolve(Buffer.from('Subject: x\r\n'));
    throw new Error('the source broke');
  }
  await expect(scanner.scan(broken(), RULES)).rejects.toThrow('the source broke');
  expect(await scan(mailOf({ parts: [plain('070761-4285')] }))).toMatchObject({ unread: [] });
});

it('ends by a signal, whether it waits or scans', async () => {
  scannerWith();
  const signals = [new AbortController(), new AbortController()] as const;
  const scans = signals.map(({ signal }) =>
    scan(slowMail(), [SLOW], signal).catch((error: unknown) => error),
  );
  setTimeout(() => {
    signals[1].abort(new Error('waits no longer'));
    signals[0].abort(new Error('scans no longer'));
  }, 1_500);
  expect(await Promise.all(scans)).toEqual([new Error('scans no longer'), new Error('waits no longer')]);
  expect(await scan(mailOf({ parts: [plain('070761-4285')] }))).toMatchObject({ unread: [] });
});

it('rejects what is being scanned and what waits when it is closed', async () => {
  scannerWith();
  const scans = [1, 2].map(() => scan(slowMail(), [SLOW]).catch((error: unknown) => error));
  await scanner.close();
  for (const error of await Promise.all(scans)) expect(error).toEqual(new Error('the scanner is closed'));
  await expect(scan(slowMail())).rejects.toThrow('the scanner is closed');
});

it('takes a rule that no schema has seen for a fault, not for clean', async () => {
  scannerWith();
  const rules: Rule[] = [{ name: 'x', kind: 'pattern', pattern: '(' }];
  expect((await scan(mailOf({ parts: [plain('Hej')] }), rules)).unread).toEqual([
    { where: 'message', because: 'crashed' },
  ]);
});

describe('a sandbox', () => {
  /** What a program may do that is started with the flags of a sandbox. */
  async function tryIn(program: string): Promise<string> {
    const script = `import('node:fs').then(async (fs) => { ${program} }).then(() => console.log('done'), (e) => console.log(e.code ?? e.name));`;
    const { stdout } = await promisify(execFile)(process.execPath, [...sandboxFlags(64), '-e', script], {
      env: {},
    });
    return stdout.trim();
  }

  it.each([
    ['reads no file of the machine', "fs.readFileSync('/etc/hostname')"],
    [
      'reads no file of the gateway',
      `fs.readFileSync(${JSON.stringify(join(process.cwd(), 'package.json'))})`,
    ],
    ['lists no folder', "fs.readdirSync('/')"],
    ['writes no file', "fs.writeFileSync('/tmp/x', '')"],
    ['starts no process', "(await import('node:child_process')).spawnSync('id')"],
    ['starts no thread', "new (await import('node:worker_threads')).Worker('1', { eval: true })"],
  ])('%s', async (_, program) => {
    expect(await tryIn(program)).toBe('ERR_ACCESS_DENIED');
  });

  it('makes no code from text, and has no environment', async () => {
    expect(await tryIn("new Function('1')")).toBe('EvalError');
    expect(await tryIn('if (Object.keys(process.env).length > 0) throw new Error()')).toBe('done');
  });

  it('reads, once its program is loaded, not even that', async () => {
    expect(await tryIn("process.permission.drop('fs.read'); fs.readFileSync(process.argv0)")).toBe(
      'ERR_ACCESS_DENIED',
    );
  });
});

const BUILT = join(process.cwd(), 'dist/libs/sensitive-content/index.js');
(existsSync(BUILT) ? it : it.skip)('works as it is built', async () => {
  scannerWith();
  const program = `
    import { openScanner } from ${JSON.stringify(BUILT)};
    const scanner = openScanner();
    const mail = Buffer.from('Subject: 070761-4285\\r\\n\\r\\nHej');
    const findings = await scanner.scan((async function* () { yield mail; })(), [{ name: 'cpr', kind: 'cpr' }]);
    console.log(JSON.stringify(findings));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(JSON.parse(stdout)).toEqual({ found: [{ rule: 'cpr', where: 'subject', count: 1 }], unread: [] });
});
