// SPDX-License-Identifier: Apache-2.0
import { Language } from '@securemail/contracts';
import { wcagContrast } from 'culori';
import { z } from 'zod';
import { label, plainText } from './label.ts';

/** The colours of paper and ink in the pages of SecureMailBox (apps/mailbox-web/src/style.css). */
const PAPER = '#ffffff';
const INK = '#14202b';
/** Between text and what is behind it (WCAG 2.2, 1.4.3). */
const LEAST_CONTRAST = 4.5;

const Colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, { error: 'six hexadecimal digits behind a #, such as #0b4a8f', abort: true })
  .toLowerCase();

/** Ink or paper, whichever can be read better on it. */
const textOn = (background: string): string =>
  wcagContrast(background, PAPER) >= wcagContrast(background, INK) ? PAPER : INK;

const readable =
  (ink: (colour: string) => string, where: string) => (colour: string, context: z.RefinementCtx) => {
    const contrast = wcagContrast(colour, ink(colour));
    if (contrast >= LEAST_CONTRAST) return;
    const found = (Math.floor(contrast * 10) / 10).toFixed(1);
    context.addIssue({
      code: 'custom',
      message: `${where} can not be read by everybody: the contrast is ${found} to 1, and has to be ${LEAST_CONTRAST} (WCAG 2.2, 1.4.3)`,
    });
  };

const Texts = z.strictObject({
  /** Above what somebody is asked for, on the pages that are seen before signing in. Blank lines part paragraphs. */
  welcome: plainText().min(1).max(1_000).optional(),
  /** At the foot of every page, and in the mails: whom to ask, such as a telephone number. */
  help: plainText().min(1).max(500).optional(),
  /** At the foot of every page, such as what the law asks for about privacy and accessibility. */
  links: z
    .array(
      z.strictObject({
        label: label(60),
        url: z.url({ protocol: /^https$/, error: 'an address that begins with https://' }),
      }),
    )
    .max(6)
    .default([]),
});

/** How SecureMailBox looks, and what it says of its own, at one organisation. */
export const Look = z.strictObject({
  /** PNG, JPEG, WebP or SVG, of at most 256 kB; beside the name, at the top of every page. */
  logoFile: z.string().min(1).optional(),
  colours: z
    .strictObject({
      /** Of links and buttons. */
      accent: Colour.superRefine(readable(() => PAPER, 'on white, this colour')).default('#0b4a8f'),
      /** Behind the name, at the top of every page and of the mails. */
      banner: Colour.superRefine(readable(textOn, 'text on this colour')).default(PAPER),
    })
    .prefault({}),
  /** By language; who reads another one is shown those in the organisation's own. */
  texts: z.partialRecord(Language, Texts).default({}),
});
export type Look = z.output<typeof Look>;

/** The colours of a look, and that of the text on its banner. */
export const coloursOf = ({ colours }: Look): Look['colours'] & { onBanner: string } => ({
  ...colours,
  onBanner: textOn(colours.banner),
});
