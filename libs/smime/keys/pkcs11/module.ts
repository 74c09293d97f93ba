// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { KeyModuleError } from '../../errors.ts';
import { codeOf, type Cryptoki } from './cryptoki.ts';
import { initialize, SharedModule } from './shared-module.ts';

/** By variable, so that neither the compiler nor a bundler wants a package that may be missing. */
const ADDON: string = 'pkcs11js';

/** A module that was started, for as many as asked for it. */
export interface Module extends Pick<SharedModule, 'cryptoki' | 'use' | 'restart'> {
  readonly generation: number;
  /** The last one to close it ends the module. */
  close(): void;
}

const started = new Map<string, SharedModule>();

/**
 * Loads and starts the module of a token, a shared library such as `libsofthsm2.so`. A process starts each only once,
 * so all who name the same file share it.
 *
 * @throws KeyModuleError
 */
export async function startModule(path: string): Promise<Module> {
  const PKCS11 = await loadAddon();
  const file = await realpath(path).catch(() => path);
  const module = started.get(file) ?? start(new PKCS11(), path);
  started.set(file, module);
  module.users += 1;
  let open = true;
  return {
    cryptoki: module.cryptoki,
    get generation() {
      return module.generation;
    },
    use: (operate) => module.use(operate),
    restart: (seen, everyMs) => module.restart(seen, everyMs),
    close() {
      if (!open) return;
      open = false;
      module.users -= 1;
      if (module.users > 0) return;
      started.delete(file);
      module.end();
    },
  };
}

async function loadAddon(): Promise<new () => Cryptoki> {
  try {
    const loaded = (await import(ADDON)) as { default?: unknown; PKCS11?: unknown };
    const { PKCS11 } = (loaded.PKCS11 === undefined ? loaded.default : loaded) as {
      PKCS11: new () => Cryptoki;
    };
    return PKCS11;
  } catch (cause) {
    throw new KeyModuleError(
      'keys in tokens want the npm package pkcs11js, which is not here or was not built: with a C++ compiler, make and Python, run npm ci again',
      { cause },
    );
  }
}

function start(cryptoki: Cryptoki, path: string): SharedModule {
  try {
    cryptoki.load(path);
  } catch (cause) {
    throw new KeyModuleError(`the PKCS#11 module ${path} cannot be loaded`, { cause });
  }
  try {
    initialize(cryptoki);
    return new SharedModule(cryptoki, true);
  } catch (error) {
    const code = codeOf(error);
    // Somebody else in this process did, and will end it.
    if (code === 'CKR_CRYPTOKI_ALREADY_INITIALIZED') return new SharedModule(cryptoki, false);
    throw new KeyModuleError(`the PKCS#11 module ${path} does not start (${code ?? 'no code'})`);
  }
}
