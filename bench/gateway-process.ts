// SPDX-License-Identifier: Apache-2.0
import { fork, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoSettings, ensureDemoFiles, type DemoPaths } from '@securemail/cli/world';
import {
  startKafka,
  startPostgres,
  startSmtpSink,
  type SmtpSink,
  type SmtpSinkOptions,
} from '@securemail/testing';
import pidusage from 'pidusage';
import { stringify } from 'yaml';

export interface MeasuredGateway {
  url: string;
  apiKey: string;
  databaseUrl: string;
  paths: DemoPaths;
  outside: SmtpSink;
  ownMailServer: SmtpSink;
  /** CPU seconds used so far, and resident octets now, of the gateway's process alone. */
  usage(): Promise<{ cpuSeconds: number; rssBytes: number }>;
  /** Ends the process alone, what it has in hand done. */
  pause(): Promise<void>;
  /** Starts it again on this database, after what is done by the configuration file for it; its `url` is another one then. */
  resumeOn(databaseUrl: string, before: (config: string) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export interface MeasuredOptions {
  /** Where SecureMailBox is found, on this machine; none without it. */
  site?: { url: string; port: number };
  /** The same of the console. */
  console?: { url: string; port: number };
  /** Section `mailbox` of the settings. */
  mailbox?: object;
  /** Is given each mail to the outside. */
  onOutside?: SmtpSinkOptions['onMail'];
}

/** The whole gateway in a process of its own, between two instant sinks; database and broker beside it. */
export async function startMeasuredGateway(
  bus: string,
  { site, console, mailbox, onOutside }: MeasuredOptions = {},
): Promise<MeasuredGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'securemail-bench-'));
  // Where we are root, Postgres runs as another user and has to reach its data.
  await chmod(folder, 0o755);
  const paths = await ensureDemoFiles(folder);
  const postgres = await startPostgres({ dataDir: paths.postgres });
  const kafka = bus === 'kafka' ? await startKafka() : null;
  const tls = {
    certificatePem: await readFile(paths.mailServerCertificate, 'utf8'),
    keyPem: await readFile(paths.mailServerKey, 'utf8'),
  };
  const [outside, ownMailServer] = await Promise.all([
    startSmtpSink(onOutside === undefined ? { tls, hold: false } : { tls, onMail: onOutside }),
    startSmtpSink({ tls, hold: false }),
  ]);
  const config = join(folder, 'bench.yaml');
  const settings = demoSettings({
    paths,
    databaseUrl: postgres.url,
    brokers: kafka?.brokers ?? null,
    ownMailServerPort: ownMailServer.port,
    outsidePort: outside.port,
    smtpPort: 0,
    ...(site === undefined ? {} : { site: site.url }),
    ...(console === undefined ? {} : { consoleAt: console.url }),
  });
  // All of it is between the same two, and each mail is to have its receipt.
  const receipts = { ...settings.receipts, mostInARow: 1_000_000_000 };
  const write = (databaseUrl: string) =>
    writeFile(
      config,
      stringify({
        ...settings,
        receipts,
        database: { url: databaseUrl },
        ...(mailbox === undefined ? {} : { mailbox }),
      }),
    );
  await write(postgres.url);
  const httpPort = (site ?? console)?.port ?? 0;
  let { child, url } = await startProcess(config, httpPort);
  return {
    get url() {
      return url;
    },
    apiKey: await readFile(paths.apiKey, 'utf8'),
    databaseUrl: postgres.url,
    paths,
    outside,
    ownMailServer,
    async usage() {
      const { ctime, memory } = await pidusage(child.pid ?? 0);
      return { cpuSeconds: ctime / 1_000, rssBytes: memory };
    },
    pause: () => ended(child),
    async resumeOn(databaseUrl, before) {
      await write(databaseUrl);
      await before(config);
      ({ child, url } = await startProcess(config, httpPort));
    },
    async stop() {
      await ended(child);
      await Promise.all([outside.stop(), ownMailServer.stop(), kafka?.stop()]);
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startProcess(config: string, port: number): Promise<{ child: ChildProcess; url: string }> {
  const program = join(import.meta.dirname, '../apps/cli/main.js');
  const child = fork(program, ['serve', '--config', config, '--http-port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, LOG_LEVEL: 'error' },
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, found] = /API (http\S+),/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => {
      reject(new Error(`the gateway did not start: ${said}`));
    });
  });
  return { child, url };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}
