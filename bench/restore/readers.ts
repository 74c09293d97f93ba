// SPDX-License-Identifier: Apache-2.0
import { SERVICES, type ServiceName } from '@securemail/contracts';
import { createPool, GapSafeReader, type Pool } from '@securemail/event-store';

/** As the event log over Postgres reads by default. */
const BATCH = 256;

/** Whose events each reader of the gateway reads. */
export async function sourcesOf(pool: Pool): Promise<ServiceName[]> {
  const { rows } = await pool.query<{ reader: string }>(
    SERVICES.map((schema) => `select reader from ${schema}.checkpoints`).join(' union all '),
  );
  return rows.flatMap(({ reader }) => SERVICES.filter((service) => reader.endsWith(`<${service}`)));
}

/** The peer: as many readers at once as the gateway has, which read what those read and do nothing with it. */
export async function readOnly(
  url: string,
  sources: readonly ServiceName[],
): Promise<{ events: number; ms: number }> {
  const pools = new Map(SERVICES.map((schema) => [schema, createPool({ url, schema, max: 2 })]));
  const readOne = async (source: ServiceName): Promise<number> => {
    const pool = pools.get(source);
    if (pool === undefined) throw new Error(`${source} is no service`);
    const reader = new GapSafeReader(pool);
    let [checkpoint, read] = [await reader.start(), 0];
    for (;;) {
      const { events, next } = await reader.read(checkpoint, BATCH);
      if (events.length === 0) return read;
      read += events.length;
      checkpoint = next;
    }
  };
  try {
    // Connections are opened before anything counts, as the gateway's are.
    await Promise.all([...pools.values()].map((pool) => pool.query('select')));
    const began = performance.now();
    const counts = await Promise.all(sources.map(readOne));
    return { events: counts.reduce((sum, each) => sum + each, 0), ms: performance.now() - began };
  } finally {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
  }
}
