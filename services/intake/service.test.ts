// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { startIntake } from './service.ts';
import { prepareTestIntake } from './testing/running-intake.ts';

/** Connections to the database, but for the one that counts them. */
async function connections(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
  return rows[0]?.count ?? 0;
}

describe('an intake that can not start', () => {
  const taken = createServer();
  let port: number;
  beforeAll(async () => {
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    ({ port } = taken.address() as AddressInfo);
  });
  afterAll(() => taken.close());

  it.each([
    ['its HTTP port is taken', () => ({ http: { port } }), /EADDRINUSE/],
    [
      'its certificate is missing',
      () => ({ smtp: { port: 0, certFile: '/nowhere.pem', keyFile: '/nowhere.pem' } }),
      /^intake\.smtp\.certFile: \/nowhere\.pem can not be read \(ENOENT\)$/,
    ],
  ])('says why and lets go of everything, so that the process ends: %s', async (_why, intake, reason) => {
    const { settings, url, cleanUp } = await prepareTestIntake({ intake: intake() });
    await expect(startIntake(settings)).rejects.toThrow(reason);
    for (; (await connections(url)) > 0;);
    await cleanUp();
  });
});
