// SPDX-License-Identifier: Apache-2.0
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpClient, largeMessage, MAIL } from '../testing/http-client.ts';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';

const KB = 1_024;
let intake: RunningTestIntake;
let client: ReturnType<typeof httpClient>;
const sockets: Socket[] = [];
beforeAll(async () => {
  intake = await startTestIntake({
    intake: { http: { port: 0 }, maxJsonBytes: 3_000 * KB, maxJsonBytesAtOnce: 2_000 * KB },
  });
  client = httpClient(intake);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => intake.close());

/** Begins a request and never ends it; it is being read when this resolves. */
async function unfinished(field: string, body: string) {
  const socket = connect(Number(new URL(intake.url).port), '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.write(
    `POST /v1/emails HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${intake.key}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n${field}\r\n\r\n${body}`,
  );
  while (!heard.startsWith('HTTP/1.1 100')) await sleep(5);
  await sleep(200);
  return socket;
}
const chunked = (octets: number) =>
  unfinished('Transfer-Encoding: chunked', `${octets.toString(16)}\r\n${' '.repeat(octets)}\r\n`);
const mailOf = (octets: number) => ({ ...MAIL, text: 'x'.repeat(octets) });

/** Sends it until it is taken: of a connection that ended, the server may not have heard yet. */
async function taken(send: () => ReturnType<typeof client.postJson>): Promise<void> {
  while ((await send()).status !== 202) await sleep(20);
}

describe('requests in JSON', () => {
  it('that are too much beside what another one has sent are told to come back, and small ones are not', async () => {
    await chunked(1_990 * KB);
    const { headers } = await client.expectRefused(
      () => client.postJson(mailOf(1_000 * KB)),
      503,
      'too-busy',
    );
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await client.postJson(mailOf(100 * KB))).status).toBe(202);
  });

  it('that only say how large they are take nothing from others', async () => {
    await unfinished(`Content-Length: ${1_990 * KB}`, '{');
    expect((await client.postJson(mailOf(1_000 * KB))).status).toBe(202);
  });

  it('give back what they took, whether they end well, badly, or not at all', async () => {
    const socket = await chunked(1_500 * KB);
    expect((await client.postJson(mailOf(1_000 * KB))).status).toBe(503);
    socket.destroy();
    await taken(() => client.postJson(mailOf(1_000 * KB)));
    await client.post('{'.repeat(1_500 * KB));
    expect((await client.postJson(mailOf(1_900 * KB))).status).toBe(202);
    expect((await client.postJson(mailOf(1_900 * KB))).status).toBe(202);
  });

  it('are taken alone, larger than all may be together', async () => {
    await taken(() => client.postJson(mailOf(2_500 * KB)));
  });

  it('stand before no mail that is streamed', async () => {
    await chunked(1_500 * KB);
    expect((await client.postJson(mailOf(1_000 * KB))).status).toBe(503);
    expect((await client.postMessage(largeMessage(2_000 * KB))).status).toBe(202);
  });
});
