// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';

/**
 * Asks a host of others over a connection of its own. What `fetch` does not let us say, whose certificate is good and
 * which address is connected to, `options` do.
 *
 * @param who it is, for the error of a connection that ends.
 * @returns the head of the answer; whoever asked reads its body, or destroys it.
 * @throws where there is none.
 */
export const responseTo = (who: string, options: RequestOptions, body?: Buffer): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request({ ...options, agent: false })
      .once('response', resolve)
      .once('error', reject)
      // After 101 (Switching Protocols) there is neither a response nor an error, and a signal comes too late.
      .once('close', () => {
        reject(new Error(`${who} ended the connection`));
      })
      .end(body);
  });
