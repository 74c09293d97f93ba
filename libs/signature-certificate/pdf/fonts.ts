// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';

const { resolve } = createRequire(import.meta.url);

function read(name: string): Font {
  const font = create(readFileSync(resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));
  if (!('layout' in font)) throw new Error(`${name} is a collection of fonts`);
  return font;
}

export interface Fonts {
  readonly regular: Font;
  readonly bold: Font;
}

let loaded: Fonts | null = null;

/**
 * DejaVu: free to embed, and Latin, Greek, Cyrillic, Hebrew, Arabic and more in one file. Read once and kept, as reading
 * takes longer than a certificate.
 */
export const fonts = (): Fonts => (loaded ??= { regular: read('DejaVuSans'), bold: read('DejaVuSans-Bold') });
