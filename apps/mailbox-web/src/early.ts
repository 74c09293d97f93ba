// SPDX-License-Identifier: Apache-2.0
/**
 * Runs as soon as the page is seen, long before its script has come on a slow telephone: notes what is pressed, says so, and
 * brings whoever listens to the heading. Stands in the page itself, so it is small, and imports nothing else (vite.config.js).
 */
export interface Early {
  /** What was pressed last; null: nothing. From then on nothing is noted. */
  take: () => HTMLButtonElement | null;
}

const root = document.getElementById('root');
let pressed: HTMLButtonElement | null = null;

/** Says at the button that it takes a moment; or what stood there before: nothing. */
const say = (isWaiting: boolean): void => {
  const status = pressed?.nextElementSibling;
  if (status instanceof HTMLElement) status.textContent = isWaiting ? (status.dataset['wait'] ?? '') : '';
};
const note = (event: Event): void => {
  const button = (event.target as Element).closest('button');
  if (button === null) return;
  // Nothing leaves the page before its script says how.
  event.preventDefault();
  say(false);
  pressed = button;
  say(true);
};
const late = document.getElementById('late');
/** So long a script may be on its way before something is said. Milliseconds. */
const PATIENCE = 10_000;
/** Says that the page does not answer yet, and what can be done. */
const sayLate = (isLate: boolean): void => {
  if (late !== null) late.textContent = isLate ? (late.dataset['late'] ?? '') : '';
};
const waiting = setTimeout(() => {
  sayLate(true);
}, PATIENCE);
root?.addEventListener('click', note);
root?.querySelector('h1')?.focus();

(globalThis as { early?: Early }).early = {
  take() {
    root?.removeEventListener('click', note);
    say(false);
    clearTimeout(waiting);
    sayLate(false);
    return pressed;
  },
};

const files = document.querySelectorAll<HTMLLinkElement>('link[rel=later]');
const script = files[0]?.href ?? '';
let isBegun = false;
const begin = (): void => {
  if (isBegun) return;
  isBegun = true;
  // All at once: none of them waits until another one has named it.
  for (const file of files) file.rel = 'modulepreload';
  void go();
};
const go = async (): Promise<void> => {
  try {
    await import(script);
    await (globalThis as { begun?: Promise<void> }).begun;
  } catch {
    await anew();
  }
};
/** A browser does not load again within a page what it could not load: the page comes anew once it can be had; but only once. */
const anew = async (): Promise<void> => {
  await new Promise((done) => setTimeout(done, 2_000));
  const { ok } = await fetch(script, { cache: 'reload' }).catch(() => ({ ok: false }));
  const [how] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (ok && how?.type !== 'reload') {
    location.reload();
    return;
  }
  sayLate(true);
  if (!ok) await anew();
};
// Once the page was drawn, and what it is drawn by does not share the line. In a tab that nobody looks at, nothing is drawn.
requestAnimationFrame(() => setTimeout(begin));
setTimeout(begin, 500);
