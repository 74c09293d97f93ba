// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import {
  appendersOf,
  CATALOGUE,
  TenantId,
  type DomainEvent,
  type EmailId,
  type NewEvent,
} from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { createPool, EventStore, type Pool } from '@securemail/event-store';
import { createApiKey } from '@securemail/service';
import { createCertificateAuthority, createDatabase, shutDatabase } from '@securemail/testing';
import { createKeyFile, fileKeyEncryptionKey, postgresVault, type Vault } from '@securemail/vault';
import pg from 'pg';
import { startIntake } from '../service.ts';
import { Settings } from '../settings.ts';

export interface RunningTestIntake {
  url: string;
  smtpPort: number;
  /** Where mail from outside is taken. */
  inboundPort: number;
  /** May send as anybody of demo.example. */
  key: string;
  /** May send as anna@demo.example alone. */
  annasKey: string;
  /** May only read. */
  readingKey: string;
  authorityPem: string;
  pool: Pool;
  vault: Vault;
  /** Everything the intake has appended, oldest first. */
  events(): Promise<DomainEvent[]>;
  /** Those that make an email ours. */
  accepted(): Promise<DomainEvent<'EmailAccepted'>[]>;
  /** How many contents anybody could read in the vault, and how many rests of broken-off ones lie there. */
  contents(): Promise<{ readable: number; unfinished: number }>;
  /** The stored bytes of an accepted email. */
  contentOf(event: DomainEvent<'EmailAccepted'>): Promise<string>;
  /** As the service that an event belongs to appends it. */
  append(emailId: EmailId, event: NewEvent): Promise<void>;
  /** Runs SQL as the database's owner. */
  sql(text: string): Promise<void>;
  /** Lets nobody into the database, until the returned function is called. */
  shutDatabase(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface TestIntakeOptions {
  relayFrom?: string[];
  intake?: object;
  /** Of the settings `intake.smtp`. */
  smtp?: object;
  /** Of the settings `intake.inbound`. */
  inbound?: object;
  tenant?: object;
  outside?: object;
  /** Beside the one that everything here is about. */
  tenants?: object[];
}

/** Everything that an intake needs to start: a database of its own, a tenant, keys and certificates, free ports. */
export async function prepareTestIntake({
  relayFrom = [],
  intake = {},
  smtp = {},
  inbound = {},
  tenant = {},
  outside = {},
  tenants = [],
}: TestIntakeOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'intake-test-'));
  const path = (name: string) => join(folder, name);
  const authority = await createCertificateAuthority({ name: 'Test' });
  const server = await authority.issueServer({ names: ['localhost', '127.0.0.1'] });
  await writeFile(path('certificate.pem'), server.certificatePem);
  await writeFile(path('key.pem'), server.keyPem);
  await createKeyFile(path('vault.key'));
  const [sending, annas, reading] = [createApiKey('app'), createApiKey('anna'), createApiKey('reader')];
  const url = await createDatabase();
  const settings = Settings.parse({
    database: { url },
    vault: { keyFile: path('vault.key') },
    tenants: [
      {
        id: 'demo',
        name: 'Demo',
        domains: ['demo.example'],
        mailServers: [{ host: '127.0.0.1' }],
        relayFrom,
        apiKeys: [
          { id: 'app', sha256: sending.sha256, senders: ['*@demo.example'], scopes: ['emails:send'] },
          { id: 'anna', sha256: annas.sha256, senders: ['anna@demo.example'] },
          { id: 'reader', sha256: reading.sha256, senders: ['*@demo.example'], scopes: ['emails:read'] },
        ],
        ...tenant,
      },
      ...tenants,
    ],
    outside,
    intake: {
      hostname: 'gateway.example',
      http: { port: 0 },
      smtp: { port: 0, certFile: path('certificate.pem'), keyFile: path('key.pem'), ...smtp },
      inbound: {
        port: 0,
        certFile: path('certificate.pem'),
        keyFile: path('key.pem'),
        authenticationTimeoutSeconds: 2,
        ...inbound,
      },
      ...intake,
    },
  });
  return {
    settings,
    url,
    vaultKey: path('vault.key'),
    keys: { key: sending.key, annasKey: annas.key, readingKey: reading.key },
    authorityPem: authority.certificatePem,
    cleanUp: () => rm(folder, { recursive: true, force: true }),
  };
}

/** An intake on a database of its own, with a tenant, keys and certificates, on free ports. */
export async function startTestIntake(options?: TestIntakeOptions): Promise<RunningTestIntake> {
  const { settings, url, vaultKey, keys, authorityPem, cleanUp } = await prepareTestIntake(options);
  const running = await startIntake(settings);
  const pool = createPool({ url, schema: 'intake', max: 2 });
  const { vault, cipher } = await postgresVault({ url, kek: await fileKeyEncryptionKey(vaultKey) });
  const store = new EventStore({ service: 'intake', cipher });

  const events = async () => {
    const { rows } = await pool.query<{ email_id: string }>(
      'select email_id from events group by 1 order by min(position)',
    );
    const streams = await Promise.all(
      rows.map((row) => store.readStream(pool, row.email_id as DomainEvent['emailId'])),
    );
    return streams.flat();
  };
  return {
    url: running.url ?? '',
    smtpPort: running.smtpPort ?? 0,
    inboundPort: running.inboundPort ?? 0,
    ...keys,
    authorityPem,
    async append(emailId, event) {
      const [service = 'receipts'] = appendersOf(CATALOGUE[event.name]);
      const other = createPool({ url, schema: service, max: 1 });
      const tenantId = TenantId.parse('demo');
      await new EventStore({ service, cipher }).append(other, { emailId, tenantId }, 'any', [event]);
      await other.end();
      signalAppended(service);
    },
    pool,
    vault,
    events,
    accepted: async () => (await events()).filter((event) => event.name === 'EmailAccepted'),
    async contents() {
      const { rows } = await pool.query<{ readable: number; unfinished: number }>(
        'select count(finished_at)::int as readable, (count(*) - count(finished_at))::int as unfinished from vault.contents',
      );
      const [counts] = rows;
      return counts ?? { readable: 0, unfinished: 0 };
    },
    contentOf: async (event) =>
      (await buffer(Readable.from(vault.get({ emailId: event.emailId }, event.data.content)))).toString(
        'latin1',
      ),
    sql: async (text) => {
      const client = new pg.Client(url);
      await client.connect();
      await client.query(text);
      await client.end();
    },
    shutDatabase: () => shutDatabase(url),
    async close() {
      await running.close();
      await pool.end();
      await vault.close();
      await cleanUp();
    },
  };
}
