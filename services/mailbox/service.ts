// SPDX-License-Identifier: Apache-2.0
import { startOnPlatform, startService, type RunningService } from '@securemail/service';
import { MAILBOX_SETTINGS, type Settings } from './settings.ts';

/** Starts SecureMailBox: protected messages in; notifications, codes and what is read out. */
export const startMailbox = (settings: Settings): Promise<RunningService> =>
  startOnPlatform({ service: 'mailbox', settings }, (platform) =>
    startService(platform, {
      http: settings.mailbox.http,
      controllers: [],
      providers: [{ provide: MAILBOX_SETTINGS, useValue: settings.mailbox }],
    }),
  );
