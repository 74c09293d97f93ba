// SPDX-License-Identifier: Apache-2.0
import { CryptoServiceSettings, readCertificateFolder, startCrypto } from '@securemail/crypto';
import { demoSettings, ensureDemoFiles, type DemoPaths } from '@securemail/cli/world';
import { startOnPlatform, type Platform } from '@securemail/service';
import { startPostgres } from '@securemail/testing';

/** All that opening a mail of the demo organisation needs. */
export interface Opening {
  paths: DemoPaths;
  platform: Platform;
  settings: CryptoServiceSettings['crypto'];
  directory: Awaited<ReturnType<typeof readCertificateFolder>>;
  close(): Promise<void>;
}

export async function openingIn(folder: string): Promise<Opening> {
  const paths = await ensureDemoFiles(folder);
  const postgres = await startPostgres({ dataDir: paths.postgres });
  const written = demoSettings({
    paths,
    databaseUrl: postgres.url,
    brokers: null,
    ownMailServerPort: 1,
    outsidePort: 1,
    smtpPort: 0,
  });
  const settings = CryptoServiceSettings.parse({
    ...written,
    crypto: { ...written.crypto, opening: { harvest: false } },
  });
  // Brings its tables up to date.
  await (await startCrypto(settings)).close();
  const platform = await startOnPlatform({ service: 'crypto', settings }, (opened) =>
    Promise.resolve(opened),
  );
  return {
    paths,
    platform,
    settings: settings.crypto,
    directory: await readCertificateFolder(paths.certificates),
    close: async () => {
      await platform.close();
      await postgres.stop();
    },
  };
}
