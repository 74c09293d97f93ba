// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpClient, MAIL, MESSAGE } from '../testing/http-client.ts';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';

let intake: RunningTestIntake;
let client: ReturnType<typeof httpClient>;
beforeAll(async () => {
  intake = await startTestIntake();
  client = httpClient(intake);
});
afterAll(() => intake.close());

/** Speaks raw HTTP and gives all that came back, once the server has closed or `ms` are over; `end`: and says no more. */
async function speak(text: string, { closeAfter = 0, end = false, ms = 1_500 } = {}): Promise<string> {
  const { port } = new URL(intake.url);
  const socket = connect(Number(port), '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', () => undefined);
  if (end) socket.end(text);
  else socket.write(text);
  if (closeAfter > 0) {
    await sleep(closeAfter);
    socket.destroy();
  }
  await Promise.race([sleep(ms), new Promise((resolve) => socket.once('close', resolve))]);
  socket.destroy();
  return heard;
}

describe('a client that lies or leaves', () => {
  const head = (length: number, type = 'message/rfc822') =>
    `POST /v1/emails HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${intake.key}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

  it('a Content-Length that is too long, and then silence: nothing is accepted', async () => {
    const before = (await intake.accepted()).length;
    await speak(head(MESSAGE.length + 100) + MESSAGE, { closeAfter: 300 });
    await speak(head(MESSAGE.length + 100, 'application/json') + MESSAGE, { closeAfter: 300 });
    await sleep(200);
    expect(await intake.accepted()).toHaveLength(before);
  });

  it('a Content-Length that is too short: what it counts is the message, and the rest is no request', async () => {
    const before = (await intake.accepted()).length;
    const heard = await speak(head(MESSAGE.length) + MESSAGE + 'and this is more', { ms: 1_000 });
    expect(heard).toMatch(/^HTTP\/1\.1 202/);
    expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(await intake.accepted()).toHaveLength(before + 1);
    // Cut in the middle of a line end it is no message.
    const cut = await speak(head(MESSAGE.length - 1) + MESSAGE, { ms: 1_000 });
    expect(cut).toMatch(/^HTTP\/1\.1 422/);
    expect(await intake.accepted()).toHaveLength(before + 1);
  });

  it('a client that stops half-way through a chunked body: nothing is accepted', async () => {
    const before = (await intake.accepted()).length;
    const chunked = head(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
    await speak(`${chunked}${MESSAGE.length.toString(16)}\r\n${MESSAGE}\r\n`, { closeAfter: 300 });
    await sleep(200);
    expect(await intake.accepted()).toHaveLength(before);
  });
});

describe('a request that can never become whole', () => {
  const head = (more: string) =>
    `POST /v1/emails HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${intake.key}\r\nContent-Type: message/rfc822\r\n${more}\r\n\r\n`;

  it.each([
    ['no HTTP at all', () => 'EHLO client.example\r\n'],
    ['half a head', () => head('Content-Length: 10').slice(0, 40)],
    ['half a body', () => head('Content-Length: 1000') + MESSAGE],
    ['chunks without the last one', () => `${head('Transfer-Encoding: chunked')}3\r\nabc\r\n`],
    ['a chunk that is none', () => `${head('Transfer-Encoding: chunked')}nonsense\r\n`],
    ['two lengths', () => head('Content-Length: 10\r\nContent-Length: 11') + MESSAGE],
    [
      'a length and chunks',
      () => `${head(`Content-Length: ${MESSAGE.length}\r\nTransfer-Encoding: chunked`)}0\r\n\r\n`,
    ],
  ])('%s: told so once, and nothing stays behind', async (_what, text) => {
    const before = [await intake.accepted(), await intake.contents()];
    const heard = await speak(text(), { end: true });
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
    expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(heard).toMatch(/\r\nContent-Type: application\/problem\+json\r\n/i);
    expect(heard).toContain('"type":"/errors/incomplete-message"');
    await sleep(100);
    expect([await intake.accepted(), await intake.contents()]).toEqual(before);
  });

  it('a length over the limit: told so before anything is sent', async () => {
    const heard = await speak(head(`Content-Length: ${151 * 1024 * 1024}`), { ms: 500 });
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
    expect(heard).toContain('"type":"/errors/message-too-large"');
  });
});

describe('when nothing can be stored', () => {
  it('a full disk is told as 503, and nothing is half accepted', async () => {
    await intake.sql(`
      create function vault.disk_full() returns trigger language plpgsql as $$
        begin raise exception using errcode = '53100', message = 'could not extend file'; end $$;
      create trigger full_disk before insert on vault.contents for each row execute function vault.disk_full();`);
    try {
      await client.expectRefused(() => client.postJson(MAIL), 503, 'storage-unavailable');
    } finally {
      await intake.sql('drop trigger full_disk on vault.contents; drop function vault.disk_full');
    }
    expect((await client.postJson(MAIL)).status).toBe(202);
  });

  it('a database that is gone is told as 503, and the next mail is taken once it is back', async () => {
    const open = await intake.shutDatabase();
    const answer = await client.postJson(MAIL);
    await open();
    expect([answer.status, answer.body['type']]).toEqual([503, '/errors/storage-unavailable']);
    expect((await client.postJson(MAIL)).status).toBe(202);
  });

  it('a connection that is lost during COMMIT: told as 503, and what may be ours is kept', async () => {
    await intake.sql(`
      create function intake.die() returns trigger language plpgsql as $$
        begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
      create constraint trigger dies_at_commit after insert on intake.events
        deferrable initially deferred for each row execute function intake.die();`);
    const before = await intake.contents();
    const answer = await client.postJson(MAIL);
    await intake.sql('drop trigger dies_at_commit on intake.events; drop function intake.die');
    expect([answer.status, answer.body['type']]).toEqual([503, '/errors/storage-unavailable']);
    expect((await intake.contents()).readable).toBe(before.readable + 1);
    expect((await client.postJson(MAIL)).status).toBe(202);
  });

  it('an error that nobody foresaw is told without what it says', async () => {
    await intake.sql(`
      create function intake.odd() returns trigger language plpgsql as $$
        begin raise exception using errcode = 'P0001', message = 'inner secret of bo@citizen.example'; end $$;
      create trigger odd before insert on intake.events for each row execute function intake.odd();`);
    try {
      const answer = await client.expectRefused(() => client.postJson(MAIL), 500, 'internal');
      expect(JSON.stringify(answer.body)).not.toMatch(/secret|citizen|P0001|odd|trigger/);
    } finally {
      await intake.sql('drop trigger odd on intake.events; drop function intake.odd');
    }
  });
});
