// SPDX-License-Identifier: Apache-2.0
import './global-setup.ts';

export default async function globalTeardown(): Promise<void> {
  await globalThis.securemailTestPostgres?.stop();
}
