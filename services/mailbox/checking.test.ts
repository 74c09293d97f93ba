// SPDX-License-Identifier: Apache-2.0
import { createServer, type AddressInfo } from 'node:net';
import { randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmailId } from '@securemail/contracts';
import {
  chromiumIsThere,
  clamdIsThere,
  CollectedMetrics,
  EICAR,
  freePort,
  missing,
  startClamd,
  type RunningClamd,
} from '@securemail/testing';
import { startTelemetry } from '@securemail/telemetry';
import { zipSync } from 'fflate';
import { simpleParser } from 'mailparser';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, SIZES } from './testing/page-world.ts';
import {
  asUpload,
  BO,
  openMailboxWorld,
  type Browser,
  type MailboxWorld,
} from './testing/running-mailbox.ts';
import { startWalk } from '@securemail/testing/browser';

const TUS = { 'Tus-Resumable': '1.0.0' };
const MIB = 1024 * 1024;
const INFECTED = Buffer.from(EICAR);
/** A text with a password before it. */
const LOCKED_ZIP = Buffer.from(
  'UEsDBAoACQAAAO+sfV0jsM9GEwAAAAcAAAAFABwAYS50eHRVVAkAA5KbDGuSmwxrdXgLAAEEAAAAAAQAAAAAsazIKkfOss+j9x1WLqBoQ0UT8FBLBwgjsM9GEwAAAAcAAABQSwECHgMKAAkAAADvrH1dI7DPRhMAAAAHAAAABQAYAAAAAAABAAAApIEAAAAAYS50eHRVVAUAA5KbDGt1eAsAAQQAAAAABAAAAABQSwUGAAAAAAEAAQBLAAAAYgAAAAAA',
  'base64',
);

interface ShownFile {
  fileId: string;
  name: string;
  check: string | null;
}

if (clamdIsThere()) {
  let world: MailboxWorld;
  let clamd: RunningClamd;
  let bo: Browser;
  let running: { close(): Promise<void> } | undefined;
  beforeAll(async () => {
    world = await openMailboxWorld();
    clamd = await startClamd({ largest: 10 * MIB });
    bo = world.browser();
    await start({});
    await world.signIn(bo, (await world.notified(await world.protectedFor([BO], MAIL))).link, BO);
  });
  afterAll(async () => {
    await running?.close();
    await clamd.stop();
    await world.close();
  });

  const start = async (mailbox: object) => {
    await running?.close();
    running = await world.start(mailbox);
  };
  const startWith = (place: object) => start({ clamav: { retrySeconds: 0.2, ...place } });
  const overTcp = () => startWith({ host: clamd.host, port: clamd.port });
  const anew = async () => {
    const mail = MAIL.replace('case-1@', `${randomUUID()}@`);
    const [deposit] = await world.deposits(await world.protectedFor([BO], mail));
    const { messageId } = deposit!.data;
    const { body } = await bo.ask('PUT', `messages/${messageId}/draft`, {});
    return { messageId, draftId: String(body['draftId']) };
  };
  /** Those that were counted at all. */
  const counted = (points: Awaited<ReturnType<CollectedMetrics['points']>>) =>
    points
      .map(({ attributes, value }) => [attributes['securemail.outcome'], value] as const)
      .filter(([, value]) => value !== 0);
  type Place = Awaited<ReturnType<typeof anew>>;
  const add = async ({ messageId, draftId }: Place, name: string, content: Buffer) => {
    const path = `messages/${messageId}/draft/files?draft=${draftId}`;
    const added = await bo.ask('POST', path, content, asUpload(name, content.length));
    expect(added.status).toBe(201);
  };
  const filesIn = async ({ messageId }: Place) => {
    const { body } = await bo.ask('GET', `messages/${messageId}/draft`);
    return (body as unknown as { draft: { files: ShownFile[] } }).draft.files;
  };
  const until = async (place: Place, isSo: (checks: (string | null)[]) => boolean) => {
    for (let tries = 0; tries < 300; tries += 1) {
      const files = await filesIn(place);
      if (isSo(files.map(({ check }) => check))) return files;
      await sleep(50);
    }
    throw new Error(`still ${JSON.stringify(await filesIn(place))}`);
  };
  const send = async ({ messageId, draftId }: Place) => {
    const { status, body } = await bo.ask('POST', `messages/${messageId}/replies`, { draftId, text: 'x' });
    return status === 202 ? 'sent' : String(body['type']).replace('/errors/', `${status} `);
  };
  const octetsOf = async ({ draftId }: Place) => {
    const { rows } = await world.pool.query<{ octets: string }>(
      'select coalesce(sum(size), 0) as octets from vault.contents where email_id = $1',
      [draftId],
    );
    return Number(rows[0]?.octets);
  };

  describe('a file, where ClamAV looks into them,', () => {
    it.each(['TCP', 'a socket'])('is sent once it is found clean, over %s', async (way) => {
      const metrics = new CollectedMetrics();
      const telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
      await (way === 'TCP' ? overTcp() : startWith({ socket: clamd.socket }));
      const place = await anew();
      const octets = randomBytes(3 * MIB + 5);
      await add(place, 'plan.bin', octets);
      await add(place, 'empty.txt', Buffer.alloc(0));
      await until(place, (checks) => checks.every((check) => check === 'clean'));
      expect(await send(place)).toBe('sent');
      const [event] = await world.events(EmailId.parse(place.draftId));
      if (event?.name !== 'MailboxReplySubmitted') throw new Error('not submitted');
      const { attachments } = await simpleParser(await buffer(world.vault.get(event, event.data.content)));
      expect(attachments[0]?.content.equals(octets)).toBe(true);
      const points = await metrics.points('securemail.mailbox.files_checked');
      expect(counted(points)).toEqual([['clean', 2]]);
      await telemetry.shutdown();
    });

    it.each([
      ['in a text', INFECTED],
      ['at the end of much else, over parts', Buffer.concat([Buffer.alloc(3 * MIB - 20, 'x'), INFECTED])],
      ['in an archive', Buffer.from(zipSync({ 'a/b.txt': INFECTED }))],
      ['in an archive in an archive', Buffer.from(zipSync({ 'c.zip': zipSync({ 'b.txt': INFECTED }) }))],
    ])('is refused with what is harmful %s, and its octets are gone', async (_, content) => {
      await overTcp();
      const place = await anew();
      await add(place, 'harmless.txt', content);
      const [file] = await until(place, ([check]) => check !== 'under-way');
      expect(file).toMatchObject({ name: 'harmless.txt', check: 'harmful' });
      expect(await send(place)).toBe('409 file-harmful');
      for (let tries = 0; tries < 50 && (await octetsOf(place)) > 200; tries += 1) await sleep(20);
      expect(await octetsOf(place)).toBeLessThan(200);
      await bo.ask('DELETE', `messages/${place.messageId}/draft/files/${file!.fileId}`, undefined, TUS);
      expect(await send(place)).toBe('sent');
    });

    it('that can not be looked into is refused as that, and nobody is told of harmful software', async () => {
      const strict = await startClamd({
        also: ['MaxFileSize 1M', 'MaxFiles 5', 'MaxRecursion 3', 'AlertEncrypted yes'],
      });
      const metrics = new CollectedMetrics();
      const telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
      await startWith({ host: strict.host, port: strict.port });
      const place = await anew();
      const many = Object.fromEntries(
        Array.from({ length: 40 }, (_, n) => [`${n}.txt`, Buffer.from(`text ${n}`)]),
      );
      let nested: Uint8Array = zipSync({ 'a.txt': Buffer.from('text') });
      for (let depth = 0; depth < 6; depth += 1) nested = zipSync({ 'a.zip': nested });
      const photo = Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), randomBytes(2 * MIB)]);
      await add(place, 'photo.jpg', photo);
      await add(place, 'photos.zip', Buffer.from(zipSync(many)));
      await add(place, 'nested.zip', Buffer.from(nested));
      await add(place, 'locked.zip', LOCKED_ZIP);
      await add(place, 'plain.txt', Buffer.from('plain'));
      const files = await until(place, (checks) => !checks.includes('under-way'));
      expect(files.map(({ name, check }) => `${name} ${check ?? ''}`)).toEqual([
        'photo.jpg unscannable',
        'photos.zip unscannable',
        'nested.zip unscannable',
        'locked.zip unscannable',
        'plain.txt clean',
      ]);
      expect(await send(place)).toBe('409 file-unscannable');
      for (const { fileId } of files.slice(0, 4))
        await bo.ask('DELETE', `messages/${place.messageId}/draft/files/${fileId}`, undefined, TUS);
      expect(await send(place)).toBe('sent');
      const points = await metrics.points('securemail.mailbox.files_checked');
      expect(Object.fromEntries(counted(points))).toEqual({ unscannable: 4, clean: 1 });
      await telemetry.shutdown();
      await strict.stop();
    });

    it('is not sent while nobody can be asked, and is once somebody can', async () => {
      const port = await freePort();
      await startWith({ host: '127.0.0.1', port });
      const place = await anew();
      await add(place, 'a.txt', Buffer.from('a'));
      await until(place, ([check]) => check === 'delayed');
      expect(await send(place)).toBe('409 file-not-checked');
      const late = await startClamd({ port });
      await until(place, ([check]) => check === 'clean');
      expect(await send(place)).toBe('sent');
      await late.stop();
    });

    it('is not sent where the scanner says anything else than that it is clean', async () => {
      for (const answer of ['stream: OK FOUND maybe\0', 'UNKNOWN COMMAND\0', 'OK\0', '', null]) {
        const server = createServer((socket) => {
          socket.on('error', () => undefined);
          socket.on('data', () => {
            if (answer === '') socket.destroy();
            else if (answer !== null) socket.end(answer);
          });
        }).listen(0, '127.0.0.1');
        await sleep(20);
        await startWith({
          host: '127.0.0.1',
          port: (server.address() as AddressInfo).port,
          timeoutSeconds: 0.5,
        });
        const place = await anew();
        await add(place, 'a.txt', Buffer.from('a'));
        await until(place, ([check]) => check !== 'under-way');
        expect([answer, (await filesIn(place))[0]?.check, await send(place)]).toEqual([
          answer,
          'delayed',
          '409 file-not-checked',
        ]);
        await running?.close();
        running = undefined;
        server.close();
      }
    });

    it('is not sent where it is more than the scanner takes', async () => {
      await overTcp();
      const place = await anew();
      await add(place, 'a.bin', randomBytes(11 * MIB));
      await until(place, ([check]) => check === 'delayed');
      expect(await send(place)).toBe('409 file-not-checked');
    });

    it('is looked into also where it came before, or the process that did so ended', async () => {
      await start({});
      const place = await anew();
      await add(place, 'a.txt', Buffer.from('a'));
      expect((await filesIn(place))[0]?.check).toBeNull();
      const checkedUntil = (at: string) =>
        world.pool.query('update draft_files set checked_until = $2 where draft_id = $1', [
          place.draftId,
          at,
        ]);
      await checkedUntil('infinity');
      await overTcp();
      expect(await send(place)).toBe('409 file-not-checked');
      await checkedUntil('now');
      await until(place, ([check]) => check === 'clean');
      expect(await send(place)).toBe('sent');
    });
  });

  if (chromiumIsThere())
    it('is told to who sends it up, in plain words', async () => {
      const port = await freePort();
      const pages = await openPageWorld({}, { clamav: { host: '127.0.0.1', port, retrySeconds: 0.2 } });
      const walk = await startWalk(pages.browser, pages.origin, { locale: 'en', ...SIZES.phone });
      const { page } = walk;
      const { link } = await pages.world.notified(await pages.world.protectedFor([BO], MAIL));
      await page.goto(`${pages.origin}/mailbox/m/${link}`);
      await page.getByRole('button', { name: 'Send me the code' }).press('Enter');
      await page.getByRole('textbox').fill((await pages.world.codesTo(BO, 1)).at(-1) ?? '');
      await page.keyboard.press('Enter');
      const press = (name: string) => page.getByRole('button', { name }).press('Enter');
      await press('Write an answer');
      const choose = (name: string, content: Buffer) =>
        page.getByLabel('Attach files').setInputFiles({ name, mimeType: 'text/plain', buffer: content });
      await choose('a.txt', Buffer.from('a'));
      await page.getByText('a.txt can’t be checked for harmful software at this moment').waitFor();
      await press('Send the answer');
      await page.getByRole('alert').filter({ hasText: 'still being checked' }).waitFor();
      await isWell(walk, 'not-checked-phone-en');
      const late = await startClamd({ port, also: ['MaxRecursion 2'] });
      await page.getByRole('status').filter({ hasText: 'a.txt is attached' }).waitFor({ state: 'attached' });
      await choose('b.txt', INFECTED);
      await page.getByRole('alert').filter({ hasText: 'b.txt is not taken: harmful software' }).waitFor();
      await isWell(walk, 'harmful-phone-en');
      await press('Send the answer');
      await page.getByRole('alert').filter({ hasText: 'Remove it, and then send' }).waitFor();
      await press('Remove b.txt');
      await page.getByRole('listitem').filter({ hasText: 'b.txt' }).waitFor({ state: 'detached' });
      const packed = zipSync({ 'c.zip': zipSync({ 'b.zip': zipSync({ 'a.txt': Buffer.from('a') }) }) });
      await choose('c.zip', Buffer.from(packed));
      await page
        .getByRole('alert')
        .filter({ hasText: 'c.zip is not taken: it can’t be checked for harmful software' })
        .waitFor();
      await isWell(walk, 'unscannable-phone-en');
      await press('Send the answer');
      await page.getByRole('alert').filter({ hasText: 'it can’t be checked for harmful software' }).waitFor();
      await press('Remove c.zip');
      await page.getByRole('listitem').filter({ hasText: 'c.zip' }).waitFor({ state: 'detached' });
      await press('Send the answer');
      await page.getByText('Your answer is sent.').waitFor();
      await walk.close();
      await pages.close();
      await late.stop();
    });
  else missing('Chromium', 'apt-get install chromium');
} else missing('ClamAV', 'apt-get install clamav-daemon');
