// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where a Chromium is on this machine; null where it has none. */
export function findChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const places = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find(isProgram) ?? null;
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

export const chromiumIsThere = (): boolean => findChromium() !== null;

/** A real browser, without a window. Its sandbox wants a user who is not root. @param more what it is told beside that. */
export async function startChromium(more: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('there is no Chromium on this machine');
  // Only where a browser is wanted: it is two thirds of all that these helpers load, for each suite anew.
  const { chromium } = await import('playwright-core');
  const isRoot = process.getuid?.() === 0;
  return await chromium.launch({ executablePath, args: [...(isRoot ? ['--no-sandbox'] : []), ...more] });
}
