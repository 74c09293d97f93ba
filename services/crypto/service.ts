// SPDX-License-Identifier: Apache-2.0
import { openPlatform, startService, type RunningService } from '@securemail/service';
import { watchCertificateFolder } from './adapters/certificate-folder.ts';
import { ProtectionHandler } from './protection.handler.ts';
import { CRYPTO_SETTINGS, DIRECTORY, type Settings } from './settings.ts';

/** Starts crypto: `EmailAccepted` in; the plan, protected messages and holdings out. */
export async function startCrypto(settings: Settings): Promise<RunningService> {
  const { directory: folder, rereadSeconds, http } = settings.crypto;
  const platform = await openPlatform('crypto', settings);
  const directory = await watchCertificateFolder(folder, {
    rereadMs: rereadSeconds * 1_000,
    logger: platform.logger,
  });
  return startService(platform, {
    http,
    controllers: [ProtectionHandler],
    providers: [
      { provide: CRYPTO_SETTINGS, useValue: settings.crypto },
      { provide: DIRECTORY, useValue: directory.current },
    ],
    workers: [
      () =>
        Promise.resolve({
          close: () => {
            directory.close();
            return Promise.resolve();
          },
        }),
    ],
  });
}
