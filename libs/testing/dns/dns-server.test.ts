// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { startDnsServer } from './dns-server.ts';

/** A question for a name of 256 octets, which `dns-packet` does not write. */
const tooLong = () => {
  const label = Buffer.concat([Buffer.of(63), Buffer.alloc(63, 'a')]);
  const header = Buffer.from('471101000001000000000000', 'hex');
  return Buffer.concat([header, label, label, label, label, Buffer.from('0000010001', 'hex')]);
};
const question = (name: string) =>
  Buffer.concat([
    Buffer.from('471101000001000000000000', 'hex'),
    ...name.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])),
    Buffer.from('0000010001', 'hex'),
  ]);

describe('the DNS server of tests and of the demo', () => {
  it.each([
    ['a name that is too long', tooLong()],
    ['noise', Buffer.alloc(40, 0xff)],
    ['a header alone', Buffer.alloc(12)],
    ['what is cut off', question('mx.example').subarray(0, 20)],
    ['a byte', Buffer.of(1)],
  ])('goes on after %s', async (_, bytes) => {
    const server = await startDnsServer({
      records: [{ type: 'A', name: 'mx.example', data: '192.0.2.1' }],
    });
    const client = createSocket('udp4');
    client.send(bytes, server.port, server.address);
    const stream = connect(server.port, server.address);
    await once(stream, 'connect');
    stream.write(Buffer.concat([Buffer.of(0, bytes.length), bytes]));

    const answered = new Promise<Buffer>((resolve) => {
      client.on('message', (answer) => {
        if (answer.readUInt16BE(0) === 0x47_11 && answer.readUInt16BE(6) === 1) resolve(answer);
      });
    });
    client.send(question('mx.example'), server.port, server.address);
    expect((await answered).subarray(-4)).toEqual(Buffer.of(192, 0, 2, 1));
    stream.destroy();
    client.close();
    await server.stop();
  });
});
