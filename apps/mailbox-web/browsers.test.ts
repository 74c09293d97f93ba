// SPDX-License-Identifier: Apache-2.0
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = join(import.meta.dirname, '../../dist/apps');

it.each(['mailbox-web/site', 'console-web'])(
  'no script of %s, own or of a library, has an expression that older Safari can not read',
  (site) => {
    const scripts = globSync('assets/*.js', { cwd: join(BUILT, site) });
    expect(scripts.length).toBeGreaterThan(0);
    const unreadable = scripts.filter((file) =>
      /\(\?<[=!]/.test(readFileSync(join(BUILT, site, file), 'utf8')),
    );
    expect(unreadable).toEqual([]);
  },
);
