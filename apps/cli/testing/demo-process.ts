// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../../dist/apps/cli/main.js');

/** Runs `securemail demo`, as built, to its end, with metrics at a port. @throws Error with its last words where it fails */
export async function demoProcess({
  data,
  metricsPort,
}: {
  data: string;
  metricsPort: number;
}): Promise<void> {
  const demo = spawn(
    process.execPath,
    ['--disable-warning=TimeoutNegativeWarning', MAIN, 'demo', '--data', data],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        OTEL_METRICS_EXPORTER: 'prometheus',
        OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
      },
    },
  );
  let words = '';
  for (const stream of [demo.stdout, demo.stderr])
    stream.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-4_000);
    });
  const [code] = (await once(demo, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the demo ended with ${code}: ${words}`);
}
