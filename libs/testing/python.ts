// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';

/** A Python that has the package `cryptography`; null where this machine has none. */
export const pythonWithCryptography = (): string | null =>
  // The distribution's own has what the distribution installs.
  ['python3', '/usr/bin/python3'].find(
    (program) => spawnSync(program, ['-c', 'import cryptography']).status === 0,
  ) ?? null;
