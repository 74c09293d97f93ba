// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folders of installed packages and of all that they depend on, looked for as Node.js does.
 *
 * @param from the folder of the package that imports them.
 * @throws Error where one is not installed; optional ones may be missing.
 */
export function packageFolders(names: readonly string[], from: string): string[] {
  const found = new Set<string>();
  const follow = (name: string, importer: string) => {
    const folder = folderOf(name, importer);
    if (found.has(folder)) return;
    found.add(folder);
    for (const dependency of dependenciesOf(folder)) follow(dependency, folder);
  };
  for (const name of names) follow(name, from);
  return [...found];
}

function folderOf(name: string, importer: string): string {
  for (let folder = importer; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (folder === dirname(folder)) throw new Error(`the package ${name} is not installed`);
  }
}

function dependenciesOf(folder: string): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return Object.keys(dependencies);
}
