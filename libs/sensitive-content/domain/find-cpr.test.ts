// SPDX-License-Identifier: Apache-2.0
import { findCpr } from './find-cpr.ts';
import { foldText } from './fold-text.ts';

const TODAY = new Date('2026-11-28');
const find = (text: string) => findCpr(foldText(text), TODAY);

describe('found', () => {
  it.each([
    'Vedr. 070761-4285.',
    'Vedr. 0707614285.',
    'Vedr. 070761 4285.',
    '070761 - 4285',
    '070761–4285', // en dash
    '070761‑4285', // non-breaking hyphen
    '070761\u00a04285',
    '07\u00ad0761-\u200b4285',
    '０７０７６１－４２８５',
    '070761-\n4285',
    'CPR0707614285',
    'cpr-nr.:0707614285',
    'cpr=0707614285&x=1',
    'CPR-070761-4285',
    'cpr: 07.07.61-4285',
    'cpr 07 07 61 4285',
    'cpr: 707614285', // the 0 was lost
    'CPR for patienten er 0707614285',
    'sager/070761-4285/brev.pdf',
    'C:\\sager\\070761-4285\\brev.pdf',
    'Journal_070761-4285_v2.pdf',
    'Faktura 1234 vedr. borger 070761-4285',
    'ring 22 33 44 55 om 070761-4285',
    'Tlf.: 22334455\n070761-4285',
    '(070761-4285)',
    '0707614285 (cpr)',
    'Bo\t070761-4285\t22334455',
    'Telefon;CPR\n22334455;0707614285',
    'født 070761-4285',
    'Nr. 070761-4285', // of what is not said, and it looks like nothing else
    'Ref.: 070761-4285',
    'ID: 070761-4285',
    'Part: 070761-4285',
    'Bo 0707614285 22334455',
    'Bo 0707614285 22 33 44 55',
    '22334455 0707614285',
    '12.05.2026 0707614285 13.05.2026',
    'Navn       CPR          Tlf\nBo Berg    0707614285   22334455',
  ])('%j', (text) => {
    expect(find(text)).toEqual(['0707614285']);
  });

  it('all of several, and one twice where it stands twice', () => {
    expect(find('070761-4285, 150365-9006 og 070761-4285')).toEqual([
      '0707614285',
      '1503659006',
      '0707614285',
    ]);
  });

  it('without a check digit, of who was born in 2007 or later', () => {
    expect(find('barnet 010107-4000')).toEqual(['0101074000']);
    expect(find('cpr 0101074000')).toEqual(['0101074000']);
  });

  it('without a check digit, of who was born on a 1 January from 1960 on, where it is called a CPR number', () => {
    expect(find('CPR-nr. 010161-4000')).toEqual(['0101614000']);
    expect(find('Vedr. 010161-4000')).toEqual([]);
    expect(find('CPR-nr. 020161-4000')).toEqual([]);
  });

  it.each(['cpr 2506210014', 'Borger 2506210014', 'Kan du slå 250621-0014 op?', 'Bo Berg (250621-0014)'])(
    'although it looks like a time of these years: %j',
    (text) => {
      expect(find(text)).toEqual(['2506210014']);
    },
  );
});

describe('not found', () => {
  it.each([
    '070761-4286', // wrong check digit
    '320761-4285', // no such day
    '1070761-4285',
    '070761-42855',
    '0707614285123',
    'A070761-4285',
    '070761-4285B',
    'INV-070761-4285',
    '12-070761-4285',
    '070761-4285-12',
    '1.0707614285',
    '0707614285.5',
    '0707614285,50 kr.',
    '12/0707614285',
    '+0707614285',
    '#070761-4285',
    '0707614285@post.example',
    'Ordrenummer: 0707614285',
    'Ordre nr. 070761-4285',
    'Ordre ref. 070761-4285',
    'Part no. 070761-4285',
    'Nr. 0707614285',
    'Nr. 010107-4000',
    'Dit ordrenummer er 070761-4285',
    'Faktura 0707614285',
    'konto 1234 0707614285',
    '1234 0707614285 12',
    'Kundenr.\n0707614285',
    'Navn       Kundenr      Tlf\nBo Berg    0707614285   22334455',
    'Navn;Kundenr\nBo;0707614285\nOle;0707614285',
    'https://example.org/0707614285',
    'Se 07.07.61 4285',
    '707614285',
    'i alt 0707614285 kr',
    'Tlf. 22 33 44 55, +45 22334455, 004522334455',
    'cpr 123456-7890',
    'Sendungsnummer 0707614285',
    'Your tracking number: 0707614285',
    '0101074000', // no check digit, no word
    'ordre 010107-4000',
    '2506210014', // 21 June 2025, 00:14
    'referat_250621-0014.docx',
    'Næste tid: 250621-0014',
    'Backup 250621-0014 er færdig',
    'log-2506210014.gz',
  ])('%j', (text) => {
    expect(find(text)).toEqual([]);
  });

  it('who is not born yet', () => {
    expect(findCpr('cpr 011226-4000', TODAY)).toEqual([]);
    expect(findCpr('cpr 011226-4000', new Date('2026-12-02'))).toEqual(['0112264000']);
  });
});

describe('in a large text', () => {
  it.each([
    ['numbers in one line', '0707614285 '.repeat(200_000)],
    ['digits without end', '0707614285'.repeat(200_000)],
    ['a table of two columns', 'Ordre\tBo\n' + '0707614285\t22334455\n'.repeat(100_000)],
    ['a table in one line', '070761-4285\t'.repeat(200_000)],
    ['cells without end', '\t'.repeat(2_000_000) + '070761-4285'],
    ['labels without end', 'cpr nr nr nr: '.repeat(150_000)],
    ['hyphens and spaces', '070761 - '.repeat(200_000)],
  ])('of %s it takes time in proportion', (_, text) => {
    const start = performance.now();
    find(text);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
