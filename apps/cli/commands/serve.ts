// SPDX-License-Identifier: Apache-2.0
import { loadConfig } from '@securemail/config';
import { toldToStop } from '@securemail/service';
import { startTelemetry } from '@securemail/telemetry';
import { startAllInOne } from '../all-in-one.ts';
import { AllSettings } from '../settings.ts';

export interface ServeOptions {
  config: string;
  httpPort: number;
}

/** `securemail serve`: every service in one process, from a configuration file, with nothing of the demo. */
export async function serve({ config, httpPort }: ServeOptions): Promise<void> {
  const telemetry = await startTelemetry({ serviceName: 'securemail' });
  try {
    const settings = loadConfig({ schema: AllSettings, path: config });
    const gateway = await startAllInOne(settings, { host: '127.0.0.1', port: httpPort });
    process.stderr.write(
      `API ${gateway.url}, SMTP port ${gateway.smtpPort ?? 'none'}, for mail from outside ${gateway.inboundPort ?? 'none'}\n`,
    );
    await toldToStop();
    await gateway.close();
  } finally {
    await telemetry.shutdown();
  }
}
