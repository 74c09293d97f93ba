// SPDX-License-Identifier: Apache-2.0
import { openOutside, startOnPlatform, startService, type RunningService } from '@securemail/service';
import { watchCertificateFolder } from './adapters/certificate-folder.ts';
import { ProtectionHandler } from './protection.handler.ts';
import { choosingOf, CRYPTO_SETTINGS, DIRECTORY, TLS_POLICIES, type Settings } from './settings.ts';

/** Starts crypto: `EmailAccepted` in; the plan, protected messages and holdings out. */
export const startCrypto = (settings: Settings): Promise<RunningService> =>
  startOnPlatform({ service: 'crypto', settings }, async (platform) => {
    const { directory: folder, rereadSeconds, http } = settings.crypto;
    const directory = await watchCertificateFolder(folder, {
      rereadMs: rereadSeconds * 1_000,
      choosing: choosingOf(settings.crypto),
      logger: platform.logger,
    });
    return startService(platform, {
      http,
      controllers: [ProtectionHandler],
      providers: [
        { provide: CRYPTO_SETTINGS, useValue: settings.crypto },
        { provide: DIRECTORY, useValue: directory.current },
        { provide: TLS_POLICIES, useValue: openOutside(settings.outside).policies },
      ],
      owned: [directory],
    });
  });
