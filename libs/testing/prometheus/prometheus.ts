// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from '../process/free-port.ts';
import { spawnTied } from '../process/tied-process.ts';

/** Whether this machine has Prometheus (`apt install prometheus`). */
export const prometheusIsThere = (): boolean => spawnSync('prometheus', ['--version']).error === undefined;

/** A series of an answer: its labels, and its values with their times, seconds since 1970. */
export interface PrometheusSeries {
  metric: Record<string, string>;
  values: [time: number, value: string][];
}

/** A series, and what stands for its values. */
export interface PrometheusExemplars {
  seriesLabels: Record<string, string>;
  exemplars: { labels: Record<string, string>; value: string; timestamp: number }[];
}

export interface PrometheusAlert {
  labels: Record<string, string>;
  state: 'pending' | 'firing';
}

export interface RunningPrometheus {
  /** What there was of it since this Prometheus runs, each second. @throws Error with what it says of a query that is wrong */
  range(query: string): Promise<PrometheusSeries[]>;
  /** What was kept of it since this Prometheus runs. @throws Error as `range` does */
  exemplars(query: string): Promise<PrometheusExemplars[]>;
  alerts(): Promise<PrometheusAlert[]>;
  stop(): Promise<void>;
}

/** Runs a Prometheus that scrapes `host:port` as the job `securemail` each second, and looks at rules as often. */
export async function startPrometheus({
  targets,
  rules = '{}',
}: {
  targets: readonly string[];
  /** YAML. */
  rules?: string;
}): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const path = (name: string) => join(folder, name);
  await writeFile(path('rules.yml'), rules);
  await writeFile(
    path('prometheus.yml'),
    stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [path('rules.yml')],
      scrape_configs: [{ job_name: 'securemail', static_configs: [{ targets }] }],
    }),
  );
  const port = await freePort();
  const program = await spawnTied(
    'prometheus',
    [
      `--config.file=${path('prometheus.yml')}`,
      `--storage.tsdb.path=${path('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      '--log.level=warn',
    ],
    { farewell: 'TERM' },
  );
  const begun = Date.now() / 1_000;
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (program.hasExited()) throw new Error(`prometheus ended: ${program.lastWords()}`);
    await sleep(100);
  }
  const ask = async (path: string): Promise<unknown> => {
    const answer = (await (await fetch(`${url}/api/v1/${path}`)).json()) as {
      data?: unknown;
      error?: string;
    };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.data;
  };
  const askOf = (path: string, query: string, more = {}) => {
    const span = { start: String(begun), end: String(Date.now() / 1_000) };
    return ask(`${path}?${new URLSearchParams({ query, ...span, ...more }).toString()}`);
  };
  return {
    range: async (query) =>
      ((await askOf('query_range', query, { step: '1' })) as { result: PrometheusSeries[] }).result,
    exemplars: async (query) => (await askOf('query_exemplars', query)) as PrometheusExemplars[],
    alerts: async () => ((await ask('alerts')) as { alerts: PrometheusAlert[] }).alerts,
    async stop() {
      await program.stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
