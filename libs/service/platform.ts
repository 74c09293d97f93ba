// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { SERVICES, type ServiceName, type TenantId } from '@securemail/contracts';
import { createPool, EventStore, migrate, migrateEventStore, type Pool } from '@securemail/event-store';
import { kafkaEventLog, migrateConsumer, postgresEventLog, type EventLog } from '@securemail/event-log';
import { migrateSettings } from '@securemail/policy';
import { createLogger, type Logger } from '@securemail/telemetry';
import {
  fileKeyEncryptionKey,
  migrateVault,
  postgresVault,
  type KeyEncryptionKey,
  type Vault,
} from '@securemail/vault';
import { readAuthorities } from './files/authorities.ts';
import { openPolicies, type Policies } from './policies.ts';
import type { EventLogSettings, PlatformSettings } from './settings/platform.ts';
import type { Tenant } from './settings/tenant.ts';

/** What every service stands on: its schema, its events, the vault, the event log, a logger. */
export interface Platform {
  service: ServiceName;
  settings: PlatformSettings;
  tenants: ReadonlyMap<TenantId, Tenant>;
  /** What holds for whom of a tenant; a tenant's own settings are only where that begins. */
  policies: Policies;
  pool: Pool;
  store: EventStore;
  vault: Vault;
  /** Wraps what else is secret in the service's own tables. */
  kek: KeyEncryptionKey;
  log: EventLog;
  logger: Logger;
  close(): Promise<void>;
}

export interface PlatformParts {
  service: ServiceName;
  settings: PlatformSettings;
  /** The folder of the SQL migrations of the service's own tables, where it has some. */
  migrations?: string;
}

/**
 * Opens the platform and starts a service on it. Where that fails everything is closed again, so that the process can
 * end and whoever watches it knows.
 */
export async function startOnPlatform<Service>(
  { service, settings, migrations }: PlatformParts,
  start: (platform: Platform) => Promise<Service>,
): Promise<Service> {
  const platform = await openPlatform(service, settings);
  try {
    if (migrations !== undefined)
      await migrate({
        url: settings.database.url,
        schema: service,
        directory: migrations,
        table: `${service}_migrations`,
      });
    return await start(platform);
  } catch (error) {
    await platform.close();
    throw error;
  }
}

/** Brings the service's schema up to date and opens everything. Safe when several replicas start at once. */
async function openPlatform(service: ServiceName, settings: PlatformSettings): Promise<Platform> {
  const { url, maxConnections } = settings.database;
  const logger = createLogger(service);
  await bringUpToDate(url, settings.eventLog.kind === 'postgres' ? SERVICES : [service]).catch(
    (error: unknown) => {
      throw new Error(`database.url: the database can not be used: ${reasonFor(error)}`);
    },
  );
  const kek = await fileKeyEncryptionKey(settings.vault.keyFile);
  const { vault, cipher } = await postgresVault({
    url,
    kek,
    max: Math.ceil(maxConnections / 3),
    applicationName: `securemail-${service}`,
  });
  const pools = new Map<ServiceName, Pool>();
  const poolOf = (schema: ServiceName, max: number) => {
    const pool =
      pools.get(schema) ?? createPool({ url, schema, max, applicationName: `securemail-${service}` });
    pools.set(schema, pool);
    return pool;
  };
  const pool = poolOf(service, maxConnections);
  const log = openEventLog(settings.eventLog, service, logger, (source) => poolOf(source, 2));
  const end = async () => {
    await log.close();
    await vault.close();
    await Promise.all([...pools.values()].map((each) => each.end()));
  };
  const tenants = new Map(settings.tenants.map((tenant) => [tenant.id, tenant]));
  const policies = await openPolicies({ pool, tenants, logger }).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return {
    service,
    settings,
    tenants,
    policies,
    pool,
    store: new EventStore({ service, cipher }),
    vault,
    kek,
    log,
    logger,
    async close() {
      await policies.close();
      await end();
    },
  };
}

async function bringUpToDate(url: string, schemas: readonly ServiceName[]): Promise<void> {
  for (const schema of schemas) {
    await migrateEventStore({ url, schema });
    await migrateConsumer({ url, schema });
  }
  await migrateVault({ url });
  await migrateSettings({ url });
}

/** A host with several addresses refuses with several errors at once, and no message of its own. */
const reasonFor = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonFor).join('; ');
  return error instanceof Error ? error.message : String(error);
};

function openEventLog(
  settings: EventLogSettings,
  service: ServiceName,
  logger: Logger,
  sources: (service: ServiceName) => Pool,
): EventLog {
  if (settings.kind === 'postgres') return postgresEventLog({ sources, logger });
  const { brokers, prefix, partitions, replicationFactor, caFile, tls, username, passwordFile } = settings;
  return kafkaEventLog({
    logger,
    topics: { prefix, partitions, replicationFactor },
    connection: {
      brokers,
      clientId: `securemail-${service}`,
      ...(tls || caFile !== undefined
        ? { ssl: caFile === undefined ? true : { ca: readAuthorities('eventLog.caFile', caFile) } }
        : {}),
      ...(username === undefined || passwordFile === undefined
        ? {}
        : {
            sasl: {
              mechanism: 'scram-sha-512' as const,
              username,
              password: readFileSync(passwordFile, 'utf8').trim(),
            },
          }),
    },
  });
}
