// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type ServiceName } from '@securemail/contracts';
import { createDatabase, startSmtpSink, type SmtpSink } from '@securemail/testing';
import { stringify } from 'yaml';
import { ensureDemoFiles, type DemoPaths } from '../world/demo-files.ts';
import { demoSettings } from '../world/demo-settings.ts';
import { startServiceProcess, type ServiceProcess } from './service-process.ts';

/** The parts of the API's answers that tests look at. */
export interface EmailView {
  emailId: string;
  state: string;
  recipients: {
    address: string;
    status: string;
    method: string | null;
    attempts: number;
    mayBeDuplicate: boolean;
  }[];
  receipt: { deliveredAt: string | null; outcome: string } | null;
}
export interface EventView {
  id: string;
  name: string;
  source: string;
  traceparent: string;
  data: Record<string, unknown>;
}

export interface GatewayOfProcesses {
  paths: DemoPaths;
  ownMailServer: SmtpSink;
  outside: SmtpSink;
  /** Ends a service as asked, or lets it be, and starts it with this environment. */
  restart(service: ServiceName, environment?: Record<string, string>): Promise<ServiceProcess>;
  /** `POST /v1/emails`, again and again with the same Idempotency-Key until it is answered. */
  send(email: object, idempotencyKey?: string): Promise<string>;
  urlOf: (service: ServiceName) => string;
  /** Takes the processor of a service away, or gives it back. */
  signal(service: ServiceName, signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Changes settings of a service in the file, and starts it anew. */
  configure(service: ServiceName, section: object): Promise<void>;
  /** For what only time would do; each service has a schema there. */
  databaseUrl: string;
  get(path: string): Promise<unknown>;
  /** Asks a service for something by POST or DELETE. */
  ask(service: ServiceName, method: 'POST' | 'DELETE', path: string, body?: object): Promise<Response>;
  /** Ends a service, as a machine does that loses its power. */
  kill(service: ServiceName): Promise<void>;
  /** The email once its sender has the receipt. */
  settled(emailId: string): Promise<EmailView>;
  events(emailId: string): Promise<EventView[]>;
  stop(): Promise<void>;
}

/** The gateway as five processes of their own, on one database, between two mail servers. */
export async function startGatewayOfProcesses({
  brokers,
  site,
  environment = {},
  verifyEveryMinutes = 60,
}: {
  brokers: string[] | null;
  /** Where SecureMailBox is; without it there is none. */
  site?: string;
  environment?: Record<string, string> | ((service: ServiceName) => Record<string, string>);
  /** How often the ledger is verified. */
  verifyEveryMinutes?: number;
}): Promise<GatewayOfProcesses> {
  const folder = await mkdtemp(join(tmpdir(), 'securemail-test-'));
  const paths = await ensureDemoFiles(folder);
  const tls = {
    certificatePem: await readFile(paths.mailServerCertificate, 'utf8'),
    keyPem: await readFile(paths.mailServerKey, 'utf8'),
  };
  const ownMailServer = await startSmtpSink({ tls });
  const outside = await startSmtpSink({ tls });
  const databaseUrl = await createDatabase();
  const settings = demoSettings({
    paths,
    databaseUrl,
    brokers,
    ownMailServerPort: ownMailServer.port,
    outsidePort: outside.port,
    smtpPort: 0,
    ...(site === undefined ? {} : { site }),
  });
  const config = join(folder, 'securemail.yaml');
  const http = { http: { port: 0 } };
  const inFile = {
    ...settings,
    intake: { ...settings.intake, ...http },
    crypto: { ...settings.crypto, ...http },
    delivery: { ...settings.delivery, leaseSeconds: 2, retrySeconds: [1] },
    mailbox: http,
    receipts: {
      ...settings.receipts,
      ...http,
      ledger: { ...settings.receipts.ledger, verifyEveryMinutes },
    },
  };
  await writeFile(config, stringify(inFile));
  const apiKey = await readFile(paths.apiKey, 'utf8');
  const running = new Map<ServiceName, ServiceProcess>();
  const start = async (service: ServiceName, more: Record<string, string> = {}) => {
    const given = typeof environment === 'function' ? environment(service) : environment;
    const started = await startServiceProcess(service, config, { ...given, ...more });
    running.set(service, started);
    return started;
  };
  // One after the other: each brings a schema up to date that the next one reads.
  for (const service of SERVICES.toReversed()) await start(service);

  const urlOf = (service: ServiceName) => running.get(service)?.url ?? '';
  const authorization = { Authorization: `Bearer ${apiKey}` };
  const get = async (path: string) => {
    const response = await fetch(urlOf('receipts') + path, { headers: authorization }).catch(() => null);
    return response?.ok === true ? await response.json() : null;
  };

  return {
    paths,
    ownMailServer,
    outside,
    urlOf,
    databaseUrl,
    get,
    ask: (service, method, path, body) =>
      fetch(urlOf(service) + path, {
        method,
        headers: { ...authorization, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    kill: async (service) => {
      await running.get(service)?.kill('SIGKILL');
    },
    async restart(service, more) {
      await running.get(service)?.kill('SIGKILL');
      return start(service, more);
    },
    signal: (service, signal) => running.get(service)?.signal(signal),
    async configure(service, section) {
      Object.assign(inFile[service], section);
      await writeFile(config, stringify(inFile));
      await running.get(service)?.kill('SIGTERM');
      await start(service);
    },
    async send(email, idempotencyKey = crypto.randomUUID()) {
      for (;;) {
        try {
          const response = await fetch(`${urlOf('intake')}/v1/emails`, {
            method: 'POST',
            headers: {
              ...authorization,
              'Content-Type': 'application/json',
              'Idempotency-Key': idempotencyKey,
            },
            body: JSON.stringify(email),
          });
          if (response.status === 202) return ((await response.json()) as { emailId: string }).emailId;
          if (response.status < 500) throw new TypeError(`refused: ${await response.text()}`);
        } catch (error) {
          if (error instanceof TypeError && error.message.startsWith('refused')) throw error;
        }
        await sleep(200);
      }
    },
    async settled(emailId) {
      for (;;) {
        const view = (await get(`/v1/emails/${emailId}`)) as EmailView | null;
        if (view?.receipt?.deliveredAt != null) return view;
        await sleep(100);
      }
    },
    async events(emailId) {
      const history = (await get(`/v1/emails/${emailId}/events`)) as { events: EventView[] } | null;
      return history?.events ?? [];
    },
    async stop() {
      await Promise.all([...running.values()].map((each) => each.kill('SIGTERM')));
      await Promise.all([ownMailServer.stop(), outside.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
