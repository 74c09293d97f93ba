// SPDX-License-Identifier: Apache-2.0
import url from './verify-worker.ts?worker&url';

/** The pages let no address be run that is not allowed by name; this one was built with them. */
const allowed = globalThis.trustedTypes?.createPolicy('securemail-verify', {
  createScriptURL: (each) => each,
});

export const startWorker = (): Worker =>
  // Where there are no trusted types, a text does.
  new Worker((allowed?.createScriptURL(url) ?? url) as string, { type: 'module' });
