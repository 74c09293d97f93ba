// SPDX-License-Identifier: Apache-2.0

/**
 * Builds `dist/`, a complete tree that runs with nothing but `node_modules` beside it:
 * compiles everything in one pass, copies what a program reads at run time,
 * links the workspace packages to their compiled selves, and bundles the pages: of SecureMailBox, for the browser and for the server, and of the console.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync, symlinkSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const RUNTIME_FILES = '{{libs,services,apps}/**/*.{sql,html,css,wasm},bench/**/*.java}';
const PAGES = join('apps', 'mailbox-web');
const CONSOLE = join('apps', 'console-web');

rmSync(dist, { recursive: true, force: true });

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});

for (const file of globSync(RUNTIME_FILES, { cwd: root })) {
  if (!file.includes('node_modules') && ![PAGES, CONSOLE].some((pages) => file.startsWith(pages)))
    cpSync(join(root, file), join(dist, file));
}

for (const manifest of globSync('{{libs,services,apps,deploy}/*,bench}/package.json', { cwd: root })) {
  cpSync(join(root, manifest), join(dist, manifest));
  const { name } = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
  const link = join(dist, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(dist, dirname(manifest))), link, 'junction');
}

const pages = { configFile: join(root, PAGES, 'vite.config.js'), logLevel: 'error' };
await build(pages);
// What renders the first of them on the server.
await build({ ...pages, build: { ssr: true } });
await build({ configFile: join(root, CONSOLE, 'vite.config.js'), logLevel: 'error' });

process.exitCode = compiled.status ?? 1;
