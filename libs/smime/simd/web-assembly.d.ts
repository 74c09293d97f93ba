// SPDX-License-Identifier: Apache-2.0

/** What of it we use: TypeScript declares it for browsers only, together with the rest of them. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: unknown;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    /** @param pages of 64 KiB. */
    grow(pages: number): number;
  }
  interface Global {
    readonly value: number;
  }
}
