// SPDX-License-Identifier: Apache-2.0
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@securemail/testing';
import { startMeasuredGateway } from '../gateway-process.ts';
import { textOf } from '../hand-in.ts';
import { quantile } from '../quantile.ts';
import { letters, newReader, type Reader } from './readers.ts';

export interface MailboxOptions {
  readers: number;
  seconds: number;
  think: number;
  bytes: number;
  json: boolean;
}

/** So many sign in at once, before anything is measured. */
const AT_ONCE = 20;

/** `bench mailbox`: how long people wait for a page of SecureMailBox while all the others read, too. */
export async function mailbox({
  readers: count,
  seconds,
  think,
  bytes,
  json,
}: MailboxOptions): Promise<void> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const mailed = letters();
  const limits = { codes: 1_000_000, tries: 1_000_000, newcomers: 1_000_000 };
  const gateway = await startMeasuredGateway('postgres', {
    site: { url, port },
    // All of them are of one network.
    mailbox: { limits },
    onOutside: mailed.take,
  });
  try {
    const text = textOf(bytes);
    const readers: Reader[] = [];
    for (let first = 0; first < count; first += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, index) =>
        newReader(`reader-${first + index}@readers.example`, { gateway, mailed, origin: url, text }),
      );
      readers.push(...(await Promise.all(some)));
      process.stderr.write(`\r${readers.length} of ${count} have signed in`);
    }
    process.stderr.write('\n');
    const before = await gateway.usage();
    const times = await readFor(readers, seconds, think, () => fetched(`${gateway.url}/health/live`));
    const after = await gateway.usage();
    const row = {
      readers: count,
      pages: times.pages.length,
      p50Ms: quantile(times.pages, 0.5),
      p95Ms: quantile(times.pages, 0.95),
      healthP95Ms: quantile(times.peer, 0.95),
      p95ToHealth: quantile(times.pages, 0.95) / quantile(times.peer, 0.95),
      cpuMsPerPage: ((after.cpuSeconds - before.cpuSeconds) * 1_000) / times.pages.length,
      rssMiB: after.rssBytes / 2 ** 20,
    };
    if (json) {
      console.log(
        JSON.stringify({ suite: 'mailbox', cores: cpus().length, seconds, think, bytes, rows: [row] }),
      );
      return;
    }
    console.log(
      `mailbox: ${count} readers for ${seconds} s, a page each ${think} s, ${bytes} octets of text, ${cpus().length} cores, readers and database on the same machine`,
    );
    console.table([
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          Number.isInteger(value) ? value : value.toFixed(1),
        ]),
      ),
    ]);
  } finally {
    await gateway.stop();
  }
}

/**
 * Everybody opens a page every `think` seconds, in turn the list and his message, each begun at its time whatever the others
 * take; between them the peer is asked, ten times a second.
 */
async function readFor(
  readers: readonly Reader[],
  seconds: number,
  think: number,
  peer: () => Promise<void>,
): Promise<{ pages: number[]; peer: number[] }> {
  const [pages, peers]: [number[], number[]] = [[], []];
  const timed = async (into: number[], act: () => Promise<void>) => {
    const begun = performance.now();
    await act();
    into.push(performance.now() - begun);
  };
  const end = performance.now() + seconds * 1_000;
  const reading = readers.map(async ({ list, read }, index) => {
    await sleep((index / readers.length) * think * 1_000);
    for (let page = index; performance.now() < end; page += 1) {
      const next = performance.now() + think * 1_000;
      await timed(pages, page % 2 === 0 ? list : read);
      await sleep(Math.max(0, next - performance.now()));
    }
  });
  const asking = (async () => {
    while (performance.now() < end) {
      await timed(peers, peer);
      await sleep(100);
    }
  })();
  await Promise.all([...reading, asking]);
  return { pages, peer: peers };
}

async function fetched(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}
