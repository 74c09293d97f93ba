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
import { createAcceptance } from './acceptance.ts';
import { lazyScanner } from './adapters/lazy-scanner.ts';
import { countRefusalsFromZero } from './count-refusal.ts';
import type { GuardSources } from './guarding.ts';
import { startHousekeeping } from './housekeeping.ts';
import { intakeApi } from './http/openapi.ts';
import { EmailsController } from './http/emails.controller.ts';
import { GUARD_SOURCES, INTAKE_SETTINGS, type Settings } from './settings.ts';
import { NotificationsHandler } from './notifications.handler.ts';
import { MailboxHandler } from './mailbox.handler.ts';
import { createReceiving } from './receiving.ts';
import type { SmtpListener } from './smtp/listener.ts';
import { startSmtpInbound } from './smtp/smtp-inbound.ts';
import { startSmtpIntake } from './smtp/smtp-intake.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

export interface RunningIntake extends RunningService {
  /** Null where SMTP is not configured. */
  smtpPort: number | null;
  /** Where mail from outside is taken; null where that is not configured. */
  inboundPort: number | null;
}

/** Starts the intake: REST and SMTP in, `EmailAccepted` out. */
export const startIntake = (settings: Settings): Promise<RunningIntake> =>
  startOnPlatform({ service: 'intake', settings, migrations: MIGRATIONS }, async (platform) => {
    const { processes, timeoutSeconds } = settings.intake.scanning;
    const scanner = lazyScanner({ processes, timeoutMs: timeoutSeconds * 1_000 });
    const sources: GuardSources = {
      forwardings: await readExchangeLists(platform.tenants.values(), platform.logger),
      scanner,
    };
    const directory = await openMailboxDirectory(platform.tenants.values(), platform.logger);
    countRefusalsFromZero();
    let smtp: SmtpListener | null = null;
    let inbound: SmtpListener | null = null;
    const service = await startService(platform, {
      http: settings.intake.http,
      controllers: [EmailsController, NotificationsHandler, MailboxHandler],
      openApi: intakeApi,
      providers: [
        { provide: INTAKE_SETTINGS, useValue: settings.intake },
        { provide: GUARD_SOURCES, useValue: sources },
      ],
      owned: [startHousekeeping(platform), scanner],
      workers: [
        async () => {
          smtp = await startSmtpIntake(
            platform,
            settings.intake,
            createAcceptance(platform, settings.intake, sources),
          );
          return { close: () => smtp?.close() };
        },
        async () => {
          const { resolver } = openOutside(settings.outside);
          const { hostname, inbound: from } = settings.intake;
          const timeoutMs = (from?.recipientTimeoutSeconds ?? 0) * 1_000;
          inbound = await startSmtpInbound(platform, settings.intake, {
            receiveEmail: createReceiving(platform, settings.intake, { resolver }),
            mailboxes: ownMailboxes(directory, { hostname, timeoutMs }, platform.logger),
          });
          return { close: () => inbound?.close() };
        },
      ],
    });
    return {
      ...service,
      smtpPort: (smtp as SmtpListener | null)?.port ?? null,
      inboundPort: (inbound as SmtpListener | null)?.port ?? null,
    };
  });
