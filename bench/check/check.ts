// SPDX-License-Identifier: Apache-2.0
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { PEOPLE } from '@securemail/cli/world';
import { quantile } from '../quantile.ts';
import { startMeasuredGateway, type MeasuredGateway } from '../gateway-process.ts';

export interface CheckOptions {
  requests: number;
  recipients: number[];
  json: boolean;
}

interface Row {
  recipients: number;
  p50Ms: number;
  p95Ms: number;
  /** The peer: GET /health/live of the same gateway, between the requests that count. */
  healthP95Ms: number;
  p95ToHealth: number;
}

/** A key may ask twenty times a second. */
const APART_MS = 60;

/** `bench check`: how long who types waits for `POST /v1/recipients/check`, from a cache that is warm. */
export async function check({ requests, recipients, json }: CheckOptions): Promise<void> {
  const gateway = await startMeasuredGateway('postgres');
  const rows: Row[] = [];
  try {
    for (const count of recipients) rows.push(await measure(gateway, requests, count));
  } finally {
    await gateway.stop();
  }
  if (json) {
    console.log(JSON.stringify({ suite: 'check', cores: cpus().length, requests, rows }));
    return;
  }
  console.log(
    `check: ${requests} requests each, ${cpus().length} cores, load and database on the same machine`,
  );
  console.table(
    rows.map(({ recipients: count, p95ToHealth, ...times }) => ({
      recipients: count,
      ...Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ms.toFixed(1)])),
      p95ToHealth: p95ToHealth.toFixed(1),
    })),
  );
}

async function measure(gateway: MeasuredGateway, requests: number, count: number): Promise<Row> {
  // One with a certificate, one inside, the others with nothing that leads to them: for these most is asked.
  const addresses = [
    PEOPLE.person,
    PEOPLE.colleague,
    ...Array.from({ length: count }, (_, index) => `someone-${index}@hospital.example`),
  ].slice(0, count);
  const headers = { Authorization: `Bearer ${gateway.apiKey}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ from: PEOPLE.anna, recipients: addresses, thread: [PEOPLE.colleague] });
  const ask = () => timed(`${gateway.url}/v1/recipients/check`, { method: 'POST', headers, body });
  const peer = () => timed(`${gateway.url}/health/live`, {});
  for (let warm = 0; warm < 20; warm += 1) {
    await ask();
    await peer();
    await sleep(APART_MS);
  }
  const [asked, health]: [number[], number[]] = [[], []];
  for (let index = 0; index < requests; index += 1) {
    asked.push(await ask());
    health.push(await peer());
    await sleep(APART_MS);
  }
  const [p95Ms, healthP95Ms] = [quantile(asked, 0.95), quantile(health, 0.95)];
  return {
    recipients: count,
    p50Ms: quantile(asked, 0.5),
    p95Ms,
    healthP95Ms,
    p95ToHealth: p95Ms / healthP95Ms,
  };
}

async function timed(url: string, init: RequestInit): Promise<number> {
  const begun = performance.now();
  const response = await fetch(url, init);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return performance.now() - begun;
}
