// SPDX-License-Identifier: Apache-2.0
import { linesOfText, symbolFontOf, type Declaration } from './style-declarations.ts';
import type { SymbolFont } from './symbol-fonts.ts';

interface Mark {
  element: string;
  /** Elements of the same name that are open within it. */
  within: number;
  isStruck: boolean;
  font: SymbolFont | null;
}

/** At both ends of what is struck out: whoever writes plain text writes it so. */
export const STRUCK = '~~';
/** Open at the same time; what is within more says nothing. */
const MOST = 50;
const NEVER_ENDS = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
/** The next of the same name ends it. */
const NEXT_ENDS = new Set('p li dt dd td th tr option'.split(' '));

/** What is struck out, and what is written in a font of signs. Takes the same time for each element, whatever is open. */
export function marksInText() {
  const open: Mark[] = [];
  const isStruck = () => open.some((mark) => mark.isStruck);
  const font = (): SymbolFont | null => open.at(-1)?.font ?? null;
  const end = (element: string): string => {
    const index = open.findLastIndex((mark) => mark.element === element);
    const mark = open[index];
    if (mark === undefined) return '';
    if (mark.within > 0) {
      mark.within -= 1;
      return '';
    }
    const wasStruck = isStruck();
    open.splice(index);
    return wasStruck && !isStruck() ? STRUCK : '';
  };
  return {
    font,
    end,

    /** @returns what stands before its text. */
    begin(element: string, style: readonly Declaration[], face: string | undefined): string {
      if (NEVER_ENDS.has(element)) return '';
      const ended = NEXT_ENDS.has(element) ? end(element) : '';
      const strikes =
        ['s', 'strike', 'del'].includes(element) || (linesOfText(style) ?? []).includes('line-through');
      const around = font();
      const own = symbolFontOf(style, face);
      if (!strikes && (own === undefined || own === around)) {
        const same = open.findLast((mark) => mark.element === element);
        if (same !== undefined) same.within += 1;
        return ended;
      }
      if (open.length >= MOST) return ended;
      const begun = strikes && !isStruck() ? STRUCK : '';
      open.push({ element, within: 0, isStruck: strikes, font: own === undefined ? around : own });
      return `${ended}${begun}`;
    },

    endAll(): string {
      const wasStruck = isStruck();
      open.length = 0;
      return wasStruck ? STRUCK : '';
    },
  };
}
