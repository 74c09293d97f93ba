// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findChromium, freePort } from '@securemail/testing';
import { startMeasuredGateway } from '../gateway-process.ts';
import { handInOne } from '../hand-in.ts';
import { letters } from '../mailbox/readers.ts';
import { quantile } from '../quantile.ts';

export interface PagesOptions {
  /** How often each is looked at. */
  runs: number;
  json: boolean;
}

/** Fetched when it is wanted, and no dependency: it is as large as all others together. */
const LIGHTHOUSE = 'lighthouse@13.5.0';
/** In each category, of 100. */
const LEAST = 95;
/** Until all of the first page is seen, and until it answers. */
const MOST_SECONDS = 1;
/** In a row that Lighthouse can make nothing of, as on a machine that has much else to do. */
const MOST_FAILURES = 3;
/** By their names in the table. */
const TIMES = {
  firstPaintS: 'first-contentful-paint',
  largestPaintS: 'largest-contentful-paint',
  usableS: 'interactive',
} as const;

interface Report {
  categories: Record<string, { score: number }>;
  audits: Record<string, { numericValue?: number; details?: { items?: Transfer[] } }>;
}
interface Transfer {
  url: string;
  transferSize: number;
}

/** `bench pages`: what Lighthouse says of the pages that are seen before signing in, as on a slow telephone. */
export async function pages({ runs, json }: PagesOptions): Promise<void> {
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
      rows.push({ page: name, ...(await judged(`${url}${path}`, runs)) });
    if (json) console.log(JSON.stringify({ suite: 'pages', rows }));
    else console.table(rows);
  } finally {
    await gateway.stop();
  }
}

async function judged(url: string, runs: number): Promise<Record<string, string | number>> {
  const reports: Report[] = [];
  for (let run = 0; run < runs; run += 1) reports.push(await reportOf(url));
  const middle = (of: (report: Report) => number) => quantile(reports.map(of), 0.5);
  const scores = Object.fromEntries(
    Object.keys(reports[0]?.categories ?? {}).map((name) => [
      name,
      Math.round(middle(({ categories }) => (categories[name]?.score ?? 0) * 100)),
    ]),
  );
  const seconds = Object.fromEntries(
    Object.entries(TIMES).map(([name, audit]) => [
      name,
      middle(({ audits }) => (audits[audit]?.numericValue ?? Infinity) / 1_000),
    ]),
  );
  const transfers = reports[0]?.audits['network-requests']?.details?.items ?? [];
  return {
    ...scores,
    ...Object.fromEntries(Object.entries(seconds).map(([name, value]) => [name, value.toFixed(2)])),
    requests: transfers.length,
    kB: Math.round(transfers.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1_000),
    missed: [
      // The pages behind a link are for its reader, and not for search engines.
      ...Object.keys(scores).filter(
        (name) => (scores[name] ?? 0) < LEAST && !(name === 'seo' && url.includes('/m/')),
      ),
      ...Object.keys(seconds).filter((name) => (seconds[name] ?? Infinity) > MOST_SECONDS),
    ].join(' '),
  };
}

async function reportOf(url: string, failures = 0): Promise<Report> {
  try {
    const { stdout } = await promisify(execFile)(
      'npx',
      ['--yes', LIGHTHOUSE, url, '--quiet', '--output=json', '--chrome-flags=--headless --no-sandbox'],
      { env: { ...process.env, CHROME_PATH: findChromium() ?? '' }, maxBuffer: 64 * 1024 * 1024 },
    );
    return JSON.parse(stdout) as Report;
  } catch (error) {
    if (failures >= MOST_FAILURES) throw error;
    return await reportOf(url, failures + 1);
  }
}
