// SPDX-License-Identifier: Apache-2.0
import { boxOf } from './style-declarations.ts';

/** Nothing of theirs is seen as it stands there. */
const UNSEEN = /^\s*(hidden|password|file|image|color|range)\s*$/i;

/**
 * What is seen of an `input`: a box, or what was typed into it.
 *
 * @param attributes by their names, in lower case.
 */
export function inputText(attributes: Pick<ReadonlyMap<string, string>, 'get' | 'has'>): string {
  const type = attributes.get('type');
  const box = boxOf(type, attributes.has('checked'));
  return box ?? (UNSEEN.test(type ?? '') ? '' : (attributes.get('value') ?? ''));
}

interface Choice {
  isMultiple: boolean;
  first: string | null;
  selected: string[];
  /** Of the option that is open: where its words begin; null: none is. */
  from: number | null;
  isSelected: boolean;
}

/** Of a list to choose from nothing is seen but what is chosen. Each word is looked at once. */
export function choicesInText(words: string[]) {
  let choice: Choice | null = null;
  const endOption = () => {
    if (choice === null || choice.from === null) return;
    const text = words.slice(choice.from).join('').replaceAll(/\s+/g, ' ').trim();
    words.fill('', choice.from);
    choice.first ??= text;
    if (choice.isSelected) choice.selected.push(text);
    choice.from = null;
  };
  return {
    isOpen: () => choice !== null,
    begin(attributes: Pick<ReadonlyMap<string, string>, 'has'>): void {
      const isMultiple = attributes.has('multiple');
      choice = { isMultiple, first: null, selected: [], from: null, isSelected: false };
    },
    option(attributes: Pick<ReadonlyMap<string, string>, 'has'>): void {
      endOption();
      if (choice === null) return;
      choice.from = words.length;
      choice.isSelected = attributes.has('selected');
    },
    endOption,
    /** @returns what is chosen: of several of which one counts the last, and where none is, the first. */
    end(): string {
      endOption();
      if (choice === null) return '';
      const { isMultiple, first, selected } = choice;
      choice = null;
      return isMultiple ? selected.join(', ') : (selected.at(-1) ?? first ?? '');
    },
  };
}
