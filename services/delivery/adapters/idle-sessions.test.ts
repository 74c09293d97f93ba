// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Address, recipientId } from '@securemail/contracts';
import type { Handover } from './handover.ts';
import { idleSessions } from './idle-sessions.ts';
import { handOver } from './smtp-client.ts';

/** A server without extensions that takes every mail; `sockets` are its connections, oldest first. */
async function plainServer() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    let inContent = false;
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write('220 plain\r\n');
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\r\n').filter(Boolean)) {
        if (inContent && line !== '.') continue;
        inContent = /^DATA/i.test(line);
        socket.write(inContent ? '354 go on\r\n' : '250 fine\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, sockets, close: () => server.close() };
}

it('hears that a kept connection broke while its next mail is still looked at, and takes a fresh one', async () => {
  const server = await plainServer();
  const idle = idleSessions(60_000);
  const times = {
    hostname: 'test',
    stopped: new AbortController().signal,
    openTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
    replyTimeoutMs: 5_000,
    finalDotTimeoutMs: 5_000,
  };
  const handOverAfter = (is8Bit: () => Promise<boolean>) => {
    const handover: Handover = {
      mailFrom: Address.parse('anna@demo.example'),
      recipients: [{ recipientId: recipientId(1), address: Address.parse('bo@citizen.example') }],
      size: 20,
      mustVerify: false,
      use8BitMime: true,
      is8Bit,
      // eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
      open: async function* () {
        yield Buffer.from('Subject: x\r\n\r\nx\r\n');
      },
    };
    const hop = { host: '127.0.0.1', port: server.port, tls: { kind: 'opportunistic' as const } };
    return handOver(hop, handover, { times, idle, greeted: () => undefined });
  };
  await handOverAfter(() => Promise.resolve(false));
  const { reused, results } = await handOverAfter(async () => {
    server.sockets[0]!.resetAndDestroy();
    await sleep(100);
    return false;
  });
  expect(reused).toBe(false);
  expect(results).toMatchObject([{ result: { kind: 'delivered' } }]);
  expect(server.sockets).toHaveLength(2);
  idle.close();
  for (const socket of server.sockets) socket.destroy();
  server.close();
});
