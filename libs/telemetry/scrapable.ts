// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';

/**
 * Lets the metrics of this process be fetched, for `startTelemetry` to read them: what `OTEL_METRICS_EXPORTER=prometheus`
 * does, but a port that is taken is told, and 0 takes any free one.
 *
 * @throws EADDRINUSE and the like.
 */
export async function scrapable({
  host,
  port,
}: {
  host: string;
  port: number;
}): Promise<{ reader: IMetricReader; url: string }> {
  const at = { host, port: port === 0 ? await freePort(host) : port };
  const exporter = new PrometheusExporter({ ...at, preventServerStart: true });
  await exporter.startServer();
  return { reader: exporter, url: `http://${at.host}:${at.port}/metrics` };
}

/** The exporter does not tell which one it took. */
async function freePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
