// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitSlowBodies } from './slow-bodies.ts';

let server: Server;
/** What became of each body. */
let bodies: string[];
let delay = 0;
beforeAll(async () => {
  server = createServer({ connectionsCheckingInterval: 50 }, (request, response) => {
    void (async () => {
      await sleep(delay);
      const body = await text(request).catch((error: unknown) => String(error));
      bodies.push(body);
      response.end(body);
    })();
  });
  // As short as Node's five minutes are for a slow phone.
  [server.headersTimeout, server.requestTimeout] = [200, 200];
  limitSlowBodies(server, { octets: 10, within: 300 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  [bodies, delay] = [[], 0];
});
afterAll(() => {
  server.close();
});

const open = () => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  return { socket, heard: text(socket).catch((error: unknown) => String(error)) };
};
const announce = (socket: Socket, octets: number) =>
  socket.write(
    `PATCH / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${octets}\r\n\r\n`,
  );

it('lets a body take as long as it comes', async () => {
  const { socket, heard } = open();
  announce(socket, 100);
  for (let sent = 0; sent < 10; sent += 1) {
    await sleep(100);
    socket.write('x'.repeat(10));
  }
  expect(await heard).toMatch(/^HTTP\/1.1 200 OK/);
  expect(bodies).toEqual(['x'.repeat(100)]);
});

it.each([
  ['stands still', 0],
  ['trickles', 1],
])('ends a body that %s, and says so', async (_how, octets) => {
  const { socket, heard } = open();
  announce(socket, 100);
  socket.write('x'.repeat(50));
  const trickling = setInterval(() => socket.write('x'.repeat(octets)), 100);
  const answer = await heard;
  clearInterval(trickling);
  expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
  expect(answer).toContain('"type":"/errors/request-timeout"');
  expect(bodies).toEqual([expect.stringContaining('aborted')]);
});

it('does not blame a client for what waits here', async () => {
  delay = 1_000;
  const { socket, heard } = open();
  announce(socket, 300_000);
  socket.write('x'.repeat(300_000));
  expect(await heard).toMatch(/^HTTP\/1.1 200 OK/);
});

it('waits for no headers', async () => {
  const { socket, heard } = open();
  socket.write('PATCH / HTTP/1.1\r\nHost: ');
  expect(await heard).not.toContain('200 OK');
  expect(bodies).toEqual([]);
});
