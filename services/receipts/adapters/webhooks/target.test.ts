// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inNetworks, post } from './target.ts';

let server: Server;
let told: number;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function posted(listensAt: string, allowed: string[]) {
  told = 0;
  server = createServer((_, response) => {
    told += 1;
    response.writeHead(204).end();
  }).listen(0, listensAt);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const rules = { allowHttp: true, allowed: inNetworks(allowed), ca: undefined, timeoutMs: 5_000 };
  return post(`http://localhost:${port}/told`, Buffer.from('{}'), {}, rules, new AbortController().signal);
}

it.each(['127.0.0.1', '::1'])('a host that answers at one of its addresses is told: %s', async (address) => {
  expect(await posted(address, ['127.0.0.1', '::1'])).toEqual({ status: 204, failure: null });
  expect(told).toBe(1);
});

it('and is not at one that is not allowed', async () => {
  expect(await posted('::1', ['127.0.0.1'])).toEqual({ status: null, failure: 'connection-refused' });
  expect(told).toBe(0);
});
