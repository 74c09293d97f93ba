// SPDX-License-Identifier: Apache-2.0
import type { Server } from 'node:http';

/** How long open requests may take to end when a server closes. */
export const GRACE_MS = 10_000;

/** Closes a server: open requests may end within the grace, and are broken off then. */
export async function closeWithin(
  graceMs: number,
  server: Server,
  close: () => Promise<unknown>,
): Promise<void> {
  const grace = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  try {
    await close();
  } finally {
    clearTimeout(grace);
  }
}
