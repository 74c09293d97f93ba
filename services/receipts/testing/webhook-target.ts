// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CertificateAuthority } from '@securemail/testing';

export interface Told {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  message: { type: string; timestamp: string; data: { emailId?: string; [name: string]: unknown } };
}

export interface WebhookTarget {
  /** https://localhost:… */
  url: string;
  port: number;
  told: Told[];
  /** What of an email it was told, at each try. */
  typesOf(emailId: string): string[];
  /** Waits for so many messages of an email. */
  untilTold(emailId: string, count: number): Promise<string[]>;
  /** How it answers from now on. */
  answer(how: (response: ServerResponse, told: Told) => void): void;
  close(): Promise<void>;
}

/** A customer's HTTPS server. */
export async function startWebhookTarget(authority: CertificateAuthority): Promise<WebhookTarget> {
  const { certificatePem, keyPem } = await authority.issueServer({ names: ['localhost', '127.0.0.1'] });
  const told: Told[] = [];
  const well = (response: ServerResponse) => {
    response.writeHead(204).end();
  };
  let answer: (response: ServerResponse, told: Told) => void = well;
  const server = createServer({ cert: certificatePem, key: keyPem }, (request, response) => {
    void (async () => {
      const body = (await buffer(request)).toString();
      const { url: path = '', headers } = request;
      const message = JSON.parse(body) as Told['message'];
      const one = { path, headers, body, message };
      told.push(one);
      answer(response, one);
    })();
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const typesOf = (emailId: string) =>
    told.filter(({ message }) => message.data.emailId === emailId).map(({ message }) => message.type);
  return {
    url: `https://localhost:${port}`,
    port,
    told,
    typesOf,
    async untilTold(emailId, count) {
      while (typesOf(emailId).length < count) await sleep(20);
      return typesOf(emailId);
    },
    answer: (how) => {
      answer = how;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
