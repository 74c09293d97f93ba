// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { createCertificateAuthority } from '@securemail/testing';
import { openSession } from './smtp-connection.ts';

it.each([
  ['whole', '250-evil.example\r\n250 SIZE 1\r\n'],
  ['in its beginning', '250 SIZE 1 '],
])('what is put in behind 220 in clear, %s, is nothing that the server has said', async (_, putIn) => {
  const authority = await createCertificateAuthority({ name: 'Test' });
  const { certificatePem: cert, keyPem: key } = await authority.issueServer({ names: ['mx.example'] });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('220 mx.example\r\n');
    socket.on('data', (command) => {
      if (!command.toString().startsWith('STARTTLS')) {
        socket.write('250-mx.example\r\n250 STARTTLS\r\n');
        return;
      }
      socket.removeAllListeners('data');
      socket.write(`220 go ahead\r\n${putIn}`);
      const tls = new TLSSocket(socket, { isServer: true, cert, key });
      tls
        .on('error', () => undefined)
        .on('data', () => {
          tls.write('250-mx.example\r\n250 SIZE 5000\r\n');
        });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = await openSession(
    {
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      tls: { kind: 'verified', names: ['mx.example'], ca: authority.certificatePem, policy: null },
    },
    {
      hostname: 'test',
      stopped: new AbortController().signal,
      openTimeoutMs: 5_000,
      connectTimeoutMs: 5_000,
      replyTimeoutMs: 5_000,
      finalDotTimeoutMs: 5_000,
    },
  );
  expect(session.tls?.verified).toBe(true);
  expect(session.offers.maxSize).toBe(5_000);
  session.connection.close();
  server.close();
});
