// SPDX-License-Identifier: Apache-2.0
import { blend, formatHex, parse, wcagContrast } from 'culori';

/** Of letters, and of what they stand on; opaque, as six hexadecimal digits. */
export interface Colours {
  letters: string;
  ground: string;
}

export const PAPER: Colours = { letters: '#000000', ground: '#ffffff' };
/** What browsers give them, whatever stands around them. */
const OF_ELEMENTS = new Map<string, Partial<Colours>>([
  ['a', { letters: '#0000ee' }],
  ['mark', { letters: '#000000', ground: '#ffff00' }],
]);
/** Less than WCAG asks of a page: the green of Word and the grey of many footers, on white, have 2.85. */
const LEAST_CONTRAST = 2.5;
/** Characters. */
const LONGEST_COLOUR = 60;
/** Of the system that a mail was written on, as Word writes them. */
const OF_SYSTEM = new Map([
  ['windowtext', '#000000'],
  ['window', '#ffffff'],
]);

/** A colour as CSS or HTML write it, on this ground; null: it is none. */
function opaque(written: string | undefined, ground: string): string | null {
  if (written === undefined || written.length > LONGEST_COLOUR) return null;
  const colour = parse(OF_SYSTEM.get(written.toLowerCase()) ?? written);
  return colour === undefined ? null : formatHex(blend([ground, colour]));
}

/** The colour of a shorthand that may name a picture, a place and more; undefined: it has none. */
function plainIn(background: string): string | undefined {
  const value = background.replaceAll(/url\([^)]*\)?/gi, ' ');
  if (value.length > 2 * LONGEST_COLOUR) return undefined;
  const words = value.match(/[a-z-]{1,20}\([^()]*\)|#[0-9a-f]+|[a-z]+/gi) ?? [];
  return words.find((word) => word.startsWith('#') || opaque(word, PAPER.ground) !== null);
}

/** What an element says of its colours, the last that says something counts. */
export interface Written {
  /** Of its style. */
  style: readonly (readonly [property: string, value: string])[];
  /** Of its attributes. */
  letters: string | undefined;
  ground: string | undefined;
}

/**
 * The colours of an element, so that what it says can be read: the ground that it stood on may not have been kept.
 *
 * @returns those that have to be written; and those that hold within it.
 */
export function readableColours(
  element: string,
  { style, ...attributes }: Written,
  around: Colours,
): { own: Partial<Colours>; within: Colours } {
  const usual = { ...around, ...OF_ELEMENTS.get(element) };
  const wanted: { letters: string | null; ground: string | null } = {
    letters: null,
    ground: opaque(attributes.ground, around.ground),
  };
  for (const [property, value] of style)
    if (property === 'background-color') wanted.ground = opaque(value, around.ground) ?? wanted.ground;
    else if (property === 'background') wanted.ground = opaque(plainIn(value), around.ground);
  const ground = wanted.ground ?? usual.ground;
  wanted.letters = opaque(attributes.letters, ground);
  for (const [property, value] of style)
    if (property === 'color') wanted.letters = opaque(value, ground) ?? wanted.letters;
  const letters =
    [wanted.letters, usual.letters].find(
      (colour) => colour !== null && wcagContrast(colour, ground) >= LEAST_CONTRAST,
    ) ?? inkOn(ground);
  return {
    own: {
      ...(letters === usual.letters ? {} : { letters }),
      ...(ground === usual.ground ? {} : { ground }),
    },
    within: { letters, ground },
  };
}

const inkOn = (ground: string): string =>
  wcagContrast(ground, '#ffffff') > wcagContrast(ground, '#000000') ? '#ffffff' : '#000000';
