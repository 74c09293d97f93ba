// SPDX-License-Identifier: Apache-2.0

/** As people write these letters who do not have them. */
const SPELT: Record<string, string> = {
  æ: 'ae',
  ø: 'oe',
  å: 'aa',
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  Æ: 'Ae',
  Ø: 'Oe',
  Å: 'Aa',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  '’': "'",
  '–': '-',
  '—': '-',
  '“': '"',
  '”': '"',
  '„': '"',
  '…': '...',
  '§': 'section ',
};

/** The text of an SMTP reply is ASCII (RFC 5321 §4.2), Danish and German too. What is left becomes a question mark. */
export const inAscii = (text: string): string =>
  text.normalize('NFC').replaceAll(
    /[^\x20-\x7e]/gu,
    (letter) =>
      SPELT[letter] ??
      letter
        .normalize('NFD')
        .replaceAll(/[^\x20-\x7e]/gu, '')
        .concat('?')
        .slice(0, 1),
  );
