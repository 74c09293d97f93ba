// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { readExchangeLists, startOnPlatform, startService, type RunningService } from '@securemail/service';
import { createAcceptance } from './acceptance.ts';
import { startHousekeeping } from './housekeeping.ts';
import { intakeApi } from './http/openapi.ts';
import { EmailsController } from './http/emails.controller.ts';
import { FORWARDINGS, INTAKE_SETTINGS, type Settings } from './settings.ts';
import { startSmtpIntake, type SmtpIntake } from './smtp/smtp-intake.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

export interface RunningIntake extends RunningService {
  /** Null where SMTP is not configured. */
  smtpPort: number | null;
}

/** Starts the intake: REST and SMTP in, `EmailAccepted` out. */
export const startIntake = (settings: Settings): Promise<RunningIntake> =>
  startOnPlatform({ service: 'intake', settings, migrations: MIGRATIONS }, async (platform) => {
    const forwardings = await readExchangeLists(platform.tenants.values(), platform.logger);
    let smtp: SmtpIntake | null = null;
    const service = await startService(platform, {
      http: settings.intake.http,
      controllers: [EmailsController],
      openApi: intakeApi,
      providers: [
        { provide: INTAKE_SETTINGS, useValue: settings.intake },
        { provide: FORWARDINGS, useValue: forwardings },
      ],
      owned: [startHousekeeping(platform)],
      workers: [
        async () => {
          smtp = await startSmtpIntake(
            platform,
            settings.intake,
            createAcceptance(platform, settings.intake, forwardings),
          );
          return { close: () => smtp?.close() };
        },
      ],
    });
    return { ...service, smtpPort: (smtp as SmtpIntake | null)?.port ?? null };
  });
