// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type ServiceName } from '@securemail/contracts';
import {
  freePort,
  missing,
  prometheusIsThere,
  shutDatabase,
  startPrometheus,
  type RunningPrometheus,
} from '@securemail/testing';
import { startGatewayOfProcesses, type GatewayOfProcesses } from './testing/gateway-of-processes.ts';
import { PEOPLE } from './world/demo-files.ts';

const RULES = join(import.meta.dirname, '../../deploy/observability/prometheus/rules.yml');

/** The rules for people in a hurry: a minute is a second, an hour half a minute, and what is old is so after five seconds. */
const hurried = (rules: string): string =>
  rules
    .replaceAll('30s', '1s')
    .replaceAll(/\b(\d+)d\b/g, (_, days: string) => `${Number(days) * 24}h`)
    .replaceAll(/\b(\d+)m\b/g, '$1s')
    .replaceAll(/\b(\d+)h\b/g, (_, hours: string) => `${Number(hours) * 30}s`)
    .replaceAll(/(age(?:\{[^}]*\})?\)) > \d+/g, '$1 > 5');

const DEAR_BO = { from: PEOPLE.anna, to: [PEOPLE.person], subject: 'Journal', text: 'Dear Bo' };
/** For whom there is no way that is safe: SecureMailBox is not set up. */
const DEAR_STRANGER = { ...DEAR_BO, to: ['somebody@nowhere.example'] };

if (!prometheusIsThere()) missing('Prometheus', 'apt-get install prometheus');
else {
  let gateway: GatewayOfProcesses;
  let prometheus: RunningPrometheus;
  beforeAll(async () => {
    const ports = new Map<ServiceName, number>();
    for (const service of SERVICES) ports.set(service, await freePort());
    const environment = (service: ServiceName) => ({
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(ports.get(service)),
    });
    gateway = await startGatewayOfProcesses({ brokers: null, environment });
    prometheus = await startPrometheus({
      targets: [...ports.values()].map((port) => `127.0.0.1:${port}`),
      rules: hurried(readFileSync(RULES, 'utf8')),
    });
  }, 120_000);
  afterAll(async () => {
    await prometheus.stop();
    await gateway.stop();
  });

  const told = async (): Promise<Set<string | undefined>> =>
    new Set(
      (await prometheus.alerts()).flatMap(({ state, labels }) =>
        state === 'firing' ? [labels['alertname']] : [],
      ),
    );
  const untilTold = async (...alerts: string[]) => {
    for (let all = await told(); alerts.some((each) => !all.has(each)); all = await told()) await sleep(500);
  };
  const untilQuiet = async (...alerts: string[]) => {
    for (let all = await told(); alerts.some((each) => all.has(each)); all = await told()) await sleep(500);
  };

  it('a service that is gone: ServiceAway, and of the mail that waits for it EmailStuck', async () => {
    await gateway.kill('crypto');
    const emailId = await gateway.send(DEAR_BO);
    await untilTold('ServiceAway', 'EmailStuck');
    await gateway.restart('crypto');
    expect((await gateway.settled(emailId)).state).toBe('sent');
    await untilQuiet('ServiceAway', 'EmailStuck');
  });

  it('a database that lets nobody in: MailRefusedByUs', async () => {
    const open = await shutDatabase(gateway.databaseUrl);
    const asking = gateway.send(DEAR_BO);
    await untilTold('MailRefusedByUs');
    await open();
    expect((await gateway.settled(await asking)).state).toBe('sent');
    await untilQuiet('MailRefusedByUs');
  });

  it('much for which there is no safe way: MuchIsHeld, and DecisionsGrowOld until a person decides', async () => {
    const emailIds: string[] = [];
    for (let sent = 0; sent < 12; sent += 1) emailIds.push(await gateway.send(DEAR_STRANGER));
    await untilTold('MuchIsHeld', 'DecisionsGrowOld');
    for (const emailId of emailIds) {
      const decision = { by: 'Ida Iversen', reason: 'sent by letter' };
      const { status } = await gateway.ask('crypto', 'POST', `/v1/held/${emailId}/reject`, decision);
      expect(status).toBe(200);
    }
    await untilQuiet('MuchIsHeld', 'DecisionsGrowOld');
  });

  it('a system that does not listen: WebhookAway', async () => {
    const url = `https://127.0.0.1:${await freePort()}/hook`;
    const made = await gateway.ask('receipts', 'POST', '/v1/webhooks', { url });
    expect(made.status).toBe(201);
    const { webhookId } = (await made.json()) as { webhookId: string };
    await gateway.send(DEAR_BO);
    await untilTold('WebhookAway');
    await gateway.ask('receipts', 'DELETE', `/v1/webhooks/${webhookId}`);
    await untilQuiet('WebhookAway');
  });

  it('a server that hangs up after the last octet: OutcomeUnknown', async () => {
    gateway.outside.misbehave({ phase: 'final-dot', action: 'drop', times: 1 });
    await gateway.send(DEAR_BO);
    await untilTold('OutcomeUnknown');
    await untilQuiet('OutcomeUnknown');
  });

  it('a server that offers no TLS: TlsNotProven', async () => {
    gateway.ownMailServer.misbehave({ phase: 'starttls', action: { reply: '454 4.7.0 Not now' } });
    await gateway.send({ ...DEAR_BO, to: [PEOPLE.colleague] });
    await untilTold('TlsNotProven');
    gateway.ownMailServer.behave();
    await untilQuiet('TlsNotProven');
  });
}
