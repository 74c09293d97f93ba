// SPDX-License-Identifier: Apache-2.0
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SERVICES, type ServiceName } from '@securemail/contracts';
import { cryptoApi, heldApi, recipientsApi, settingsApi } from '@securemail/crypto';
import { intakeApi } from '@securemail/intake';
import { withdrawalsApi } from '@securemail/mailbox';
import { ledgerApi, receiptsApi, retentionApi, webhooksApi } from '@securemail/receipts';
import {
  answerClientErrors,
  closeWithin,
  deadLettersApi,
  GRACE_MS,
  limitSlowBodies,
  openApiPages,
  type HttpSettings,
  type RunningService,
} from '@securemail/service';
import express from 'express';
import { probesOf } from './probes.ts';

const OF_RECEIPTS = [
  '/v1/erasures',
  '/v1/ledger',
  '/v1/legal-holds',
  '/v1/receipts',
  '/v1/retention',
  '/v1/webhooks',
];
/** Its pages, and what they alone ask. */
const OF_CONSOLE = /^\/console(\/|\?|$)/;
/** Of the service that is named. */
const DEAD_LETTERS = /^\/v1\/dead-letters\/([a-z]+)(\/|\?|$)/;
const OF_CRYPTO = [
  '/v1/held',
  '/v1/recipients',
  '/v1/admin/certificates',
  '/v1/admin/keys',
  '/v1/admin/settings',
];

/** Its pages, and taking back what lies there. */
const OF_MAILBOX = /^\/(mailbox|v1\/emails\/[^/?]+\/withdraw)(\/|\?|$)/;

/** Which service answers what; docs/operations.md tells it to who runs them apart. */
export function answererOf(method: string, url: string): ServiceName {
  const [, named] = DEAD_LETTERS.exec(url) ?? [];
  if (isService(named)) return named;
  const isBelow = (paths: readonly string[]) => paths.some((path) => url.startsWith(path));
  if (isBelow(OF_CRYPTO)) return 'crypto';
  if (OF_MAILBOX.test(url)) return 'mailbox';
  const asks =
    (method === 'GET' && url.startsWith('/v1/emails')) || OF_CONSOLE.test(url) || isBelow(OF_RECEIPTS);
  return asks ? 'receipts' : 'intake';
}

/**
 * One port for the services that have an API, as an ingress does it in a cluster: what is handed in goes to intake,
 * what is asked goes to receipts; held mail and the directory of certificates are with crypto. The probes answer for all.
 */
export async function startFront(
  { host, port }: HttpSettings,
  services: Record<ServiceName, RunningService>,
): Promise<{ url: string; close(): Promise<void> }> {
  const front = express();
  front.disable('x-powered-by');
  front.use(
    openApiPages([
      intakeApi,
      receiptsApi,
      webhooksApi,
      ledgerApi,
      retentionApi,
      heldApi,
      recipientsApi,
      cryptoApi,
      settingsApi,
      withdrawalsApi,
      deadLettersApi,
    ]),
  );
  front.use(probesOf(services));
  front.use((request, response) => {
    handlerOf(services[answererOf(request.method, request.url)])(request, response);
  });
  const server = createServer(front);
  answerClientErrors(server);
  limitSlowBodies(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${bound}`,
    close: () =>
      closeWithin(
        GRACE_MS,
        server,
        () =>
          new Promise<void>((resolve) => {
            server.close(() => {
              resolve();
            });
            server.closeIdleConnections();
          }),
      ),
  };
}

const handlerOf = ({ handler }: RunningService) => handler.getHttpAdapter().getInstance() as RequestListener;

const isService = (name: string | undefined): name is ServiceName =>
  SERVICES.some((service) => service === name);
