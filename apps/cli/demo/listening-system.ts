// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { DemoWorld } from '../world/demo-world.ts';

/** A system of the demo organisation that is told over a webhook what becomes of emails. */
export interface ListeningSystem {
  /** What it was told of an email, in the order in which it was; each message verified by its signature. */
  toldOf: (emailId: string) => string[];
  /** Messages that are not signed as they should be. */
  forged: () => number;
  close: () => Promise<void>;
}

export async function startListeningSystem({ gateway, apiKey, paths }: DemoWorld): Promise<ListeningSystem> {
  const told: { type: string; emailId: string | undefined }[] = [];
  let forged = 0;
  let verifier: Webhook | null = null;
  const listen = (body: string, headers: IncomingHttpHeaders) => {
    try {
      verifier?.verify(body, headers as Record<string, string>);
      const { type, data } = JSON.parse(body) as { type: string; data: { emailId?: string } };
      told.push({ type, emailId: data.emailId });
    } catch {
      forged += 1;
    }
  };
  const server = createServer(
    { cert: readFileSync(paths.mailServerCertificate), key: readFileSync(paths.mailServerKey) },
    (request, response) => {
      void buffer(request).then((body) => {
        listen(body.toString(), request.headers);
        response.writeHead(204).end();
      });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`${gateway.url}/v1/webhooks`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ url: `https://127.0.0.1:${port}/told`, description: 'of the demo' }),
  });
  const { webhookId, secret } = (await response.json()) as { webhookId: string; secret: string };
  verifier = new Webhook(secret);
  return {
    toldOf: (emailId) => told.filter((each) => each.emailId === emailId).map(({ type }) => type),
    forged: () => forged,
    async close() {
      await fetch(`${gateway.url}/v1/webhooks/${webhookId}`, {
        method: 'DELETE',
        headers: { Authorization: `Bearer ${apiKey}` },
      });
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
