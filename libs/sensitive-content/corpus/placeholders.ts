// SPDX-License-Identifier: Apache-2.0
import { FIRST_NAMES, LAST_NAMES, STREETS } from './names.ts';
import { adultNumber, childNumber, timeNumber } from './numbers.ts';
import type { Random } from './random.ts';

type Writer = (random: Random) => string;

const split = (digits: string, mark: string) => `${digits.slice(0, 6)}${mark}${digits.slice(6)}`;
const two = (number: number) => String(number).padStart(2, '0');

/** Ways in which programs and people write a hyphen, or break a number. */
const FANCY: readonly ((digits: string) => string)[] = [
  (digits) => split(digits, '\u2013'), // en dash
  (digits) => split(digits, '\u2011'), // non-breaking hyphen
  (digits) => split(digits, ' - '),
  (digits) => split(digits, '\u2212'), // minus
  (digits) => split(digits, '\u00ad-'), // soft hyphen
  (digits) => split(digits, '-\u200b'), // zero width space
  (digits) => split(digits, '-\n'),
  (digits) => split(digits, '\u00a0'), // non-breaking space
  (digits) => split(digits, '-').replace(/\d/gu, (digit) => String.fromCodePoint(0xff10 + Number(digit))), // full width
  (digits) => split(digits, '\u200d-\u200d'),
];

/** Forms that only a label makes one. */
const slashed: Writer = (random) => split(adultNumber(random), random.pick(['/', '.']));
const century: Writer = (random) => {
  const mark = random.pick(['.', '-', '/', '']);
  return adultNumber(random).replace(/^(..)(..)(..)/u, `$1${mark}$2${mark}19$3-`);
};
const three: Writer = (random) => adultNumber(random).replace(/^(....)(..)/u, '$1 $2 ');

/** CPR numbers: what must be found. */
export const CPR_PLACEHOLDERS: Readonly<Record<string, Writer>> = {
  cpr: (random) => split(adultNumber(random), '-'),
  bare: adultNumber,
  spaced: (random) => split(adultNumber(random), ' '),
  dotted: (random) => adultNumber(random).replace(/^(..)(..)(..)/u, '$1.$2.$3-'),
  slashed,
  century,
  three,
  fancy: (random) => random.pick(FANCY)(adultNumber(random)),
  child: (random) => split(childNumber(random), '-'),
};

/** Everything else. */
export const OTHER_PLACEHOLDERS: Readonly<Record<string, Writer>> = {
  like: adultNumber,
  'like-': (random) => split(adultNumber(random), '-'),
  slashlike: slashed,
  centurylike: century,
  threelike: three,
  order: (random) => (random.between(0, 1) === 0 ? adultNumber(random) : random.digits(10)),
  any: (random) => random.digits(10),
  'any-': (random) => split(random.digits(10), '-'),
  stamp: timeNumber,
  'stamp-': (random) => split(timeNumber(random), '-'),
  name: (random) => `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
  street: (random) => `${random.pick(STREETS)} ${random.between(1, 99)}`,
  email: (random) => `${random.pick(FIRST_NAMES).toLowerCase()}@post.example`,
  phone: (random) => `${random.between(20, 99)} ${random.digits(2)} ${random.digits(2)} ${random.digits(2)}`,
  phone8: (random) => `${random.between(20, 99)}${random.digits(6)}`,
  phone45: (random) =>
    `${random.pick(['+45', '45', '0045', '+45 '])}${random.between(20, 99)}${random.digits(6)}`,
  swedish: (random) => `07${random.between(0, 9)}${random.pick(['', '-', ' '])}${random.digits(7)}`,
  german: (random) =>
    `0${random.between(30, 99)}${random.pick(['/', ' ', '-'])}${random.digits(random.between(5, 8))}`,
  us: (random) =>
    `${random.pick(['+1 ', '1-', ''])}(${random.between(201, 989)}) ${random.between(200, 999)}-${random.digits(4)}`,
  invoice: (random) =>
    random.pick([random.digits(5), `20${random.between(30, 36)}-${random.digits(4)}`, random.digits(8)]),
  reg: (random) => String(random.between(1000, 9999)),
  konto: (random) => `${random.between(1000, 9999)} ${random.digits(10)}`,
  iban: (random) =>
    `DK${random.digits(2)} ${random.digits(4)} ${random.digits(4)} ${random.digits(4)} ${random.digits(2)}`,
  ibandk: (random) => `DK${random.digits(2)}${random.digits(4)}${adultNumber(random)}`,
  cvr: (random) => random.digits(8),
  ean: (random) => `5798${random.digits(9)}`,
  gtin: (random) => random.digits(14),
  sag: (random) => `${random.between(10, 36)}-${random.digits(4)}/${random.digits(5)}`,
  kle: (random) =>
    `${two(random.between(0, 99))}.${two(random.between(0, 45))}.${two(random.between(0, 99))}-${random.pick(['G01', 'A00', 'P20', 'Ø54'])}-${random.between(1, 9)}-${random.between(30, 36)}`,
  isbn: (random) => `978-87-${random.digits(5)}-${random.digits(2)}-${random.digits(1)}`,
  parcel: (random) =>
    random.pick([
      `00370${random.digits(15)}`,
      `JJDK${random.digits(16)}`,
      `${adultNumber(random)}${random.digits(8)}`,
    ]),
  plate: (random) => `AB ${random.digits(2)} ${random.digits(3)}`,
  meeting: (random) => `${random.digits(3)} ${random.digits(3)} ${random.digits(3)} ${random.digits(3)}`,
  date: (random) =>
    random.pick(
      ['.', '-', '/', '. '].map((mark) =>
        [two(random.between(1, 28)), two(random.between(1, 12)), `20${random.between(30, 36)}`].join(mark),
      ),
    ),
  isodate: (random) => `2036-${two(random.between(1, 5))}-${two(random.between(1, 28))}`,
  date8: (random) => `${two(random.between(1, 28))}${two(random.between(1, 12))}20${random.between(30, 36)}`,
  ddmm: (random) => `${two(random.between(1, 28))}${two(random.between(1, 12))}`,
  time: (random) => `${two(random.between(0, 23))}${random.pick([':', '.'])}${two(random.between(0, 59))}`,
  iso: (random) =>
    `2036-${two(random.between(1, 5))}-${two(random.between(1, 28))}T${two(random.between(0, 23))}:${two(random.between(0, 59))}:07.${random.digits(3)}Z`,
  epoch: (random) => String(random.between(2_000_000_000, 2_095_000_000)),
  amount: (random) => `${random.between(1, 999)}.${random.digits(3)},${random.digits(2)}`,
  big: (random) => `${random.between(1, 99)}.${random.digits(3)}.${random.digits(3)}`,
  small: (random) => String(random.between(10, 99)),
  pin: (random) => random.digits(4),
  code: (random) => `${random.pick(['KX', 'PB', 'ZR'])}${random.digits(3)}${random.pick(['Q', 'W', 'T'])}`,
  code15: (random) => random.digits(15),
  hex: (random) => random.digits(6) + random.pick(['a', 'b', 'c', 'f']) + random.digits(9),
};
