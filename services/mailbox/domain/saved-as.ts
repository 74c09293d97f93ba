// SPDX-License-Identifier: Apache-2.0
import libmime from 'libmime';

/** Control characters, marks that turn the direction of writing, all that a file system reads as part of a path. */
const NOT_IN_NAMES = /[\p{C}\p{Zl}\p{Zp}\\/:*?"<>|]/gu;
/** What Windows takes for a device, whatever its ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** At the end of a name nobody sees these, or sees a space. */
const BLANK = /^[.\s\p{Default_Ignorable_Code_Point}\u2800]$/u;
const LONGEST = 120;

/** The name under which a part is saved: what is seen is what it is called, its ending included. */
export function savedAs({
  filename,
  contentType,
  ordinal,
}: {
  filename: string | null;
  contentType: string;
  ordinal: number;
}): string {
  const clean = (filename ?? '')
    .replaceAll(NOT_IN_NAMES, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+/, '');
  const whole = withoutBlankEnd(clean);
  if (whole === '') return `attachment-${ordinal}.${libmime.detectExtension(contentType)}`;
  if (DEVICE.test(whole)) return `_${whole}`;
  const [, stem = whole, ending = ''] = /^(.*?)(\.[^.]{1,10})?$/u.exec(whole) ?? [];
  // What is cut off may leave at the end what was taken off there.
  return withoutBlankEnd(`${Array.from(stem).slice(0, LONGEST).join('')}${ending}`);
}

/** By hand: an expression that is anchored at the end alone takes the square of a long row of dots. */
function withoutBlankEnd(name: string): string {
  const letters = Array.from(name);
  while (BLANK.test(letters.at(-1) ?? '')) letters.pop();
  return letters.join('');
}
