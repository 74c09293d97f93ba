// SPDX-License-Identifier: Apache-2.0
import { ConfigError, loadConfig } from '@securemail/config';
import type { ServiceName } from '@securemail/contracts';
import { startTelemetry } from '@securemail/telemetry';
import type { z } from 'zod';
import { toldToStop } from './told-to-stop.ts';

/**
 * The `main` of a service that runs as a process of its own: settings from the file in `SECUREMAIL_CONFIG` and the
 * environment, telemetry, start; on SIGTERM or SIGINT drain and end.
 */
export async function runService<Settings extends z.ZodType>(
  service: ServiceName,
  schema: Settings,
  start: (settings: z.output<Settings>) => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  const telemetry = await startTelemetry({ serviceName: `securemail-${service}` });
  const path = process.env['SECUREMAIL_CONFIG'];
  try {
    const settings = loadConfig({ schema, path });
    const running = await start(settings);
    await toldToStop();
    await running.close();
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    if (error instanceof ConfigError && path === undefined)
      process.stderr.write('No file was read: SECUREMAIL_CONFIG is to be the path of one.\n');
    process.exitCode = 1;
  } finally {
    await telemetry.shutdown();
  }
}

/** Why something did not start, in a sentence. */
export function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `${address ?? ''}:${port ?? ''} is taken by another program: choose another port (in the configuration, or by --http-port, --smtp-port, --inbound-port and --metrics-port).`;
  return error.message;
}
