// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Language } from '@securemail/contracts';
import { veraPdf } from '@securemail/pdf/testing';
import { messagePdf, type SavedMessage } from './adapters/message-pdf.ts';
import { MAIL } from './testing/mails.ts';
import { pdfText } from './testing/pdf-text.ts';
import { BO, openMailboxWorld } from './testing/running-mailbox.ts';

const savedAt = new Date('2026-11-29T10:00:00Z');
const message: SavedMessage = {
  organisation: 'Demo Kommune',
  kind: 'received',
  subject: 'Afgørelse i din sag',
  from: ['Anna Østergaard <anna@demo.example>'],
  to: ['bo@citizen.example'],
  cc: ['Ulla <ulla@citizen.example>'],
  at: new Date('2026-11-28T09:00:00Z'),
  endsAt: new Date('2027-02-27T10:00:00Z'),
  text: 'Kære Bo\n\nHer er afgørelsen.\n\n> Du skrev\n> til os',
  files: [{ name: 'afgørelse.pdf', size: 12_345 }],
};
const STRANGE = '王小明 😀🦊 שלום مرحبا \u202egpj.exe\u0000\u001b[2J (\\) >> endobj </rdf:RDF>';
const CASES: Record<string, SavedMessage> = {
  common: message,
  least: { ...message, kind: 'written', subject: '', from: [], to: [], cc: [], text: null, files: [] },
  strange: {
    ...message,
    subject: STRANGE,
    from: [STRANGE],
    text: `${STRANGE}\n\t${STRANGE}`,
    files: [{ name: STRANGE, size: 0 }],
  },
  // Of the length that is shown: many lines, and one without end.
  long: { ...message, text: `${'word '.repeat(15)}\n`.repeat(1_500) },
  endless: {
    ...message,
    subject: 'x'.repeat(2_000),
    text: 'x'.repeat(60_000),
    to: Array<string>(300).fill('bo@citizen.example'),
  },
};

it.each(['ua1', '3a'] as const)(
  'a message saved as PDF conforms to %s, whatever stands in it',
  async (flavour) => {
    const folder = await mkdtemp(join(tmpdir(), 'saved-'));
    try {
      const files: string[] = [];
      for (const [name, each] of Object.entries(CASES)) {
        for (const language of name === 'common' ? Language.options : (['en'] as const)) {
          const file = join(folder, `${name}-${language}.pdf`);
          await writeFile(file, await messagePdf(each, { language, savedAt }));
          files.push(file);
        }
      }
      expect(await veraPdf(files, flavour)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

it('names who got a copy, and where there is nobody, nothing', async () => {
  const saved = async (cc: string[]) =>
    await pdfText(await messagePdf({ ...message, cc }, { language: 'en', savedAt }));
  expect(await saved(message.cc as string[])).toMatch(/Copy to\s+Ulla <ulla@citizen\.example>/);
  expect(await saved([])).not.toContain('Copy to');
});

it.each(['en', 'da', 'de'] as const)(
  'says in %s that letters are not shown, and only then',
  async (language) => {
    const saved = async (text: string) =>
      await pdfText(await messagePdf({ ...message, text }, { language, savedAt }));
    const says = { en: /square \(□\)/, da: /kvadrat \(□\)/, de: /Quadrat \(□\)/ }[language];
    expect(await saved('Kære 王小明')).toMatch(says);
    expect(await saved('Kære Bo, שלום')).not.toMatch(says);
  },
);

it('takes a word without end, and very many people and files, in turns that others have theirs between', async () => {
  const most: SavedMessage = {
    ...message,
    subject: 'W'.repeat(50_000),
    from: ['W'.repeat(50_000)],
    to: Array.from({ length: 5_000 }, (_, index) => `bo${index}@citizen.example`),
    text: `e${'\u0301'.repeat(500)}`.repeat(300),
    files: Array.from({ length: 2_000 }, (_, index) => ({ name: `${'W'.repeat(190)}${index}`, size: 1 })),
  };
  let turns = 0;
  let isMade = false;
  const others = async () => {
    for (; !isMade; turns += 1) await new Promise((done) => setImmediate(done));
  };
  const [text] = await Promise.all([
    messagePdf(most, { language: 'en', savedAt }).then(async (pdf) => {
      isMade = true;
      return await pdfText(pdf);
    }),
    others(),
  ]);
  expect(turns).toBeGreaterThan(500);
  for (const part of ['bo499@citizen.example', 'W499', '…']) expect(text).toContain(part);
  expect(text).not.toContain('bo500@citizen.example');
});

it.each(['السلام عليكم ورحمة الله ', 'שלום וברכה לכולם '])(
  'gives others their turn between every few lines of what takes long, and cuts no word: %s',
  async (words) => {
    const text = words.repeat(Math.ceil(20_000 / words.length));
    let turns = 0;
    let isMade = false;
    const others = async () => {
      for (; !isMade; turns += 1) await new Promise((done) => setImmediate(done));
    };
    const made = messagePdf({ ...message, text }, { language: 'en', savedAt }).finally(() => {
      isMade = true;
    });
    await Promise.all([made, others()]);
    // A piece of 300 letters each.
    expect(turns).toBeGreaterThan(60);
    // Of Arabic a PDF names the shapes of letters.
    const word = 'שלום';
    const shown = await pdfText(await made);
    expect(shown.split(word).length - 1).toBe(text.split(word).length - 1);
  },
);

it('says who wrote what to whom, when, and what was attached', async () => {
  const text = await pdfText(await messagePdf(message, { language: 'da', savedAt }));
  for (const part of [
    'Afgørelse i din sag',
    'Fra',
    'Anna Østergaard <anna@demo.example>',
    'Modtaget',
    '28. november 2026',
    'Her er afgørelsen.',
    '> til os',
    'Vedhæftede filer',
    'afgørelse.pdf',
    '12,3 kB',
  ])
    expect(text).toContain(part);
});

it('a text that is too long is cut, and says so', async () => {
  const text = await pdfText(
    await messagePdf({ ...message, text: 'A word. '.repeat(30_000) }, { language: 'en', savedAt }),
  );
  expect(text).toContain('The text is longer than this.');
  expect(text.match(/A word\./g)?.length).toBeGreaterThan(24_000);
  const lines = await pdfText(
    await messagePdf({ ...message, text: 'a\n'.repeat(20_000) }, { language: 'en', savedAt }),
  );
  expect(lines).toContain('The text is longer than this.');
});

it('is had by its reader alone, in the language of the page', async () => {
  const world = await openMailboxWorld();
  const running = await world.start();
  try {
    const { link } = await world.notified(await world.protectedFor([BO], MAIL));
    const bo = world.browser();
    await world.signIn(bo, link);
    const { body } = await bo.ask('GET', 'conversations');
    const [{ messageId } = {}] = body['conversations'] as { messageId?: string }[];
    const { status, headers, octets } = await bo.ask('GET', `messages/${messageId}/message.pdf?language=de`);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'application/pdf',
      'no-store',
    ]);
    expect(headers.get('content-disposition')).toContain(
      "filename*=UTF-8''Afg%C3%B8relse%20i%20din%20sag.pdf",
    );
    const text = await pdfText(octets);
    expect(text).toContain('Kære Bo, her er afgørelsen.');
    expect(text).toContain('evil.html');
    expect(text).toContain('Von');
    expect((await bo.ask('GET', `messages/${messageId}/message.pdf?language=xx`)).status).toBe(422);
    expect((await world.browser().ask('GET', `messages/${messageId}/message.pdf`)).status).toBe(401);
  } finally {
    await running.close();
    await world.close();
  }
});
