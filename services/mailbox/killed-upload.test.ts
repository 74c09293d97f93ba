// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmailId } from '@securemail/contracts';
import { freePort } from '@securemail/testing';
import { simpleParser } from 'mailparser';
import { MAIL } from './testing/mails.ts';
import { BO, openMailboxWorld, SITE, type Browser, type MailboxWorld } from './testing/running-mailbox.ts';

const MIB = 1024 * 1024;
const AT_ONCE = 4 * MIB;
const TUS = { 'Tus-Resumable': '1.0.0' };

let world: MailboxWorld;
let mailbox: { http: { port: number }; replies: object };
let bo: Browser;
let messageId: string;
beforeAll(async () => {
  world = await openMailboxWorld();
  mailbox = { http: { port: await freePort() }, replies: { maxBytes: 100 * MIB } };
  const running = await world.start(mailbox);
  bo = world.browser();
  const emailId = await world.protectedFor([BO], MAIL);
  await world.signIn(bo, (await world.notified(emailId)).link, BO);
  messageId = (await world.deposits(emailId))[0]!.data.messageId;
  await running.close();
});
afterAll(() => world.close());

const beginDraft = async () =>
  String((await bo.ask('PUT', `messages/${messageId}/draft`, {})).body['draftId']);
const begin = async (draftId: string, size: number): Promise<string> => {
  const begun = await bo.ask('POST', `messages/${messageId}/draft/files?draft=${draftId}`, undefined, {
    ...TUS,
    'Upload-Length': String(size),
    'Upload-Metadata': 'filename YQ==',
  });
  expect(begun.status).toBe(201);
  return begun.headers.get('Location')!.replace('/mailbox/v1/', '');
};
const patch = async (path: string, offset: number, octets: Buffer) => {
  const { status } = await bo.ask('PATCH', path, octets, {
    ...TUS,
    'Upload-Offset': String(offset),
    'Content-Type': 'application/offset+octet-stream',
  });
  return status;
};
const received = async (path: string) =>
  Number((await bo.ask('HEAD', path, undefined, TUS)).headers.get('Upload-Offset'));

it('what was acknowledged of a file survives that the process is killed', async () => {
  const octets = randomBytes(20 * MIB + 7);
  const first = await world.startProcess(mailbox);
  const draftId = await beginDraft();
  const path = await begin(draftId, octets.length);
  expect(await patch(path, 0, octets.subarray(0, 5_000_000))).toBe(204);
  const broken = patch(path, 5_000_000, octets.subarray(5_000_000)).catch(() => 'broken');
  while ((await received(path)) < 7 * MIB) await sleep(5);
  await first.kill();
  await broken;
  const second = await world.startProcess(mailbox);
  const from = await received(path);
  expect(from).toBeGreaterThanOrEqual(7 * MIB);
  expect(await patch(path, from, octets.subarray(from))).toBe(204);
  const sent = await bo.ask('POST', `messages/${messageId}/replies`, { draftId, text: 'x' });
  expect(sent.status).toBe(202);
  await second.kill();
  const [event] = await world.events(EmailId.parse(draftId));
  if (event?.name !== 'MailboxReplySubmitted') throw new Error('not submitted');
  const { attachments } = await simpleParser(await buffer(world.vault.get(event, event.data.content)));
  expect(attachments[0]?.content.equals(octets)).toBe(true);
});

it('an upload that its client breaks off is noted as that, and is no alarm', async () => {
  const running = await world.startProcess(mailbox);
  const path = await begin(await beginDraft(), 3 * MIB);
  const request = httpRequest(`http://localhost:${mailbox.http.port}/mailbox/v1/${path}`, {
    method: 'PATCH',
    headers: {
      ...TUS,
      Origin: SITE,
      Cookie: [...bo.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'Upload-Offset': '0',
      'Content-Type': 'application/offset+octet-stream',
      'Content-Length': String(3 * MIB),
    },
  });
  request.on('error', () => undefined);
  request.write(randomBytes(1_500_000));
  while ((await received(path)) < MIB) await sleep(20);
  request.destroy();
  while ((await received(path)) < 1_500_000) await sleep(20);
  while (!running.logged.some((line) => line.includes('request broken off'))) await sleep(20);
  await bo.ask('DELETE', path, undefined, TUS);
  await running.kill();
  const told = running.logged.map((line) => JSON.parse(line) as { level: string; msg: string });
  expect(told.filter(({ msg }) => msg === 'request broken off')).toMatchObject([{ level: 'info' }]);
  expect(told.filter(({ level }) => level !== 'info')).toEqual([]);
});

(existsSync('/proc/self/status') ? it : it.skip)(
  'a large file needs no more memory than a small one',
  async () => {
    const peakOf = async (megabytes: number): Promise<number> => {
      const running = await world.startProcess(mailbox);
      const draftId = await beginDraft();
      const path = await begin(draftId, megabytes * MIB);
      for (let at = 0; at < megabytes * MIB; at += AT_ONCE)
        expect(await patch(path, at, randomBytes(AT_ONCE))).toBe(204);
      expect((await bo.ask('POST', `messages/${messageId}/replies`, { draftId, text: 'x' })).status).toBe(
        202,
      );
      const peak = await running.peak();
      await running.kill();
      return peak / MIB;
    };
    const [small, large] = [40, 100];
    const growth = -(await peakOf(small)) + (await peakOf(large));
    // Held as a whole, it would need so much more, and a third of that again as a mail; garbage is collected when it is.
    expect(growth).toBeLessThan(large - small);
  },
);
