// SPDX-License-Identifier: Apache-2.0
import { listMarker } from './list-marker.ts';
import { listNumber, listStyleOf, type Declaration } from './style-declarations.ts';

type Attributes = ReadonlyMap<string, string>;

interface List {
  style: string;
  next: number;
  step: 1 | -1;
  /** Of a list that counts down to one: how far is known where it ends. */
  waiting: { place: number; style: string }[] | null;
}

/** What stands before the items of lists, as a browser shows it. @param say what stands at a place that was left empty. */
export function listsInText(say: (place: number, marker: string) => void) {
  const open: List[] = [];
  const end = () => {
    const waiting = open.pop()?.waiting ?? [];
    for (const [index, { place, style }] of waiting.entries())
      say(place, listMarker(waiting.length - index, style));
  };
  return {
    begin(element: 'ol' | 'ul', attributes: Attributes, style: readonly Declaration[]): void {
      const start = listNumber(attributes.get('start'));
      const isReversed = element === 'ol' && attributes.has('reversed');
      open.push({
        style: listStyleOf(style, attributes.get('type')) ?? (element === 'ol' ? 'decimal' : 'disc'),
        next: start ?? 1,
        step: isReversed ? -1 : 1,
        waiting: isReversed && start === null ? [] : null,
      });
    },

    /** @returns its marker; empty where that is said at the end of its list. */
    item(attributes: Attributes, ownStyle: readonly Declaration[], place: number): string {
      const list = open.at(-1);
      if (list === undefined) return '- ';
      const style = listStyleOf(ownStyle, attributes.get('type')) ?? list.style;
      const number = listNumber(attributes.get('value')) ?? (list.waiting === null ? list.next : null);
      if (number === null) {
        list.waiting?.push({ place, style });
        return '';
      }
      list.next = number + list.step;
      return listMarker(number, style);
    },

    end,

    endAll(): void {
      while (open.length > 0) end();
    },
  };
}
