// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '@securemail/event-store';
import { ConsoleBrowser, openFindKeys, soughtAddress, type DigestOf } from '@securemail/receipts/testing';
import { freePort } from '@securemail/testing';
import { fileKeyEncryptionKey, postgresVault } from '@securemail/vault';
import pg from 'pg';
import { startMeasuredGateway, type MeasuredGateway } from '../gateway-process.ts';
import { quantile } from '../quantile.ts';
import { listCase, lists, otherCases, PAGE, type Case, type List } from './cases.ts';
import { seedDeadLetters, seedHistories, type Shown } from './histories.ts';
import { seedEmails, TENANT } from './seed.ts';

export interface ConsoleOptions {
  emails: number;
  rounds: number;
  json: boolean;
}

interface Row {
  page: string;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
  /** To the peer's, the cheapest request there is. */
  p95ToHealth: number;
  inTime: boolean;
}

/** Milliseconds in which each answer is to be there. */
const AIM = 300;
/** Milliseconds. What opens personal parts is remembered for ten seconds: nobody who opens a page has it. */
const APART = 10_500;

/** `bench console`: how long the pages of the console wait for each answer, with very many emails. */
export async function consoleBench({ emails, rounds, json }: ConsoleOptions): Promise<void> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const gateway = await startMeasuredGateway('postgres', { console: { url, port } });
  try {
    const cases = await seed(gateway, emails, rounds);
    const rows = await measure(gateway, url, cases, rounds);
    const missed = rows.filter(({ inTime }) => !inTime).map(({ page }) => page);
    if (json) {
      console.log(JSON.stringify({ suite: 'console', cores: cpus().length, emails, rounds, rows, missed }));
      return;
    }
    console.log(
      `console: ${emails} emails, ${rounds} rounds, ${cpus().length} cores, database on the same machine`,
    );
    console.table(
      rows.map((row) => ({
        ...row,
        ...Object.fromEntries(
          (['p50Ms', 'p95Ms', 'maxMs', 'p95ToHealth'] as const).map((name) => [name, row[name].toFixed(1)]),
        ),
      })),
    );
    console.log(missed.length === 0 ? `all under ${AIM} ms` : `not under ${AIM} ms: ${missed.join('; ')}`);
  } finally {
    await gateway.stop();
  }
}

async function seed(
  { databaseUrl, paths }: MeasuredGateway,
  emails: number,
  rounds: number,
): Promise<Case[]> {
  const kek = await fileKeyEncryptionKey(paths.vaultKey);
  const pool = createPool({ url: databaseUrl, schema: 'receipts', max: 4 });
  const { vault, cipher } = await postgresVault({ url: databaseUrl, kek });
  // Without the limits of time that services have.
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const digestOf = openFindKeys({ pool, kek });
    const say = saying();
    await seedEmails(client, emails, digestOf);
    say('the emails are there');
    const cases: Case[] = [];
    const shown = new Map<string, Shown>();
    for (const list of lists(new Date(), emails)) {
      const found = await shownIn(client, list, digestOf);
      for (const email of found) shown.set(email.emailId, email);
      cases.push(listCase(list, found.length));
    }
    await seedHistories(client, [...shown.values()], { databaseUrl, cipher, digestOf });
    await seedDeadLetters(client, [...shown.values()]);
    say(`${shown.size} of them have their events`);
    const looked = [...shown.values()].filter(({ state }) => state === 'sent').slice(-Math.max(rounds, 1));
    return [...cases, ...otherCases(looked)];
  } finally {
    await client.end();
    await vault.close();
    await pool.end();
  }
}

/** Those that its page is to show. */
async function shownIn(client: pg.Client, { where, found }: List, digestOf: DigestOf): Promise<Shown[]> {
  const sought = found === undefined ? null : soughtAddress(found);
  const isFound =
    sought === null
      ? ''
      : `and email_id in (select email_id from receipts.found_by where tenant_id = '${TENANT}' and digest = $1)`;
  const { rows } = await client.query<Shown>(
    `select email_id as "emailId", state, accepted_at as "acceptedAt" from receipts.emails
      where ${where} ${isFound} order by accepted_at desc, email_id desc limit ${PAGE}`,
    sought === null ? [] : [await digestOf(TENANT, sought)],
  );
  return rows;
}

async function measure(
  gateway: MeasuredGateway,
  origin: string,
  cases: readonly Case[],
  rounds: number,
): Promise<Row[]> {
  const browser = new ConsoleBrowser(() => gateway.url, origin);
  const password = await readFile(gateway.paths.consolePassword, 'utf8');
  const { status } = await browser.signIn('demo', password);
  if (status !== 200) throw new Error(`nobody is signed in: ${status}`);
  const times = cases.map(() => [] as number[]);
  const health: number[] = [];
  const say = saying();
  // The first is to warm up.
  for (let round = -1; round < rounds; round += 1) {
    const end = performance.now() + APART;
    const headers = {
      Authorization: `Bearer ${await browser.token()}`,
      Cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    };
    for (const [index, each] of cases.entries()) {
      const took = await timed(() => askFor(gateway.url, each, round + 1, headers));
      const peer = await timed(() => answer(`${gateway.url}/health/live`, {}).then(() => undefined));
      if (round < 0) continue;
      times[index]?.push(took);
      health.push(peer);
    }
    say(`round ${round + 1} of ${rounds}`);
    await sleep(Math.max(0, end - performance.now()));
  }
  const healthP95 = quantile(health, 0.95);
  const rowOf = (page: string, taken: readonly number[]): Row => {
    const p95Ms = quantile(taken, 0.95);
    return {
      page,
      p50Ms: quantile(taken, 0.5),
      p95Ms,
      maxMs: Math.max(...taken),
      p95ToHealth: p95Ms / healthP95,
      inTime: p95Ms < AIM,
    };
  };
  return [
    ...cases.map(({ name }, index) => rowOf(name, times[index] ?? [])),
    rowOf('(/health/live)', health),
  ];
}

async function askFor(
  url: string,
  { name, paths, streams, shows }: Case,
  round: number,
  headers: Record<string, string>,
): Promise<void> {
  const answers = await Promise.all(
    paths(round).map((path) =>
      streams === undefined ? answer(`${url}${path}`, headers) : firstEvent(`${url}${path}`, headers),
    ),
  );
  const [text = ''] = answers;
  if (shows === undefined) return;
  const found = (JSON.parse(text) as { emails: unknown[] }).emails.length;
  if (found !== shows) throw new Error(`${name} shows ${found} and not ${shows}`);
}

async function answer(url: string, headers: Record<string, string>): Promise<string> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text}`);
  return text;
}

async function firstEvent(url: string, headers: Record<string, string>): Promise<string> {
  const gone = new AbortController();
  const response = await fetch(url, { headers, signal: gone.signal });
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (/^event: \w+\ndata: .*\n\n/.test(text)) break;
  }
  gone.abort();
  return text;
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

function saying(): (text: string) => void {
  const begun = performance.now();
  return (text) => process.stderr.write(`${((performance.now() - begun) / 1_000).toFixed(0)} s: ${text}\n`);
}
