// SPDX-License-Identifier: Apache-2.0
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** How it answers; each but the first two misbehaves. */
export type Behaviour =
  'takes' | 'refuses' | 'fails' | 'fails once' | 'is silent' | 'redirects' | 'never ends' | 'hangs up';

const CHUNK = Buffer.alloc(64 * 1024, 'x');

/** A gateway for text messages that a test sees into. */
export async function smsGateway() {
  const posted: { body: string; contentType: string; authorization: string }[] = [];
  let behaviour: Behaviour = 'takes';
  let elsewhere = 0;
  let written = 0;
  const answer: Record<Behaviour, (response: ServerResponse) => void> = {
    takes: (response) => response.writeHead(202).end('{}'),
    refuses: (response) => response.writeHead(400).end('{"error":"no credit"}'),
    fails: (response) => response.writeHead(500).end(),
    'fails once': (response) => response.writeHead(posted.length === 1 ? 503 : 200).end(),
    'is silent': () => undefined,
    redirects: (response) => response.writeHead(307, { Location: '/elsewhere' }).end(),
    'never ends': (response) => {
      response.writeHead(200);
      const goOn = () => {
        while (!response.destroyed && response.write(CHUNK)) written += CHUNK.length;
      };
      response.on('drain', goOn);
      goOn();
    },
    'hangs up': (response) => response.destroy(),
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url === '/elsewhere') elsewhere += 1;
      const { authorization = '', 'content-type': contentType = '' } = request.headers;
      posted.push({ body, contentType, authorization });
      answer[behaviour](response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`,
    posted,
    /** How often it was followed to where it redirects. */
    elsewhere: () => elsewhere,
    /** Octets that it could write without end. */
    written: () => written,
    behave(next: Behaviour) {
      behaviour = next;
      posted.length = 0;
    },
    close: () =>
      new Promise<void>((closed) => {
        server.closeAllConnections();
        server.close(() => {
          closed();
        });
      }),
  };
}
