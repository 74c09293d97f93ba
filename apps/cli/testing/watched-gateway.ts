// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type ServiceName } from '@securemail/contracts';
import { freePort, startPrometheus, type RunningPrometheus } from '@securemail/testing';
import { startGatewayOfProcesses, type GatewayOfProcesses } from './gateway-of-processes.ts';

/** A gateway of processes, and a Prometheus that goes by the rules as they are deployed, but for people in a hurry. */
export interface WatchedGateway {
  gateway: GatewayOfProcesses;
  prometheus: RunningPrometheus;
  /** All of these alerts at the same time. */
  untilTold: (...alerts: string[]) => Promise<void>;
  /** Each of them at some time: what one is about may be over before the other is told. */
  untilToldOnce: (...alerts: string[]) => Promise<void>;
  untilQuiet: (...alerts: string[]) => Promise<void>;
  stop: () => Promise<void>;
}

const RULES = join(import.meta.dirname, '../../../deploy/observability/prometheus/rules.yml');

/** The longest windows, by which an error budget is counted: in the order that they have. */
const LONG: Record<string, string> = { '2h': '12s', '6h': '25s', '1d': '30s', '3d': '40s', '30d': '60s' };

/** A minute is a second, an hour half a minute, and what is old is so after five seconds. */
const hurried = (rules: string): string =>
  rules
    .replaceAll('30s', '1s')
    .replaceAll('for: 1h', 'for: 5s')
    .replaceAll(/\b(\d+)m\b/g, '$1s')
    .replaceAll(/\b(?:[26]h|\d+d)\b/g, (window) => LONG[window] ?? window)
    .replaceAll(/\b1h\b/g, '30s')
    .replaceAll(/(age(?:\{[^}]*\})?\)) > \d+/g, '$1 > 5');

/** @param options as of {@link startGatewayOfProcesses}. */
export async function startWatchedGateway(
  options: Pick<Parameters<typeof startGatewayOfProcesses>[0], 'brokers' | 'site'>,
): Promise<WatchedGateway> {
  const ports = new Map<ServiceName, number>();
  for (const service of SERVICES) ports.set(service, await freePort());
  const environment = (service: ServiceName) => ({
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(ports.get(service)),
  });
  const gateway = await startGatewayOfProcesses({ ...options, environment, verifyEveryMinutes: 1 / 20 });
  const prometheus = await startPrometheus({
    targets: [...ports.values()].map((port) => `127.0.0.1:${port}`),
    rules: hurried(readFileSync(RULES, 'utf8')),
  });
  const told = async (): Promise<Set<string | undefined>> =>
    new Set(
      (await prometheus.alerts()).flatMap(({ state, labels }) =>
        state === 'firing' ? [labels['alertname']] : [],
      ),
    );
  return {
    gateway,
    prometheus,
    async untilTold(...alerts) {
      for (let all = await told(); alerts.some((each) => !all.has(each)); all = await told())
        await sleep(500);
    },
    async untilToldOnce(...alerts) {
      const ever = new Set<string | undefined>();
      for (;;) {
        for (const alert of await told()) ever.add(alert);
        if (alerts.every((each) => ever.has(each))) return;
        await sleep(500);
      }
    },
    async untilQuiet(...alerts) {
      for (let all = await told(); alerts.some((each) => all.has(each)); all = await told()) await sleep(500);
    },
    async stop() {
      await prometheus.stop();
      await gateway.stop();
    },
  };
}
