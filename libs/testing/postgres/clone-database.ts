// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import pg from 'pg';

/**
 * Copies a database on its own server, as it is while nobody is connected to it; gives the URL of the copy, which goes
 * with those of the same run. Stands for a backup and for its restore: what is in it is all that there is of it.
 */
export async function cloneDatabase(url: string): Promise<string> {
  const [admin, copy] = [new URL(url), new URL(url)];
  const name = admin.pathname.slice(1);
  const copied = `${name}_${randomBytes(3).toString('hex')}`;
  [admin.pathname, copy.pathname] = ['/postgres', `/${copied}`];
  const client = new pg.Client(admin.href);
  await client.connect();
  try {
    await client.query(
      `create database ${client.escapeIdentifier(copied)} template ${client.escapeIdentifier(name)}`,
    );
  } finally {
    await client.end();
  }
  return copy.href;
}
