// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { migrate } from '@securemail/event-store';
import { openPlatform, startService, type RunningService } from '@securemail/service';
import { createAcceptance } from './acceptance.ts';
import { forgetOld } from './adapters/idempotency-keys.ts';
import { intakeApi } from './http/openapi.ts';
import { EmailsController } from './http/emails.controller.ts';
import { INTAKE_SETTINGS, type Settings } from './settings.ts';
import { startSmtpIntake, type SmtpIntake } from './smtp/smtp-intake.ts';

const AN_HOUR = 60 * 60_000;

export interface RunningIntake extends RunningService {
  /** Null where SMTP is not configured. */
  smtpPort: number | null;
}

/** Starts the intake: REST and SMTP in, `EmailAccepted` out. */
export async function startIntake(settings: Settings): Promise<RunningIntake> {
  const platform = await openPlatform('intake', settings);
  const { pool } = platform;
  await migrate({
    url: settings.database.url,
    schema: 'intake',
    directory: join(import.meta.dirname, 'migrations'),
    table: 'intake_migrations',
  });
  let smtp: SmtpIntake | null = null;
  const service = await startService(platform, {
    http: settings.intake.http,
    controllers: [EmailsController],
    openApi: intakeApi,
    providers: [{ provide: INTAKE_SETTINGS, useValue: settings.intake }],
    workers: [
      async () => {
        smtp = await startSmtpIntake(platform, settings.intake, createAcceptance(platform, settings.intake));
        return { close: async () => smtp?.close() };
      },
      () => {
        const timer = setInterval(() => {
          Promise.all([
            forgetOld(pool, new Date()),
            platform.vault.sweep(new Date(Date.now() - AN_HOUR)),
          ]).catch(() => undefined);
        }, AN_HOUR);
        return Promise.resolve({
          close: () => {
            clearInterval(timer);
            return Promise.resolve();
          },
        });
      },
    ],
  });
  return { ...service, smtpPort: (smtp as SmtpIntake | null)?.port ?? null };
}
