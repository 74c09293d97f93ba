// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import {
  openMailboxDirectory,
  readAuthorities,
  startOnPlatform,
  startService,
  watchOwnCertificates,
  type Closable,
  type RunningService,
} from '@securemail/service';
import { clientCertificateFault, clientCertificates } from './adapters/client-certificate.ts';
import { startJobWorker } from './adapters/job-worker.ts';
import { tlsSessions } from './adapters/tls-sessions.ts';
import { JobsHandler } from './jobs.handler.ts';
import { JOB_WORKER, MAILBOX_DIRECTORY, type Settings } from './settings.ts';
import { startTlsReportWatch } from './tls-report-watch.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Starts delivery: protected messages and receipts in, SMTP out, what came of it as events. */
export const startDelivery = (settings: Settings): Promise<RunningService> =>
  startOnPlatform({ service: 'delivery', settings, migrations: MIGRATIONS }, async (platform) => {
    for (const { id, mailServers, mailRoutes, partners } of platform.tenants.values()) {
      for (const { caFile } of [...mailServers, ...mailRoutes.flatMap(({ servers }) => servers)])
        readAuthorities(`tenants: the caFile of a mail server of tenant ${id}`, caFile);
      for (const { domain, caFile } of partners)
        readAuthorities(`tenants: the caFile of the partner ${domain} of tenant ${id}`, caFile);
      for (const { name, clientCertificate } of mailRoutes) {
        const fault = clientCertificate && (await clientCertificateFault(clientCertificate));
        if (fault)
          throw new Error(
            `tenants: the clientCertificate of the mail route ${name} of tenant ${id} can not be used: ${fault}`,
          );
      }
    }
    const mailboxes = await openMailboxDirectory(platform.tenants.values(), platform.logger);
    const { tlsReports } = settings.delivery;
    const reports =
      tlsReports === undefined ? [] : [startTlsReportWatch(platform, settings.delivery, tlsReports)];
    const sessions = tlsReports === undefined ? undefined : tlsSessions(platform);
    const worker = startJobWorker(platform, settings.delivery, sessions);
    const sending: Closable = {
      async close() {
        await worker.close();
        await sessions?.close();
      },
    };
    return startService(platform, {
      http: settings.delivery.http,
      controllers: [JobsHandler],
      providers: [
        { provide: JOB_WORKER, useValue: worker },
        { provide: MAILBOX_DIRECTORY, useValue: mailboxes },
      ],
      owned: [
        sending,
        ...reports,
        watchOwnCertificates(platform.logger, () => clientCertificates(platform.tenants.values())),
      ],
    });
  });
