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
    '> Vedr. 070761-\n> 4285',
    '> > 070761-\n> > 4285',
    '>> Vedr. 070761 -\r\n>>4285',
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
    'Nr. 0707614285', // of whom is not said, but the check digit says enough
    'Mit nummer: 0707614285',
    'Id 0707614285',
    'ID-no. 0707614285',
    'Danish ID: 0707614285',
    'National ID number 0707614285',
    'Har I fået kontrakten fra 0707614285?',
    'Jf. vores telefonsamtale i går på 0707614285',
    'Talt med vagten i telefonen, 0707614285 er hjemme.',
    'Prøvede at ringe. 070761-4285 svarer ikke.',
    'Ring til 070761-4285',
    'Faktura for 070761-4285',
    'Cardiologisk: 0707614285',
    'Mobiliseret 0707614285',
    'Kontoret 0707614285',
    'Terminalerklæring 0707614285',
    'Koordinator 0707614285',
    'Sendt fra min iPhone\n\n0707614285',
    'POST /sager/070761-4285/2024',
    '12/070761-4285',
    '070761-4285,50',
    'Ole,0707614285,Kirkestien 2',
    '12,0707614285,Ole',
    'Bo/0707614285/22334455',
    'Cpr.nr0707614285',
    'C.P.R.-nr.: 0707614285',
    'Faktura til: Bo Berg, 0707614285',
    '500 kr. 070761-4285',
    'Kl. 10.15 0707614285',
    'Telefon 22334455 0707614285',
    'Journal-070761-4285-bo.pdf',
    'CPR/CVR-nr.: 070761-4285',
    'CPR-/CVR-nr.: 0707614285',
    'CPR- eller CVR-nr. 0707614285',
    'CPR (eller kundenr.): 0707614285',
    'CPR og telefonnummer: 0707614285',
    'CPR-nr., konto: 070761-4285 / 1234 567890',
    'CPR number or customer number: 0707614285',
    'CPR-nummer til MobilePay: 070761-4285',
    'Ansøger\nCPR-nr./CVR-nr.\n070761-4285',
    'cvrCpr=0707614285',
    'CPR 070761/4285',
    'CPR 070761.4285',
    'CPR 0707 61 4285',
    'CPR 07.07.1961-4285',
    'CPR 07071961-4285',
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

  it.each([
    'Navn,CPR,Alder\nHans,070761-4285,45',
    'Id,CPR,Navn\n1,0707614285,Hans',
    'Navn,Cpr,Beløb\n"Berg, Bo",0707614285,"1.234,50"',
    'CPR,Telefon\n0707614285,22334455',
    'CPR,Ordre\n707614285,12',
    'CPR;Navn;Telefon\n0707614285;Bo;22334455',
    'CPR\tBeløb\n0707614285\t12,50',
    'Cpr-nr;Regnr;Kontonr\n0707614285;1234;22334455',
    'Ordre\tCPR\n\t0707614285',
    'CPR;Konto\n1503659006;1234\n0707614285;1234',
    '| CPR | Telefon |\n|---|---|\n| 0707614285 | 22334455 |',
    'Navn;CPR/CVR\nBo;0707614285',
    'Navn;CPR-/CVR-nr.\nBo;070761-4285',
    'Telefon;CPR;Mobil\n22334455;0707614285;22334455',
  ])('under the head of its column: %j', (text) => {
    expect(find(text)).toContain('0707614285');
  });

  it.each([
    'CPR: 0707614285,1503659006',
    'cpr 0707614285/1503659006',
    '070761-4285/150365-9006',
    '070761-4285,150365-9006',
    '{"cpr":[0707614285,1503659006]}',
    'Patienter\tCPR\tCPR\nBo og Ida\t0707614285\t1503659006',
  ])('each of a list: %j', (text) => {
    expect(find(text)).toEqual(['0707614285', '1503659006']);
  });

  it('without a check digit, of who was born in 2007 or later', () => {
    expect(find('barnet 010107-4000')).toEqual(['0101074000']);
    expect(find('cpr 0101074000')).toEqual(['0101074000']);
    expect(find('Nr. 010107-4000')).toEqual(['0101074000']);
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
    'Ordren har nr. 0707614285',
    'Kontrakten har nummer 0707614285',
    'Claim number 0707614285',
    'Reference 0707614285',
    'Ring på 0707614285',
    'Faktura 070761-4285, 150365-9006',
    'Faktura 070761-4285 er erstattet af en ny (150365-9006)',
    '{"customerId":0707614285}',
    'order_id,customer_id\n0707614285,0707614285',
    'Navn,Mobil\nBo,0707614285',
    'Mobil,CPR oplyst\n0707614285,ja',
    'Reg;Konto\n1234;0707614285\n1234;0707614285',
    '| Konto | Bilag |\n| 0707614285 | 0707614285 |\n| 0707614285 | 0707614285 |',
    'Længde 12,0707614285',
    '[1116352408,0707614285,1899447441]',
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
    'referat-250621-0014-bo.docx',
    'Beløb: kr. 0707614285',
    '0707614285/2024',
    'Ferie 120526-1605', // days from and to
    'Vi mangler dit CPR, ordre 0707614285',
    'Oplys CPR og ring 0707614285',
    'CPR/CVR: 12345678\nFakturanr.: 0707614285',
    '{"cpr":"","phone":"0707614285"}',
    'Journal 070761/4285',
    'CPR 07.07.2061-4285', // in which century says the seventh digit
    'Sag 070761.4285',
    'født 0707 61 4285',
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
    ['a table of commas', 'Navn,"CPR",Ordre\n' + 'Bo,0707614285,22334455\n'.repeat(100_000)],
    ['commas in one line', '0707614285,'.repeat(200_000)],
    ['long lines of commas', `${'0707614285,'.repeat(170)}\n`.repeat(1_000)],
    ['quotes without end', `"${',0707614285"'.repeat(170_000)}`],
    ['lines of quotes', `"${',"070761-4285'.repeat(140)}\n`.repeat(1_000)],
    ['words that speak of nothing', 'ordre på '.repeat(200_000) + '0707614285'],
    ['a list of one label', `faktura ${'070761-4285, '.repeat(150_000)}`],
    ['a table in one line', '070761-4285\t'.repeat(200_000)],
    ['cells without end', '\t'.repeat(2_000_000) + '070761-4285'],
    ['labels without end', 'cpr nr nr nr: '.repeat(150_000)],
    ['hyphens and spaces', '070761 - '.repeat(200_000)],
    ['labels shared without end', 'cpr/cvr eller nr, '.repeat(150_000)],
    ['digits in two and four', '0707 61 4285 07.07.'.repeat(150_000)],
    ['quotes', `070761-\n${'> '.repeat(800_000)}`],
  ])('of %s it takes time in proportion', (_, text) => {
    // By the square of it, it would not come to an end.
    expect(find(text)).toBeDefined();
  });
});
