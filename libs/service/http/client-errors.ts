// SPDX-License-Identifier: Apache-2.0
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from './problem.ts';

/**
 * Answers bytes that are no HTTP. Node's own way is to write `400` at once, also in place of an answer that is still
 * being made: a request that was whole would be accepted and its client told that it was not. Here a pending answer
 * is given first, and then the connection ends.
 */
export function answerClientErrors(server: Server): void {
  server.on('clientError', (_error, stream) => {
    const socket = stream as Socket & {
      _httpMessage?: { once(event: 'finish', listener: () => void): void };
    };
    // Node keeps the response in progress here, and has no public name for it.
    const pending = socket._httpMessage;
    if (pending) {
      pending.once('finish', () => {
        socket.destroySoon();
      });
      return;
    }
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const problem = JSON.stringify(
      new Problem('incomplete-message', 'What was sent is not a whole HTTP request.'),
    );
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(problem)}\r\n\r\n${problem}`,
    );
  });
}
