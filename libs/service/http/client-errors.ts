// SPDX-License-Identifier: Apache-2.0
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from './problem.ts';

/**
 * Answers bytes that are no HTTP, and a request that ends half-way.
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
    endWith(socket, pending?.headersSent === true ? null : INCOMPLETE);
  });
}

/** Ends a connection on which nothing more can be asked. @param problem null where an answer has begun. */
export function endWith(socket: Socket, problem: Problem | null): void {
  if (socket.writable && problem !== null) socket.write(answerOf(problem));
  socket.destroySoon();
}

const INCOMPLETE = new Problem(
  'incomplete-message',
  'What was sent is not a whole HTTP request. Nothing was accepted, but what came of an upload that can go on.',
);

function answerOf(problem: Problem): string {
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
