// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { transformWithOxc, minify } from 'vite';

const BUILT = join(import.meta.dirname, '../../dist/apps/mailbox-web');
const EARLY = join(import.meta.dirname, 'src/early.ts');
const WORDS = /\/src\/words\/(english|danish|german)\.ts$/;
const TAGS = { english: 'en', danish: 'da', german: 'de' };
/** The oldest browsers that the pages are made for (docs/operations.md). */
const BROWSERS = ['safari15.4', 'chrome109', 'edge109', 'firefox115'];

/** A file that is wanted once the page is seen: it takes nothing of the way there. src/early.ts begins it. */
const ahead = (file, more = '') => `<link rel="later" href="/mailbox/${file}"${more}>`;

/** The chunk with a module, and all that it needs to run. */
function needed(bundle, isWanted) {
  const found = new Set();
  const add = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const each of bundle[file].imports) add(each);
  };
  for (const [file, { type, modules }] of Object.entries(bundle))
    if (type === 'chunk' && Object.keys(modules).some(isWanted)) add(file);
  return found;
}

/**
 * What a page is first seen by stands in it: its style, and the script that notes what is pressed too early and begins the
 * others. All that these need is named in it, so that nothing waits until something else has come. services/mailbox allows by
 * their digests what stands in it, and leaves out the words of other languages.
 */
const inThePage = {
  name: 'in-the-page',
  transformIndexHtml: {
    order: 'post',
    async handler(html, { bundle, chunk }) {
      const { code } = await transformWithOxc(readFileSync(EARLY, 'utf8'), EARLY, { target: BROWSERS });
      // It stands there as a script, which exports nothing, and keeps its names to itself.
      const early = (await minify('early.js', `{${code.replace(/export \{\s*\};?/, '')}}`)).code;
      let style = '';
      let words = '';
      for (const [file, { type, source, facadeModuleId }] of Object.entries(bundle)) {
        if (type === 'asset' && file.endsWith('.css')) {
          style += source;
          delete bundle[file];
        }
        const [, name] = WORDS.exec(facadeModuleId ?? '') ?? [];
        if (name !== undefined) words += ahead(file, ` data-words="${TAGS[name]}"`);
      }
      const files = needed(bundle, (module) => module.endsWith('/src/start.tsx'));
      files.delete(chunk.fileName);
      const scripts = ahead(chunk.fileName) + [...files].map((file) => ahead(file)).join('');
      return html
        .replace(
          / *<(?:link rel="(?:stylesheet|modulepreload)"|script type="module")[^>]*>(?:<\/script>)?\n/g,
          '',
        )
        .replace('<!--head-->', () => `<style>${style.trim()}</style>${scripts}${words}<!--head-->`)
        .replace('<script src="early"></script>', () => `<script>${early}</script>`);
    },
  },
};

/** Beside each file the same compressed as well as it goes, once and for all. */
const compressed = {
  name: 'compressed',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const [file, { code, source }] of Object.entries(bundle)) {
        if (!file.startsWith('assets/')) continue;
        const octets = Buffer.from(code ?? source);
        this.emitFile({ type: 'asset', fileName: `${file}.br`, source: brotliCompressSync(octets) });
        this.emitFile({ type: 'asset', fileName: `${file}.gz`, source: gzipSync(octets, { level: 9 }) });
      }
    },
  },
};

/**
 * The pages of SecureMailBox: a folder that services/mailbox serves under /mailbox/; and beside it, with `--ssr`, what renders
 * the first of them there.
 */
export default ({ isSsrBuild }) => ({
  root: import.meta.dirname,
  base: '/mailbox/',
  plugins: isSsrBuild ? [] : [inThePage, compressed],
  ...(isSsrBuild ? { define: { 'process.env.NODE_ENV': '"production"' }, ssr: { noExternal: true } } : {}),
  build: {
    outDir: join(BUILT, isSsrBuild ? 'server' : 'site'),
    emptyOutDir: true,
    target: isSsrBuild ? 'node20' : BROWSERS,
    ...(isSsrBuild ? { rolldownOptions: { input: join(import.meta.dirname, 'src/server.tsx') } } : {}),
    // It stands in the page, and no chunk asks for it.
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
