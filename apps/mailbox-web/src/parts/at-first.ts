// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';
import type { Early } from '../early.ts';

const early = (globalThis as { early?: Early }).early;
let pressed: HTMLButtonElement | null = null;
let isHydrating = false;

/** Before a page answers, which may be seen already: what was pressed on it is known. */
export function beginToAnswer(isSeen: boolean): void {
  isHydrating = isSeen;
  pressed = early?.take() ?? null;
}

/** Gives it the focus; but where the page was seen before it answered, whoever began to use it stays where he is. */
export function focusOn(element: HTMLElement | null | undefined): void {
  if (isHydrating && document.activeElement !== document.body) return;
  element?.focus();
}

/** Stands last in what is hydrated: does what was pressed before, once. */
export function AtFirst(): null {
  useEffect(() => {
    isHydrating = false;
    const button = pressed;
    pressed = null;
    // Once it is known, too, what was typed and chosen before.
    setTimeout(() => {
      if (button?.isConnected === true) button.click();
    });
  }, []);
  return null;
}
