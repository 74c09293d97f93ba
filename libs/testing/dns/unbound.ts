// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../process/free-port.ts';
import { spawnTied } from '../process/tied-process.ts';

const run = promisify(execFile);

/** Lines of a zone file by zone; names are relative to it. */
export type Zones = Readonly<Record<string, readonly string[]>>;

export interface UnboundOptions {
  /** Signed by keys that Unbound trusts. */
  signed?: Zones;
  unsigned?: Zones;
  /** Signed, then every address and every SMIMEA record was changed. */
  tampered?: Zones;
}

export interface RunningUnbound {
  address: string;
  port: number;
  stop(): Promise<void>;
}

const PLACES = [
  ...(process.env['PATH'] ?? '').split(':'),
  '/usr/sbin',
  '/usr/local/sbin',
  '/opt/homebrew/sbin',
];
const placeOf = (program: string): string | undefined =>
  PLACES.map((place) => join(place, program)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Whether this machine has Unbound, and what signs zones for it (`apt install unbound ldnsutils`). */
export const unboundIsThere = (): boolean =>
  ['unbound', 'ldns-keygen', 'ldns-signzone'].every((program) => placeOf(program) !== undefined);

/** Runs an Unbound that validates DNSSEC over zones of one's own. */
export async function startUnbound({
  signed = {},
  unsigned = {},
  tampered = {},
}: UnboundOptions): Promise<RunningUnbound> {
  const folder = await mkdtemp(join(tmpdir(), 'unbound-'));
  const port = await freePort();
  const zones = await Promise.all([
    ...Object.entries(unsigned).map(([name, lines]) => writeZone(folder, name, lines)),
    ...Object.entries(signed).map(([name, lines]) => signZone(folder, name, lines)),
    ...Object.entries(tampered).map(async ([name, lines]) => {
      const zone = await signZone(folder, name, lines);
      const text = await readFile(zone.file, 'utf8');
      const changed = text
        .replaceAll(/\tA\t[0-9.]+/g, '\tA\t192.0.2.66')
        .replaceAll(/\tSMIMEA\t\d /g, '\tSMIMEA\t9 ');
      await writeFile(zone.file, changed);
      return zone;
    }),
  ]);
  const configuration = join(folder, 'unbound.conf');
  await writeFile(configuration, configurationOf(folder, port, zones));
  const program = await spawnTied(placeOf('unbound') ?? 'unbound', ['-d', '-c', configuration], {
    farewell: 'TERM',
  });
  while (!(await answers(port))) {
    if (program.hasExited()) throw new Error(`Unbound ended: ${program.lastWords()}`);
    await sleep(50);
  }
  return {
    address: '127.0.0.1',
    port,
    async stop() {
      await program.stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Zone {
  name: string;
  file: string;
  /** A DNSKEY record. */
  anchor: string | null;
}

async function writeZone(folder: string, name: string, lines: readonly string[]): Promise<Zone> {
  const file = join(folder, name);
  const head = [
    `$ORIGIN ${name}.`,
    '$TTL 60',
    '@ SOA ns host 1 3600 600 86400 60',
    '@ NS ns',
    'ns A 127.0.0.1',
  ];
  await writeFile(file, [...head, ...lines, ''].join('\n'));
  return { name, file, anchor: null };
}

async function signZone(folder: string, name: string, lines: readonly string[]): Promise<Zone> {
  const zone = await writeZone(folder, name, lines);
  const options = { cwd: folder };
  const made = await run(placeOf('ldns-keygen') ?? '', ['-a', 'ECDSAP256SHA256', '-k', name], options);
  const key = made.stdout.trim();
  await run(placeOf('ldns-signzone') ?? '', [zone.file, key], options);
  const record = await readFile(join(folder, `${key}.key`), 'utf8');
  return { name, file: `${zone.file}.signed`, anchor: record };
}

function configurationOf(folder: string, port: number, zones: readonly Zone[]): string {
  const anchors = zones.flatMap(({ anchor }) => anchor ?? []);
  return `server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  interface: 127.0.0.1@${port}
  do-not-query-localhost: no
  module-config: "validator iterator"
${anchors.map((record) => `  trust-anchor: "${record.split(';')[0]?.trim().replaceAll(/\s+/g, ' ') ?? ''}"\n`).join('')}remote-control:
  control-enable: no
${zones.map(({ name, file }) => `auth-zone:\n  name: "${name}"\n  zonefile: "${file}"\n  for-downstream: no\n  for-upstream: yes\n`).join('')}`;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
