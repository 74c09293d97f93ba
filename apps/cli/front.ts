// SPDX-License-Identifier: Apache-2.0
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { intakeApi } from '@securemail/intake';
import { receiptsApi } from '@securemail/receipts';
import {
  answerClientErrors,
  openApiPages,
  type HttpSettings,
  type RunningService,
} from '@securemail/service';
import express from 'express';

type Handler = RunningService['handler'];

/**
 * One port for the services that have an API, as an ingress does it in a cluster: what is handed in goes to intake,
 * what is asked goes to receipts.
 */
export async function startFront(
  { host, port }: HttpSettings,
  services: { intake: Handler; receipts: Handler },
): Promise<{ url: string; close(): Promise<void> }> {
  const intake = services.intake.getHttpAdapter().getInstance() as RequestListener;
  const receipts = services.receipts.getHttpAdapter().getInstance() as RequestListener;
  const front = express();
  front.disable('x-powered-by');
  front.use(openApiPages([intakeApi, receiptsApi]));
  front.use((request, response) => {
    const asks = request.method === 'GET' && request.url.startsWith('/v1/emails');
    (asks ? receipts : intake)(request, response);
  });
  const server = createServer(front);
  answerClientErrors(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
