// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findChromium, freePort } from '@securemail/testing';
import { startMeasuredGateway } from '../gateway-process.ts';
import { handInOne } from '../hand-in.ts';
import { letters } from '../mailbox/readers.ts';

export interface PagesOptions {
  json: boolean;
}

/** Fetched when it is wanted, and no dependency: it is as large as all others together. */
const LIGHTHOUSE = 'lighthouse@13.5.0';
/** In each category, of 100. */
const LEAST = 95;

interface Report {
  categories: Record<string, { score: number }>;
  audits: Record<string, { numericValue?: number }>;
}

/** `bench pages`: what Lighthouse says of the pages that are seen before signing in, as on a slow telephone. */
export async function pages({ json }: PagesOptions): Promise<void> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const mailed = letters();
  const gateway = await startMeasuredGateway('postgres', { site: { url, port }, onOutside: mailed.take });
  try {
    const address = 'reader@readers.example';
    await handInOne(gateway, { to: address, subject: 'Decision', text: 'Dear reader' });
    const link = await mailed.linkTo(address);
    const rows: Record<string, string | number>[] = [];
    for (const [name, path] of [
      ['organisation', '/mailbox/o/demo'],
      ['contacts', '/mailbox/o/demo/write'],
      ['link', `/mailbox/m/${link}`],
    ] as const)
      rows.push({ page: name, ...(await judged(`${url}${path}`)) });
    if (json) console.log(JSON.stringify({ suite: 'pages', rows }));
    else console.table(rows);
  } finally {
    await gateway.stop();
  }
}

async function judged(url: string): Promise<Record<string, string | number>> {
  const { stdout } = await promisify(execFile)(
    'npx',
    ['--yes', LIGHTHOUSE, url, '--quiet', '--output=json', '--chrome-flags=--headless --no-sandbox'],
    { env: { ...process.env, CHROME_PATH: findChromium() ?? '' }, maxBuffer: 64 * 1024 * 1024 },
  );
  const { categories, audits } = JSON.parse(stdout) as Report;
  const seconds = (audit: string) => ((audits[audit]?.numericValue ?? 0) / 1_000).toFixed(1);
  return {
    ...Object.fromEntries(
      Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)]),
    ),
    firstPaintS: seconds('first-contentful-paint'),
    usableS: seconds('interactive'),
    under: Object.entries(categories)
      // The pages behind a link are for its reader, and not for search engines.
      .filter(([name, { score }]) => score * 100 < LEAST && !(name === 'seo' && url.includes('/m/')))
      .map(([name]) => name)
      .join(' '),
  };
}
