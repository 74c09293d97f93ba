// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { endWith } from './client-errors.ts';
import { Problem } from './problem.ts';

/** So many octets have to come in so many milliseconds. */
export interface LeastPace {
  octets: number;
  within: number;
}

/** Half a kilobyte a second: what a phone at the edge of its network has, and many times what holding connections takes. */
const LEAST: LeastPace = { octets: 30_000, within: 60_000 };

/**
 * Lets a body take as long as it comes: Node's `requestTimeout` ends it after five minutes in any case, by which nobody
 * on a slow line could ever send a large one. One that (almost) stands still ends, for connections are not without
 * number; headers have to come within Node's `headersTimeout` as ever.
 */
export function limitSlowBodies(server: Server, { octets, within } = LEAST): void {
  server.requestTimeout = 0;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!hasBody(request)) return;
    const { socket } = request;
    let before = socket.bytesRead;
    const watch = setInterval(() => {
      if (request.complete || socket.destroyed) {
        stop();
        return;
      }
      // What waits here for the storage is not the client's delay.
      const goesOn = request.readableLength > 0 || socket.bytesRead - before >= octets;
      before = socket.bytesRead;
      if (goesOn) return;
      stop();
      endWith(socket, response.headersSent ? null : STANDS_STILL);
    }, within);
    watch.unref();
    const stop = () => {
      clearInterval(watch);
    };
    request.once('end', stop).once('close', stop);
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const STANDS_STILL = new Problem(
  'request-timeout',
  'The body came too slowly. Nothing was accepted, but what came of an upload that can go on.',
);
