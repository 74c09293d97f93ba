// SPDX-License-Identifier: Apache-2.0
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from './problem.ts';

/**
 * Answers bytes that are no HTTP, a request that ends half-way, and one that takes longer than the server waits.
 * Node's own way is to write `400` at once, also in place of an answer that is still being made: a request that was
 * whole would be accepted and its client told that it was not. Here the answer to a whole request is given first, and
 * then the connection ends. A request that can never become whole ends with its connection, so that whoever reads its
 * body is not left waiting.
 */
export function answerClientErrors(server: Server): void {
  server.on('clientError', (_error, stream) => {
    // Node keeps the response in progress here, and has no public name for it.
    const socket = stream as Socket & { _httpMessage?: ServerResponse | null };
    const pending = socket._httpMessage;
    if (pending?.req.complete === true) {
      pending.once('finish', () => {
        socket.destroySoon();
      });
      return;
    }
    if (socket.writable && pending?.headersSent !== true) socket.write(ANSWER);
    socket.destroySoon();
  });
}

const PROBLEM = JSON.stringify(
  new Problem('incomplete-message', 'What was sent is not a whole HTTP request. Nothing was accepted.'),
);
const ANSWER = [
  'HTTP/1.1 400 Bad Request',
  'Connection: close',
  'Content-Type: application/problem+json',
  `Content-Length: ${Buffer.byteLength(PROBLEM)}`,
  '',
  PROBLEM,
].join('\r\n');
