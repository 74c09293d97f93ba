// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { startOnPlatform, startService, type RunningService } from '@securemail/service';
import { readLogos } from './adapters/logos.ts';
import { openProviders } from './adapters/openid-connect.ts';
import { openPersons } from './adapters/person-keys.ts';
import { openSecondChannels } from './adapters/second-channels.ts';
import { openContentGrading } from './adapters/sensitive-content.ts';
import { NO_CHECKING, showUnchecked, startChecking } from './checking.ts';
import { DepositHandler } from './deposit.handler.ts';
import { startHousekeeping } from './housekeeping.ts';
import { ConversationsController } from './http/conversations.controller.ts';
import { AnswerFilesController, LetterFilesController } from './http/draft-files.controllers.ts';
import { CredentialsController } from './http/credentials.controller.ts';
import { LettersController } from './http/letters.controller.ts';
import { MessagesController } from './http/messages.controller.ts';
import { OrganisationsController } from './http/organisations.controller.ts';
import { PagesController } from './http/pages.controller.ts';
import { OpenIdSignInsController } from './http/openid-sign-ins.controller.ts';
import { PasskeySignInsController } from './http/passkey-sign-ins.controller.ts';
import { PasswordController } from './http/password.controller.ts';
import { PasswordSignInsController } from './http/password-sign-ins.controller.ts';
import { RepliesController } from './http/replies.controller.ts';
import { SecondChannelController } from './http/second-channel.controller.ts';
import { SessionsController } from './http/sessions.controller.ts';
import { SignInsController } from './http/sign-ins.controller.ts';
import { TakeBacksController } from './http/take-backs.controller.ts';
import { WrittenController } from './http/written.controller.ts';
import { WithdrawalsController } from './http/withdrawals.controller.ts';
import {
  CHECKING,
  GRADING,
  LOGOS,
  MAILBOX_SETTINGS,
  PERSONS,
  PROVIDERS,
  SECOND_CHANNELS,
  type Settings,
} from './settings.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

export const CONTROLLERS = [
  DepositHandler,
  SignInsController,
  PasskeySignInsController,
  PasswordSignInsController,
  OpenIdSignInsController,
  SecondChannelController,
  SessionsController,
  CredentialsController,
  PasswordController,
  ConversationsController,
  MessagesController,
  RepliesController,
  LettersController,
  AnswerFilesController,
  LetterFilesController,
  WrittenController,
  OrganisationsController,
  WithdrawalsController,
  TakeBacksController,
  // Last: it takes every other path.
  PagesController,
] as const;

/** Starts SecureMailBox: protected messages in; notifications, codes and what is read out. */
export const startMailbox = (settings: Settings): Promise<RunningService> =>
  startOnPlatform({ service: 'mailbox', settings, migrations: MIGRATIONS }, async (platform) => {
    const { mailbox } = settings;
    const logos = await readLogos(settings.tenants);
    const secondChannels = await openSecondChannels(platform);
    const { clamav } = mailbox;
    const grading = openContentGrading(platform);
    showUnchecked();
    const checking = clamav === undefined ? NO_CHECKING : startChecking(platform, clamav);
    const service = await startService(platform, {
      http: mailbox.http,
      controllers: [...CONTROLLERS],
      providers: [
        { provide: MAILBOX_SETTINGS, useValue: mailbox },
        { provide: CHECKING, useValue: checking },
        { provide: PROVIDERS, useValue: openProviders() },
        { provide: PERSONS, useValue: openPersons(platform) },
        { provide: SECOND_CHANNELS, useValue: secondChannels },
        { provide: GRADING, useValue: grading },
        { provide: LOGOS, useValue: logos },
      ],
      owned: [checking, grading, startHousekeeping(platform, mailbox)],
    });
    service.handler.set('trust proxy', mailbox.trustedProxies);
    return service;
  });
