// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '@securemail/event-store';
import { createDatabase } from '@securemail/testing';
import { readinessOf } from './readiness.ts';

/** A way to a database, which swallows all that is sent while it `hangs`. */
async function wayTo(url: string) {
  const { hostname, port, searchParams } = new URL(url);
  const socketFolder = searchParams.get('host') ?? decodeURIComponent(hostname);
  const way = { hangs: false, taken: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    way.taken += 1;
    const there = socketFolder.startsWith('/')
      ? connect(`${socketFolder}/.s.PGSQL.${port || '5432'}`)
      : connect(Number(port || '5432'), socketFolder);
    for (const [from, to] of [
      [client, there],
      [there, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (!way.hangs) to.write(bytes);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  through.searchParams.delete('host');
  return {
    way,
    url: through.toString(),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

it('a database that takes connections and says nothing is told of soon, and asked once for all who want to know', async () => {
  const { way, url, close } = await wayTo(await createDatabase());
  const pool = createPool({ url, schema: 'public' });
  const readiness = readinessOf(pool);
  expect(await readiness()).toEqual({ ready: true, missing: [] });
  way.hangs = true;
  for (const connections of [0, 1]) {
    way.taken = 0;
    const begun = performance.now();
    const told = await Promise.all(Array.from({ length: 20 }, readiness));
    expect(told).toEqual(told.map(() => ({ ready: false, missing: ['database'] })));
    // Half of what it waits for a connection.
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(way.taken).toBeLessThanOrEqual(connections);
  }
  way.hangs = false;
  close();
  await pool.end();
});

it('and is ready again once it answers', async () => {
  const { way, url, close } = await wayTo(await createDatabase());
  const pool = createPool({ url, schema: 'public' });
  const readiness = readinessOf(pool);
  expect((await readiness()).ready).toBe(true);
  way.hangs = true;
  expect((await readiness()).ready).toBe(false);
  way.hangs = false;
  while (!(await readiness()).ready) await sleep(50);
  close();
  await pool.end();
});
