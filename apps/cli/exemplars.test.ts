// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { METRIC, scrapable, scraped, startTelemetry, type Telemetry } from '@securemail/telemetry';
import { missing, prometheusIsThere, startPrometheus, type RunningPrometheus } from '@securemail/testing';
import { PEOPLE } from './world/demo-files.ts';
import { startDemoWorld, type DemoWorld } from './world/demo-world.ts';

const CLOCKS = [METRIC.promiseDuration, METRIC.ownDuration, METRIC.rawDuration];

interface Emails {
  emails: { emailId: string; state: string; direction: string }[];
}

if (!prometheusIsThere()) missing('Prometheus', 'apt-get install prometheus');
else {
  let folder: string;
  let telemetry: Telemetry;
  let prometheus: RunningPrometheus;
  let world: DemoWorld;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exemplars-'));
    // Where we are root, Postgres runs as another user.
    await chmod(folder, 0o755);
    const metrics = await scrapable({ host: '127.0.0.1', port: 0 });
    telemetry = await startTelemetry({ serviceName: 'securemail', metricReaders: [metrics.reader] });
    prometheus = await startPrometheus({ targets: [new URL(metrics.url).host] });
    const ports = { httpPort: 0, smtpPort: 0, inboundPort: 0 };
    world = await startDemoWorld({ dataDir: folder, bus: 'postgres', ...ports, say: () => undefined });
  }, 600_000);
  afterAll(async () => {
    await world.close();
    await prometheus.stop();
    await telemetry.shutdown();
    await rm(folder, { recursive: true, force: true });
  });

  const api = async <Body>(path: string, body?: object): Promise<Body> => {
    const response = await fetch(`${world.gateway.url}/v1${path}`, {
      headers: { Authorization: `Bearer ${world.apiKey}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await response.json()) as Body;
  };
  /** As a mail server of somebody else hands one over. */
  const comesIn = async () => {
    const socket = connect(world.gateway.inboundPort!, '127.0.0.1');
    const says = socket[Symbol.asyncIterator]();
    await says.next();
    const mail = `From: ${PEOPLE.person}\r\nTo: ${PEOPLE.anna}\r\nSubject: Hello\r\n\r\nDear Anna\r\n.`;
    for (const line of [
      'HELO mx.citizen.example',
      `MAIL FROM:<${PEOPLE.person}>`,
      `RCPT TO:<${PEOPLE.anna}>`,
      'DATA',
      mail,
    ]) {
      socket.write(`${line}\r\n`);
      await says.next();
    }
    socket.destroy();
  };
  /** What stands for a bucket of it, once Prometheus has fetched that. */
  const exemplarsOf = async (metric: (typeof METRIC)[keyof typeof METRIC], labels = '') => {
    for (;;) {
      const found = await prometheus.exemplars(`${scraped(metric)}_bucket{${labels}}`);
      const exemplars = found.flatMap((each) => each.exemplars);
      if (exemplars.length > 0) return exemplars;
      await sleep(250);
    }
  };

  /** It is made findable a moment after it was accepted. */
  const foundBy = async (traceId: string) => {
    for (;;) {
      const { emails } = await api<Emails>(`/emails?traceId=${traceId}`);
      if (emails.length > 0) return emails;
      await sleep(100);
    }
  };
  const sent = new Set<string>();

  it.each(CLOCKS.map((metric) => [metric.name, metric] as const))(
    'a bucket of %s leads to an email that it counts, sent from here and come from outside',
    async (_name, metric) => {
      const { emailId } = await api<{ emailId: string }>('/emails', {
        from: PEOPLE.anna,
        to: [PEOPLE.person],
        subject: 'Journal',
        text: 'Dear Bo',
      });
      sent.add(emailId);
      await comesIn();
      for (const direction of metric === METRIC.rawDuration ? ['outbound', 'inbound'] : ['outbound']) {
        const [exemplar] = await exemplarsOf(metric, `securemail_email_direction="${direction}"`);
        const traceId = exemplar?.labels['trace_id'] ?? '';
        const emails = await foundBy(traceId);
        expect(emails).toMatchObject([{ state: 'sent', direction }]);
        if (direction === 'outbound') expect(sent).toContain(emails[0]!.emailId);
        const trace = await api<{ traceId: string; bars: { from: string; until: string }[] }>(
          `/emails/${emails[0]!.emailId}/trace`,
        );
        expect(trace.traceId).toBe(traceId);
      }
    },
  );

  it('a bucket of the vault leads to a trace', async () => {
    const [exemplar] = await exemplarsOf(METRIC.vaultDuration);
    expect(exemplar?.labels).toEqual({
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
  });
}
