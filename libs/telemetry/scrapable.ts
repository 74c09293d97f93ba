// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MetricReader, type IMetricReader } from '@opentelemetry/sdk-metrics';
import { keepExemplars } from './exemplars.ts';
import { OPEN_METRICS, openMetrics } from './open-metrics.ts';
import { prefersOpenMetrics } from './prefers-open-metrics.ts';
import { temporalityOf } from './temporality.ts';

/**
 * Lets the metrics of this process be fetched, for `startTelemetry` to read them; 0 takes any free port. Who asks for
 * OpenMetrics gets it, with exemplars; everybody else the text format of Prometheus.
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
  const reader = new ScrapedReader();
  const at = await reader.listen(host, port);
  return { reader, url: `http://${host.includes(':') ? `[${host}]` : host}:${at}/metrics` };
}

/**
 * Prometheus says in a header for how long it waits: of what can't be told by then nothing is told, as later nothing at all
 * would be heard. Who says nothing waits.
 */
function inTimeFor({ headers }: IncomingMessage): { timeoutMillis?: number } {
  const seconds = Number(headers['x-prometheus-scrape-timeout-seconds']);
  return seconds > 0 ? { timeoutMillis: seconds * 600 } : {};
}

/** By hand, as OpenTelemetry's exporter can't be given another format; the text format it still writes. */
class ScrapedReader extends MetricReader {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #serializer = new PrometheusSerializer();
  readonly #kept = keepExemplars();

  constructor() {
    super({ aggregationTemporalitySelector: temporalityOf });
    // Metrics alone keep no process alive.
    this.#server.unref();
  }

  /** @returns the port. */
  async listen(host: string, port: number): Promise<number> {
    try {
      await once(this.#server.listen({ host, port }), 'listening');
    } catch (error) {
      this.#kept.close();
      throw error;
    }
    return (this.#server.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    try {
      const { resourceMetrics } = await this.collect(inTimeFor(request));
      response.setHeader('Vary', 'Accept');
      if (prefersOpenMetrics(request.headers.accept)) {
        response.setHeader('Content-Type', OPEN_METRICS);
        response.end(openMetrics(resourceMetrics, this.#kept.exemplars));
      } else {
        response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
        response.end(this.#serializer.serialize(resourceMetrics));
      }
    } catch {
      response.writeHead(503).end();
    }
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override async onShutdown(): Promise<void> {
    this.#kept.close();
    if (!this.#server.listening) return;
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
