// SPDX-License-Identifier: Apache-2.0
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromiumIsThere, startChromium } from '@securemail/testing';

/** As the build lays it: beside us where we are built. */
const ASSETS = join(import.meta.dirname, '../../apps/console-web/assets');
const PAGE = '<!doctype html><meta charset="utf-8"><title>Verify</title><input type="file">';

interface Said {
  isVerified: boolean;
  lines: [about: string, text: string][];
}

/**
 * Verifies a file as the console does, by its worker in a real browser.
 *
 * @returns milliseconds; null where there is no Chromium.
 */
export async function verifyInChromium(file: string, keys: string): Promise<number | null> {
  if (!chromiumIsThere()) return null;
  const [worker] = globSync('verify-worker-*.js', { cwd: ASSETS });
  if (worker === undefined) throw new Error('the console is not built');
  const script = readFileSync(join(ASSETS, worker));
  const server = createServer(({ url }, response) => {
    if (url === '/worker.js') response.setHeader('Content-Type', 'text/javascript').end(script);
    else response.setHeader('Content-Type', 'text/html').end(PAGE);
  }).listen(0, '127.0.0.1');
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.locator('input').setInputFiles(file);
    const began = performance.now();
    const said = await page.evaluate<Said>(`new Promise((resolve, reject) => {
      const worker = new Worker('/worker.js', { type: 'module' });
      worker.onerror = reject;
      worker.onmessage = ({ data }) => data.kind === 'progress' || resolve(data);
      worker.postMessage({ file: document.querySelector('input').files[0], keys: ${JSON.stringify(keys)} });
    })`);
    const took = performance.now() - began;
    if (!said.isVerified) throw new Error(JSON.stringify(said));
    return took;
  } finally {
    await browser.close();
    server.close();
  }
}
