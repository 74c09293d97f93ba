// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '@securemail/config';
import {
  freePort,
  startKafka,
  startPostgres,
  startSmtpSink,
  type RunningKafka,
  type SmtpSink,
} from '@securemail/testing';
import { startAllInOne, type RunningGateway } from '../all-in-one.ts';
import { AllSettings } from '../settings.ts';
import { arrivalsIn, type Told } from './arrivals.ts';
import { demoSettings } from './demo-settings.ts';
import { startOutsideWorld } from './outside-world.ts';
import { ensureDemoFiles, writeConfig, type DemoPaths } from './demo-files.ts';

export interface DemoWorldOptions extends Told {
  dataDir: string;
  bus: 'postgres' | 'kafka';
  /** 0: any free one. */
  httpPort: number;
  smtpPort: number;
  inboundPort: number;
  say: (line: string) => void;
  /** Whether what arrives is kept as files in the data folder, and told, and not in memory. */
  arrivalsAsFiles?: boolean;
  /** Whether the organisation has SecureMailBox: without it, whom nothing else reaches is held. */
  mailbox?: boolean;
  /** Whether what takes minutes and hours takes seconds: see `demoSettings`. */
  hurried?: boolean;
  /** Called once there is a database and nothing that writes to it; what it gives is ended after all that did. */
  beforeServices?: (databaseUrl: string) => Promise<{ stop(): Promise<void> }>;
}

export interface DemoWorld {
  paths: DemoPaths;
  settings: AllSettings;
  gateway: RunningGateway;
  apiKey: string;
  /** The organisation's own mail server, and the one that plays everybody else's. */
  ownMailServer: SmtpSink;
  outside: SmtpSink;
  /** That of the domains that prove who their servers are. */
  provingServer: SmtpSink;
  close(): Promise<void>;
}

/** Everything around the gateway and the gateway itself: a database, a bus, a demo organisation, the world's mail servers. */
export async function startDemoWorld({
  dataDir,
  bus,
  httpPort,
  smtpPort,
  inboundPort,
  say,
  arrivalsAsFiles = false,
  onLink,
  onWritten,
  mailbox = false,
  hurried = false,
  beforeServices,
}: DemoWorldOptions): Promise<DemoWorld> {
  const opened: { stop(): Promise<void> }[] = [];
  const closeAll = async () => {
    for (const part of opened.toReversed()) await part.stop();
  };
  try {
    const paths = await ensureDemoFiles(dataDir);
    const postgres = await startPostgres({ dataDir: paths.postgres, say });
    opened.push(postgres);
    const kafka: RunningKafka | null = bus === 'kafka' ? await startKafka({ say }) : null;
    if (kafka !== null) opened.push(kafka);
    const tls = {
      certificatePem: await readFile(paths.mailServerCertificate, 'utf8'),
      keyPem: await readFile(paths.mailServerKey, 'utf8'),
    };
    const keeping = (folder: string) =>
      arrivalsAsFiles ? { onMail: arrivalsIn(join(paths.arrived, folder), { onLink, onWritten }) } : {};
    const startMailServer = async (folder: string) => {
      const server = await startSmtpSink({ tls, ...keeping(folder) });
      opened.push(server);
      return server;
    };
    const ownMailServer = await startMailServer('own');
    const outside = await startMailServer('outside');
    const world = await startOutsideWorld(paths, keeping('outside'));
    opened.push(world);

    const apiKey = await readFile(paths.apiKey, 'utf8');
    // Notifications, and the console, name the port before anybody listens there.
    const port = httpPort === 0 ? await freePort() : httpPort;
    const written = demoSettings({
      paths,
      databaseUrl: postgres.url,
      brokers: kafka?.brokers ?? null,
      ownMailServerPort: ownMailServer.port,
      outsidePort: outside.port,
      outside: world.settings,
      smtpPort,
      inboundPort,
      ...(mailbox ? { site: `http://localhost:${port}` } : {}),
      consoleAt: `http://localhost:${port}`,
      hurried,
    });
    await writeConfig(paths, written);
    const settings = loadConfig({ schema: AllSettings, path: paths.config });
    if (beforeServices !== undefined) opened.push(await beforeServices(postgres.url));
    const gateway = await startAllInOne(settings, { host: '127.0.0.1', port });
    opened.push({ stop: () => gateway.close() });
    const { provingServer } = world;
    return { paths, settings, gateway, apiKey, ownMailServer, outside, provingServer, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
