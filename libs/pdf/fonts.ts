// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font, type Glyph, type GlyphRun, type Subset } from 'fontkit';
import { LRUCache } from 'lru-cache';

export interface Fonts {
  readonly regular: Font;
  readonly bold: Font;
}

const { resolve } = createRequire(import.meta.url);
/** Words whose glyphs are known: labels come again in every certificate. A stranger's long ones do not fill memory. */
const REMEMBERED = { words: 1_000, letters: 40, subsets: 50 };
const ASCII = String.fromCharCode(...Array.from({ length: 0x7f - 0x20 }, (_, at) => 0x20 + at));

/** Letters that are in every certificate, needed or not: so most have the same part of the font in them, made once. */
export const COMMON_LETTERS = `${ASCII}æøåÆØÅäöüÄÖÜß–·`;

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

/**
 * The font, which lays out no word a second time, and makes no part of itself twice. pdfkit scales the positions that it
 * gets, so it gets copies.
 */
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
  const subsets = new LRUCache<string, Uint8Array>({ max: REMEMBERED.subsets });
  const createSubset = () => rememberingSubset(font.createSubset(), subsets);
  return Object.create(font, { layout: { value: layout }, createSubset: { value: createSubset } }) as Font;
}

function rememberingSubset(subset: Subset, remembered: LRUCache<string, Uint8Array>): Subset {
  const glyphs = new Set<number>();
  // By its id, whatever its types say.
  const includeGlyph = (glyph: number) => {
    glyphs.add(glyph);
    return subset.includeGlyph(glyph as unknown as Glyph);
  };
  const encode = () => {
    const key = [...glyphs].join();
    const bytes = remembered.get(key) ?? subset.encode();
    remembered.set(key, bytes);
    return bytes;
  };
  return Object.create(subset, {
    includeGlyph: { value: includeGlyph },
    encode: { value: encode },
  }) as Subset;
}
