// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConsoleSettings, Platform, ServiceParts } from '@securemail/service';
import { openIdProviders } from '@securemail/sign-in';
import { openFindKeys } from './adapters/find-keys.ts';
import { startIndexer } from './adapters/make-findable.ts';
import { startForgetting } from './forgetting.ts';
import { LiveController } from './http/live.controller.ts';
import { ConsolePagesController } from './http/pages.controller.ts';
import { SessionController } from './http/session.controller.ts';
import { SignInsController } from './http/sign-ins.controller.ts';
import { CONSOLE_PAGES, CONSOLE_SETTINGS, FIND_KEYS, OPENID_PROVIDERS } from './tokens.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** As the build lays them (apps/console-web): beside us where we are built, too. */
const BUILT = existsSync(join(ROOT, 'dist'))
  ? join(ROOT, 'dist/apps/console-web')
  : join(ROOT, 'apps/console-web');

type Parts = Required<Pick<ServiceParts, 'controllers' | 'providers' | 'owned'>>;

/** Lets emails be found, and serves the console where there is to be one. */
export function openConsole(platform: Platform, watchMs: number): Parts {
  const { console: settings, tenants } = platform.settings;
  const digestOf = openFindKeys(platform);
  const finding = {
    providers: [{ provide: FIND_KEYS, useValue: digestOf }],
    owned: [startIndexer(platform, digestOf, watchMs)],
  };
  if (settings === undefined) {
    const wanting = tenants.find(
      ({ console: { openIdConnect, accounts } }) => openIdConnect !== undefined || accounts.length > 0,
    );
    if (wanting !== undefined)
      throw new Error(`console: is missing, and the organisation ${wanting.id} is to use it`);
    return { controllers: [], ...finding };
  }
  return consoleOf(platform, settings, finding);
}

function consoleOf(
  platform: Platform,
  settings: ConsoleSettings,
  finding: Pick<Parts, 'providers' | 'owned'>,
): Parts {
  return {
    controllers: [
      SignInsController,
      SessionController,
      LiveController,
      // Last: it takes every other path.
      ConsolePagesController,
    ],
    providers: [
      ...finding.providers,
      { provide: CONSOLE_SETTINGS, useValue: settings },
      { provide: OPENID_PROVIDERS, useValue: openIdProviders() },
      { provide: CONSOLE_PAGES, useValue: BUILT },
    ],
    owned: [...finding.owned, startForgetting(platform, settings)],
  };
}
