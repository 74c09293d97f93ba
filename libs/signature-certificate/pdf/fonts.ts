// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font, type GlyphRun } from 'fontkit';
import { LRUCache } from 'lru-cache';

export interface Fonts {
  readonly regular: Font;
  readonly bold: Font;
}

const { resolve } = createRequire(import.meta.url);
/** Words whose glyphs are known: labels come again in every certificate. A stranger's long ones do not fill memory. */
const REMEMBERED = { words: 1_000, letters: 40 };

let loaded: Fonts | null = null;

/**
 * DejaVu: free to embed, and Latin, Greek, Cyrillic, Hebrew, Arabic and more in one file. Read once and kept, as reading
 * takes longer than a certificate.
 */
export const fonts = (): Fonts => (loaded ??= { regular: read('DejaVuSans'), bold: read('DejaVuSans-Bold') });

function read(name: string): Font {
  const font = create(readFileSync(resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));
  if (!('layout' in font)) throw new Error(`${name} is a collection of fonts`);
  return remembering(font);
}

/** The font, which lays out a word it has seen no second time. pdfkit scales the positions that it gets, so it gets copies. */
function remembering(font: Font): Font {
  const runs = new LRUCache<string, GlyphRun>({ max: REMEMBERED.words });
  const layout = (word: string) => {
    let run = runs.get(word);
    if (run === undefined) {
      run = font.layout(word);
      if (word.length <= REMEMBERED.letters) runs.set(word, run);
    }
    const copy = Object.create(run) as GlyphRun;
    return Object.defineProperty(copy, 'positions', { value: run.positions.map((each) => ({ ...each })) });
  };
  return Object.create(font, { layout: { value: layout } }) as Font;
}
