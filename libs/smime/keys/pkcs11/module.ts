// SPDX-License-Identifier: Apache-2.0
import { KeyModuleError } from '../../errors.ts';
import { CK, codeOf, type Cryptoki } from './cryptoki.ts';

/** By variable, so that neither the compiler nor a bundler wants a package that may be missing. */
const ADDON: string = 'pkcs11js';

/** A module that was started, for as many as asked for it. */
export interface Module {
  readonly cryptoki: Cryptoki;
  /** The last one to close it ends the module. */
  close(): void;
}

const started = new Map<string, { cryptoki: Cryptoki; users: number; ours: boolean }>();

/**
 * Loads and starts the module of a token, a shared library such as `libsofthsm2.so`. A process starts each only once,
 * so all who name the same path share it.
 *
 * @throws KeyModuleError
 */
export async function startModule(path: string): Promise<Module> {
  const PKCS11 = await loadAddon();
  const module = started.get(path) ?? start(new PKCS11(), path);
  started.set(path, module);
  module.users += 1;
  let open = true;
  return {
    cryptoki: module.cryptoki,
    close() {
      if (!open) return;
      open = false;
      module.users -= 1;
      if (module.users > 0) return;
      started.delete(path);
      if (module.ours) module.cryptoki.C_Finalize();
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

function start(cryptoki: Cryptoki, path: string) {
  try {
    cryptoki.load(path);
  } catch (cause) {
    throw new KeyModuleError(`the PKCS#11 module ${path} cannot be loaded`, { cause });
  }
  try {
    cryptoki.C_Initialize({ flags: CK.CKF_OS_LOCKING_OK });
    return { cryptoki, users: 0, ours: true };
  } catch (error) {
    const code = codeOf(error);
    // Somebody else in this process did, and will end it.
    if (code === 'CKR_CRYPTOKI_ALREADY_INITIALIZED') return { cryptoki, users: 0, ours: false };
    throw new KeyModuleError(`the PKCS#11 module ${path} does not start (${code ?? 'no code'})`);
  }
}
