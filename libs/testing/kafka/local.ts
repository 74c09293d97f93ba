// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../process/free-port.ts';
import { spawnTied, type TiedProcess } from '../process/tied-process.ts';
import { withoutJavaOptions } from '../process/java.ts';
import { brokerSettings, type Broker } from './running-kafka.ts';

/** A real broker in KRaft mode, run by `java` from the jars in `jars`. */
export async function localBroker(java: string, jars: string): Promise<{ address: string; broker: Broker }> {
  const folder = await mkdtemp(join(tmpdir(), 'securemail-kafka-'));
  const properties = join(folder, 'server.properties');
  const ports = { client: await freePort(), controller: await freePort(), host: '127.0.0.1' };
  await writeFile(
    properties,
    Object.entries({
      ...brokerSettings(ports),
      listeners: `PLAINTEXT://127.0.0.1:${ports.client},CONTROLLER://127.0.0.1:${ports.controller}`,
      'log.dirs': join(folder, 'data').replaceAll('\\', '/'),
    })
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  const run = (mainClass: string, ...args: string[]) =>
    spawnTied(
      java,
      [
        '-Xmx512m',
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
        '-cp',
        join(jars, '*'),
        mainClass,
        ...args,
      ],
      { farewell: 'TERM', cwd: folder, env: withoutJavaOptions() },
    );

  let server: TiedProcess | undefined;
  let formatted = false;
  const remove = async () => {
    await server?.kill();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    address: `127.0.0.1:${ports.client}`,
    broker: {
      async start() {
        if (!formatted) {
          // Base64url may begin with a hyphen, and Kafka would read that as an option.
          const cluster = `c${randomBytes(16).toString('base64url').slice(1)}`;
          const format = await run('kafka.tools.StorageTool', 'format', '-t', cluster, '-c', properties);
          if ((await format.exited) !== 0)
            throw new Error(`Kafka made no data folder: ${format.lastWords()}`);
          formatted = true;
        }
        server = await run('kafka.Kafka', properties);
      },
      async shutDown() {
        await server?.stop('SIGTERM', 30_000);
      },
      async kill() {
        await server?.kill();
      },
      remove,
      ended: () => (server?.hasExited() === true ? server.lastWords() : null),
    },
  };
}
