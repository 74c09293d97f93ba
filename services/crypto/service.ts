// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import {
  openMailboxDirectory,
  openOutside,
  ownMailboxes,
  readExchangeLists,
  startOnPlatform,
  startService,
  type RunningService,
} from '@securemail/service';
import { httpFetcher, revocationChecker } from '@securemail/smime';
import { watchCertificateFolder } from './adapters/watched-folder.ts';
import { ldapDirectories } from './adapters/ldap-directory.ts';
import { smimeaRecords } from './adapters/smimea-records.ts';
import { openToken } from './adapters/token.ts';
import { watchCertificates } from './certificate-watch.ts';
import { watchRevocation } from './revocation-watch.ts';
import { startHoldWatch } from './hold-watch.ts';
import { CertificatesController } from './http/certificates.controller.ts';
import { HeldController } from './http/held.controller.ts';
import { heldApi } from './http/held.openapi.ts';
import { cryptoApi } from './http/openapi.ts';
import { OwnKeysController } from './http/own-keys.controller.ts';
import { RecipientsController } from './http/recipients.controller.ts';
import { recipientsApi } from './http/recipients.openapi.ts';
import { SettingsController } from './http/settings.controller.ts';
import { settingsApi } from './http/settings.openapi.ts';
import { ProtectionHandler } from './protection.handler.ts';
import { UnknownOutcomeHandler } from './unknown-outcome.handler.ts';
import {
  choosingOf,
  CRYPTO_SETTINGS,
  DIRECTORY,
  FORWARDINGS,
  LDAP,
  OWN_MAILBOXES,
  REVOCATION,
  SMIMEA,
  TLS_POLICIES,
  type Settings,
} from './settings.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

const AN_HOUR = 60 * 60_000;

/** What own servers are asked for the sake of who types: so long, and so often a second for one organisation. */
const ASKING_MS = 10_000;
const MOST_ASKED = 20;

/** Starts crypto: `EmailAccepted` in; the plan, protected messages and holdings out. */
export const startCrypto = (settings: Settings): Promise<RunningService> =>
  startOnPlatform({ service: 'crypto', settings, migrations: MIGRATIONS }, async (platform) => {
    const { directory: folder, hostname, rereadSeconds, http } = settings.crypto;
    const token = await openToken(settings.crypto.pkcs11);
    const directory = await watchCertificateFolder(folder, {
      token,
      rereadMs: rereadSeconds * 1_000,
      choosing: choosingOf(settings.crypto),
      ownDomains: [...platform.tenants.values()].flatMap(({ domains }) => domains),
      logger: platform.logger,
    }).catch(async (error: unknown) => {
      await token?.close();
      throw error;
    });
    const outside = openOutside(settings.outside);
    const ofTenants = { ...platform, tenants: () => platform.tenants.keys() };
    const checker = revocationChecker({
      fetcher: httpFetcher({ privateHosts: settings.crypto.opening.privateHosts }),
    });
    return startService(platform, {
      http,
      controllers: [
        ProtectionHandler,
        UnknownOutcomeHandler,
        HeldController,
        CertificatesController,
        OwnKeysController,
        RecipientsController,
        SettingsController,
      ],
      openApi: {
        paths: { ...heldApi.paths, ...recipientsApi.paths, ...cryptoApi.paths, ...settingsApi.paths },
      },
      providers: [
        { provide: CRYPTO_SETTINGS, useValue: settings.crypto },
        { provide: DIRECTORY, useValue: directory.current },
        { provide: LDAP, useValue: ldapDirectories(settings.crypto.ldap, platform.logger) },
        {
          provide: FORWARDINGS,
          useValue: await readExchangeLists(platform.tenants.values(), platform.logger),
        },
        {
          provide: OWN_MAILBOXES,
          useValue: ownMailboxes(
            await openMailboxDirectory(platform.tenants.values(), platform.logger),
            { hostname, timeoutMs: ASKING_MS, mostASecond: MOST_ASKED },
            platform.logger,
          ),
        },
        { provide: SMIMEA, useValue: smimeaRecords(outside.resolver, settings.crypto.smimea) },
        { provide: TLS_POLICIES, useValue: outside.policies },
        { provide: REVOCATION, useValue: checker },
      ],
      owned: [
        directory,
        startHoldWatch(platform, settings.crypto.holdWatchSeconds * 1_000),
        watchCertificates(platform, directory.current),
        ...(settings.crypto.revocationCheckHours === 0
          ? []
          : [
              watchRevocation(
                ofTenants,
                directory.current,
                checker,
                settings.crypto.revocationCheckHours * AN_HOUR,
              ),
            ]),
        ...(token === null ? [] : [token]),
      ],
    });
  });
