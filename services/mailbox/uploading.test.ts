// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmailId, TenantId, type ContentRef } from '@securemail/contracts';
import { freePort } from '@securemail/testing';
import { simpleParser } from 'mailparser';
import * as tus from 'tus-js-client';
import { takeIn, type TakingIn } from './adapters/take-in.ts';
import { tidy } from './housekeeping.ts';
import { Settings } from './settings.ts';
import { fileOf, noteVerdict } from './adapters/draft-files.ts';
import { MAIL } from './testing/mails.ts';
import {
  asUpload,
  BO,
  KIM,
  openMailboxWorld,
  SITE,
  type Browser,
  type MailboxWorld,
} from './testing/running-mailbox.ts';

const MIB = 1024 * 1024;
const TUS = { 'Tus-Resumable': '1.0.0' };
const LIMITS = { maxBytes: 8 * MIB, maxFiles: 5, maxBytesOfPerson: 20 * MIB };

let world: MailboxWorld;
let running: { url: string; close(): Promise<void> };
let port: number;
let bo: Browser;
let kim: Browser;
const start = () => world.start({ http: { host: 'localhost', port }, replies: LIMITS });
beforeAll(async () => {
  world = await openMailboxWorld();
  port = await freePort();
  running = await start();
  [bo, kim] = [world.browser(), world.browser()];
  const emailId = await world.protectedFor([BO, KIM], MAIL);
  await world.signIn(bo, (await world.notified(emailId, 1)).link, BO);
  await world.signIn(kim, (await world.notified(emailId, 2)).link, KIM);
});
afterEach(() => world.pool.query('delete from drafts'));
afterAll(async () => {
  await running.close();
  await world.close();
});

interface Begun {
  messageId: string;
  draftId: string;
  /** Of the file, beneath `/mailbox/v1/`. */
  path: string;
}
const anew = async (): Promise<Omit<Begun, 'path'>> => {
  const mail = MAIL.replace('case-1@', `${randomUUID()}@`);
  const [deposit] = await world.deposits(await world.protectedFor([BO], mail));
  const { messageId } = deposit!.data;
  const { body } = await bo.ask('PUT', `messages/${messageId}/draft`, {});
  return { messageId, draftId: String(body['draftId']) };
};
const create = (
  { messageId, draftId }: Omit<Begun, 'path'>,
  size: number,
  { name = 'a.bin', id = '', browser = bo } = {},
) =>
  browser.ask('POST', `messages/${messageId}/draft/files?draft=${draftId}`, undefined, {
    ...TUS,
    'Upload-Length': String(size),
    'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}${id === '' ? '' : `,id ${Buffer.from(id).toString('base64')}`}`,
  });
const begin = async (size: number, name?: string): Promise<Begun> => {
  const draft = await anew();
  const created = await create(draft, size, { name });
  expect(created.status).toBe(201);
  return { ...draft, path: created.headers.get('Location')!.replace('/mailbox/v1/', '') };
};
const patch = (path: string, offset: number, octets: Buffer, headers: object = {}, browser = bo) =>
  browser.ask('PATCH', path, octets, {
    ...TUS,
    'Upload-Offset': String(offset),
    'Content-Type': 'application/offset+octet-stream',
    ...headers,
  });
const received = async (path: string) => {
  const { status, headers } = await bo.ask('HEAD', path, undefined, TUS);
  return status === 200 ? Number(headers.get('Upload-Offset')) : status;
};
const types = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  `${status} ${String(body['type']).replace('/errors/', '')}`;
const sentFile = async ({ messageId, draftId }: Begun) => {
  const sent = await bo.ask('POST', `messages/${messageId}/replies`, { draftId, text: 'x' });
  expect(sent.status).toBe(202);
  const [event] = await world.events(EmailId.parse(draftId));
  if (event?.name !== 'MailboxReplySubmitted') throw new Error('not submitted');
  const { attachments } = await simpleParser(await buffer(world.vault.get(event, event.data.content)));
  return attachments[0]!.content;
};
const contentsOf = async (draftId: string) =>
  (await world.pool.query('select from vault.contents where email_id = $1', [draftId])).rowCount;
/** Sends some of what it says it would, and is gone. */
const breakOff = async (
  { path }: Begun,
  offset: number,
  octets: Buffer,
  announced: number,
  headers: Record<string, string> = {},
) => {
  const request = httpRequest(`${running.url}/mailbox/v1/${path}`, {
    method: 'PATCH',
    headers: {
      ...TUS,
      Origin: SITE,
      Cookie: [...bo.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'Upload-Offset': String(offset),
      'Content-Type': 'application/offset+octet-stream',
      'Content-Length': String(announced),
      ...headers,
    },
  });
  request.on('error', () => undefined);
  await new Promise((resolve) => request.write(octets, resolve));
  return request;
};
const until = async (path: string, octets: number) => {
  for (let tries = 0; (await received(path)) !== octets; tries += 1) {
    if (tries === 200) throw new Error(`${await received(path)} octets, not ${octets}`);
    await sleep(20);
  }
};

describe('a file', () => {
  it('comes in pieces, and is whole octet for octet', async () => {
    const octets = randomBytes(3 * MIB + 12_345);
    const file = await begin(octets.length, 'plan.bin');
    let at = 0;
    for (const size of [0, 1, 700_000, MIB, 400_000, octets.length]) {
      expect(await received(file.path)).toBe(at);
      const sent = await patch(file.path, at, octets.subarray(at, at + size));
      at = Math.min(at + size, octets.length);
      expect([sent.status, sent.headers.get('Upload-Offset'), sent.headers.get('Tus-Resumable')]).toEqual([
        204,
        String(at),
        '1.0.0',
      ]);
    }
    // What it is called, and four parts: pieces that were too small lie nowhere.
    expect(await contentsOf(file.draftId)).toBe(5);
    expect((await sentFile(file)).equals(octets)).toBe(true);
  });

  it('lies in the database encrypted while it comes, with its name', async () => {
    const secret = Buffer.from('nobody may read this '.repeat(100));
    const file = await begin(5_000, 'naboens navn.txt');
    await patch(file.path, 0, secret);
    const { rows } = await world.pool.query<{ all: string }>(
      `select encode(data, 'escape') as all from vault.chunks join vault.contents using (content_id) where email_id = $1
        union all select row_to_json(f)::text from draft_files f where draft_id = $1`,
      [file.draftId],
    );
    expect(rows).toHaveLength(3);
    for (const { all } of rows) expect(all).not.toMatch(/nobody may|naboens/);
  });

  it('goes on where its connection broke off', async () => {
    const octets = randomBytes(2 * MIB);
    const file = await begin(octets.length);
    const request = await breakOff(file, 0, octets.subarray(0, 1_500_000), octets.length);
    await until(file.path, MIB);
    await sleep(100);
    request.destroy();
    await until(file.path, 1_500_000);
    expect((await patch(file.path, 1_500_000, octets.subarray(1_500_000))).status).toBe(204);
    expect((await sentFile(file)).equals(octets)).toBe(true);
  });

  it('loses nothing that was acknowledged where the server ends and starts again', async () => {
    const octets = randomBytes(3 * MIB);
    const file = await begin(octets.length);
    await patch(file.path, 0, octets.subarray(0, 300_000));
    await breakOff(file, 300_000, octets.subarray(300_000, 2_500_000), octets.length - 300_000);
    await until(file.path, 2 * MIB);
    await running.close();
    running = await start();
    const at = await received(file.path);
    expect(at).toBeGreaterThanOrEqual(2 * MIB);
    expect((await patch(file.path, at, octets.subarray(at))).status).toBe(204);
    expect((await sentFile(file)).equals(octets)).toBe(true);
  });

  it('comes by a client that knows nothing of us, through a server that ends on its way', async () => {
    const octets = randomBytes(4 * MIB);
    const draft = await anew();
    let ended: Promise<void> | undefined;
    const path = await new Promise<string>((resolve, reject) => {
      const upload: tus.Upload = new tus.Upload(Readable.from([octets]), {
        endpoint: `${running.url}/mailbox/v1/messages/${draft.messageId}/draft/files?draft=${draft.draftId}`,
        uploadSize: octets.length,
        chunkSize: 700_000,
        retryDelays: [100, 200, 400, 800, 1_600],
        metadata: { filename: 'picture.bin' },
        headers: {
          Origin: SITE,
          Cookie: [...bo.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
        onChunkComplete: (_, accepted) => {
          if (accepted < 2 * MIB) return;
          ended ??= running.close().then(async () => {
            running = await start();
          });
        },
        onError: reject,
        onSuccess: () => {
          resolve(upload.url ?? '');
        },
      });
      upload.start();
    });
    await ended;
    expect(ended).toBeDefined();
    expect(await received(path.replace(/.*\/mailbox\/v1\//, ''))).toBe(octets.length);
    expect((await sentFile({ ...draft, path })).equals(octets)).toBe(true);
  });

  it('may come in one request, and with it be begun', async () => {
    const draft = await anew();
    const octets = randomBytes(2 * MIB);
    const sent = await bo.ask(
      'POST',
      `messages/${draft.messageId}/draft/files?draft=${draft.draftId}`,
      octets,
      asUpload('a.bin', octets.length),
    );
    expect([sent.status, sent.headers.get('Upload-Offset')]).toEqual([201, String(octets.length)]);
    expect((await sentFile({ ...draft, path: '' })).equals(octets)).toBe(true);
  });

  it('is begun once, where the answer to that was lost', async () => {
    const draft = await anew();
    const id = randomUUID();
    const both = await Promise.all([1, 2].map(() => create(draft, 10, { id })));
    const again = await create(draft, 10, { id });
    expect(
      new Set([...both, again].map(({ status, headers }) => `${status} ${headers.get('Location')}`)),
    ).toEqual(new Set([`201 /mailbox/v1/messages/${draft.messageId}/draft/files/${id}`]));
    expect(await contentsOf(draft.draftId)).toBe(1);
  });

  it('is not mixed up by two who send it at once', async () => {
    const octets = randomBytes(3 * MIB);
    const file = await begin(octets.length);
    const answers = await Promise.all([1, 2, 3].map(() => patch(file.path, 0, octets)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    for (const answer of answers) if (answer.status !== 204) expect(types(answer)).toBe('409 wrong-offset');
    // What the others put is gone.
    expect(await contentsOf(file.draftId)).toBe(4);
    expect((await sentFile(file)).equals(octets)).toBe(true);
  });

  it('is not mixed up by many who go on at once from the middle of a part', async () => {
    for (let times = 0; times < 5; times += 1) {
      const file = await begin(10);
      await patch(file.path, 0, Buffer.from('0123'));
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => patch(file.path, 4, Buffer.from('456789'))),
      );
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      for (const answer of answers) if (answer.status !== 204) expect(types(answer)).toBe('409 wrong-offset');
      expect((await sentFile(file)).toString()).toBe('0123456789');
    }
  });

  it('keeps what it may have noted where the database is lost at that moment', async () => {
    const file = await begin(10);
    const { rows } = await world.pool.query<{ parts: ContentRef[] }>(
      'select parts from draft_files where draft_id = $1',
      [file.draftId],
    );
    const octets = Readable.from([Buffer.from('0123456789')]);
    const takeInWith = (note: TakingIn['note']) =>
      takeIn(
        {
          vault: world.vault,
          owner: { emailId: EmailId.parse(file.draftId), tenantId: TenantId.parse('demo') },
          file: {
            fileId: '',
            parts: rows[0]!.parts,
            size: 10,
            received: 0,
            touchedAt: new Date(),
            verdict: null,
            failedChecks: 0,
          },
          verify: null,
          judge: () => Promise.resolve(),
          note,
          tooMuch: () => new Error('too much'),
        },
        octets.iterator({ destroyOnReturn: false }),
      );
    await expect(takeInWith(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(await contentsOf(file.draftId)).toBe(2);
  });

  it('takes nothing at another place, nor more than it has', async () => {
    const file = await begin(1_000);
    expect(types(await patch(file.path, 1, Buffer.alloc(10)))).toBe('409 wrong-offset');
    expect((await patch(file.path, 0, Buffer.alloc(500))).status).toBe(204);
    expect(types(await patch(file.path, 0, Buffer.alloc(10)))).toBe('409 wrong-offset');
    expect(types(await patch(file.path, 500, Buffer.alloc(501)))).toBe('413 reply-too-large');
    expect(types(await patch(file.path, 500, Buffer.alloc(1), { 'Content-Type': 'text/plain' }))).toBe(
      '415 unsupported-media-type',
    );
    for (const offset of ['', '-1', '0x10', '1e2', 'x'])
      expect(types(await patch(file.path, 0, Buffer.alloc(1), { 'Upload-Offset': offset }))).toBe(
        '422 invalid-request',
      );
    expect(await received(file.path)).toBe(500);
  });

  it('keeps nothing of what has another checksum', async () => {
    const octets = randomBytes(2 * MIB);
    const file = await begin(octets.length);
    const checksum = (algorithm: string, of: Buffer) => ({
      'Upload-Checksum': `${algorithm} ${createHash(algorithm).update(of).digest('base64')}`,
    });
    const part = octets.subarray(0, 1_200_000);
    for (const algorithm of ['sha1', 'sha256'])
      expect(types(await patch(file.path, 0, part, checksum(algorithm, octets)))).toBe('460 wrong-checksum');
    expect(types(await patch(file.path, 0, part, checksum('md5', part)))).toBe('400 checksum-not-taken');
    expect([await received(file.path), await contentsOf(file.draftId)]).toEqual([0, 1]);
    // What breaks off can't be verified.
    const request = await breakOff(
      file,
      0,
      octets.subarray(0, 1_100_000),
      part.length,
      checksum('sha1', part),
    );
    await sleep(200);
    request.destroy();
    await sleep(200);
    expect([await received(file.path), await contentsOf(file.draftId)]).toEqual([0, 1]);
    expect((await patch(file.path, 0, part, checksum('sha1', part))).status).toBe(204);
    const rest = octets.subarray(part.length);
    expect((await patch(file.path, part.length, rest, checksum('sha256', rest))).status).toBe(204);
    expect((await sentFile(file)).equals(octets)).toBe(true);
  });

  it('is nobody else’s', async () => {
    const file = await begin(10);
    for (const refused of [
      await patch(file.path, 0, Buffer.alloc(1), {}, kim),
      await kim.ask('DELETE', file.path, undefined, TUS),
    ])
      expect(types(refused)).toBe('404 mailbox-message-not-found');
    expect((await kim.ask('HEAD', file.path, undefined, TUS)).status).toBe(404);
    // Nor does it belong to another draft of the same person.
    const other = await anew();
    const elsewhere = file.path.replace(file.messageId, other.messageId);
    expect(types(await patch(elsewhere, 0, Buffer.alloc(1)))).toBe('404 file-not-found');
    expect(await received(elsewhere)).toBe(404);
    expect(types(await world.browser().ask('PATCH', file.path, Buffer.alloc(1), TUS))).toBe(
      '401 not-signed-in',
    );
    const fromElsewhere = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    expect(types(await patch(file.path, 0, Buffer.alloc(1), fromElsewhere))).toBe('403 cross-site');
    expect(await received(file.path)).toBe(0);
  });

  it('ends with its draft, also while it comes', async () => {
    const file = await begin(3 * MIB);
    const request = await breakOff(file, 0, randomBytes(1_500_000), 3 * MIB);
    await until(file.path, MIB);
    const draft = `messages/${file.messageId}/draft`;
    expect((await bo.ask('DELETE', `${draft}?draft=${file.draftId}`)).status).toBe(204);
    const answered = once(request, 'response') as Promise<[{ statusCode: number }]>;
    request.end(randomBytes(3 * MIB - 1_500_000));
    expect((await answered)[0].statusCode).toBe(404);
    expect([await received(file.path), await contentsOf(file.draftId)]).toEqual([404, 0]);
  });

  it('keeps its answer from being sent until all of it has come', async () => {
    const file = await begin(10);
    const send = () =>
      bo.ask('POST', `messages/${file.messageId}/replies`, { draftId: file.draftId, text: 'x' });
    expect(types(await send())).toBe('409 file-not-whole');
    await patch(file.path, 0, Buffer.alloc(9));
    expect(types(await send())).toBe('409 file-not-whole');
    expect((await bo.ask('DELETE', file.path, undefined, TUS)).status).toBe(204);
    expect([await received(file.path), await contentsOf(file.draftId)]).toEqual([404, 0]);
    expect((await send()).status).toBe(202);
  });

  it('is shown with how much of it has come, by which who chooses it again knows it', async () => {
    const octets = randomBytes(2 * MIB);
    const file = await begin(octets.length, 'a/b:plan.bin');
    await patch(file.path, 0, octets.subarray(0, MIB + 5));
    const shown = (await bo.ask('GET', `messages/${file.messageId}/draft`)).body as unknown as {
      draft: { files: unknown[] };
    };
    const sha256 = (of: Buffer) => createHash('sha256').update(of).digest();
    const parts = [octets.subarray(0, MIB), octets.subarray(MIB, MIB + 5)].map(sha256);
    expect(shown.draft.files).toEqual([
      {
        fileId: file.path.split('/').at(-1),
        name: 'abplan.bin',
        size: octets.length,
        missing: {
          chosenAs: 'a/b:plan.bin',
          received: MIB + 5,
          digest: sha256(Buffer.concat(parts)).toString('hex'),
        },
        check: null,
      },
    ]);
  });

  it('is judged by what is in it, however small the pieces are in which it comes', async () => {
    for (const sizes of [[1, 1], [1, 5_000], [6_000]]) {
      const octets = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(10_000)]).subarray(
        0,
        Math.max(
          2,
          sizes.reduce((sum, size) => sum + size),
        ),
      );
      const file = await begin(octets.length, 'invoice.pdf');
      const answers = [];
      let at = 0;
      for (const size of sizes) {
        answers.push(types(await patch(file.path, at, octets.subarray(at, at + size))));
        at += size;
      }
      expect(answers.at(-1)).toBe('422 file-refused');
      expect([await received(file.path), await contentsOf(file.draftId)]).toEqual([404, 0]);
    }
  });

  it('costs no more than so much, however it is sent', async () => {
    const file = await begin(2_000);
    // Each puts what lies there once more.
    for (let at = 0; at < 60; at += 1) expect((await patch(file.path, at, Buffer.alloc(1))).status).toBe(204);
    expect(await contentsOf(file.draftId)).toBe(2);
    await world.pool.query('update drafts set put_octets = $2 where draft_id = $1', [
      file.draftId,
      10 * LIMITS.maxBytes,
    ]);
    expect(types(await patch(file.path, 60, Buffer.alloc(1)))).toBe('413 reply-too-large');
  });
});

describe('what is under way', () => {
  it('is no more than a draft, and a person, may have', async () => {
    const one = await anew();
    expect(types(await create(one, 8 * MIB + 1))).toBe('413 reply-too-large');
    expect((await create(one, 5 * MIB)).status).toBe(201);
    // What is to come counts at once.
    const both = await Promise.all([1, 2].map(() => create(one, 2 * MIB)));
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 413]);
    const others = [await anew(), await anew()];
    expect((await create(others[0]!, 8 * MIB)).status).toBe(201);
    expect(types(await create(others[1]!, 6 * MIB))).toBe('413 reply-too-large');
    expect((await create(others[1]!, 5 * MIB)).status).toBe(201);
    for (let count = 0; count < 6; count += 1) await create(one, 0);
    expect(types(await create(one, 0))).toBe('413 reply-too-large');
  });

  it('is forgotten a day after it broke off, and its draft stays', async () => {
    const file = await begin(1_000);
    await patch(file.path, 0, Buffer.alloc(500));
    const whole = await create({ ...file }, 0, { name: 'b.bin' });
    expect(whole.status).toBe(201);
    const expires = (await bo.ask('HEAD', file.path, undefined, TUS)).headers.get('Upload-Expires');
    expect(Math.abs(Date.parse(expires ?? '') - Date.now() - 86_400_000)).toBeLessThan(60_000);
    const tidyAfter = async (hours: number) => {
      await world.pool.query('update draft_files set touched_at = now() - make_interval(hours => $1)', [
        hours,
      ]);
      await tidy(
        { pool: world.pool, vault: world.vault, store: world.store },
        Settings.shape.mailbox.parse(undefined),
        new Date(),
      );
    };
    await tidyAfter(23);
    expect(await received(file.path)).toBe(500);
    await tidyAfter(25);
    expect([await received(file.path), await contentsOf(file.draftId)]).toEqual([404, 1]);
    const { body } = await bo.ask('GET', `messages/${file.messageId}/draft`);
    expect(body).toMatchObject({
      draft: { draftId: file.draftId, files: [{ name: 'b.bin', missing: null }] },
    });
  });
});

it('what was said of a file is not said of another that is called so by now, and nothing of it is changed any more', async () => {
  const draft = await anew();
  const id = randomUUID();
  const path = `messages/${draft.messageId}/draft/files/${id}`;
  const again = async (octets: Buffer) => {
    await create(draft, octets.length, { id });
    expect((await patch(path, 0, octets)).status).toBe(204);
    const file = await fileOf(world.pool, EmailId.parse(draft.draftId), id);
    return file!;
  };
  const former = await again(Buffer.from('harmless'));
  expect((await bo.ask('DELETE', path, undefined, TUS)).status).toBe(204);
  const now = await again(Buffer.from('harmful!'));
  expect(await noteVerdict(world.pool, former, 'clean', former.parts)).toBe(false);
  expect(await fileOf(world.pool, EmailId.parse(draft.draftId), id)).toEqual(now);
  expect(await noteVerdict(world.pool, now, 'harmful', now.parts.slice(0, 1))).toBe(true);
  expect(await noteVerdict(world.pool, now, 'clean', now.parts)).toBe(false);
  expect((await patch(path, 8, Buffer.alloc(0))).status).toBe(204);
  expect(await fileOf(world.pool, EmailId.parse(draft.draftId), id)).toMatchObject({
    verdict: 'harmful',
    received: 8,
    parts: now.parts.slice(0, 1),
  });
});

it('what is refused for its checksum leaves nothing', async () => {
  const draft = await anew();
  const refused = await bo.ask(
    'POST',
    `messages/${draft.messageId}/draft/files?draft=${draft.draftId}`,
    Buffer.from('x'),
    {
      ...TUS,
      'Upload-Length': '1',
      'Upload-Metadata': `filename ${Buffer.from('a.bin').toString('base64')}`,
      'Upload-Checksum': 'md5 AAAAAAAAAAAAAAAAAAAAAA==',
      'Content-Type': 'application/offset+octet-stream',
    },
  );
  expect(refused.status).toBe(400);
  const { rows } = await world.pool.query('select from draft_files where draft_id = $1', [draft.draftId]);
  expect(rows).toEqual([]);
});

describe('the protocol', () => {
  it('is told, and asked for', async () => {
    const draft = await anew();
    const told = await bo.ask('OPTIONS', `messages/${draft.messageId}/draft/files`);
    expect(told.status).toBe(204);
    expect(Object.fromEntries(told.headers)).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,termination,expiration,checksum',
      'tus-max-size': String(LIMITS.maxBytes),
      'tus-checksum-algorithm': 'sha256,sha1',
    });
    for (const headers of [{}, { 'Tus-Resumable': '0.2.2' }] as Record<string, string>[]) {
      const refused = await bo.ask(
        'POST',
        `messages/${draft.messageId}/draft/files?draft=${draft.draftId}`,
        undefined,
        headers,
      );
      expect([types(refused), refused.headers.get('Tus-Version')]).toEqual([
        '412 tus-version-not-taken',
        '1.0.0',
      ]);
    }
    for (const headers of [
      { 'Upload-Defer-Length': '1', 'Upload-Metadata': 'filename YQ==' },
      { 'Upload-Length': '-5', 'Upload-Metadata': 'filename YQ==' },
      { 'Upload-Length': '1' },
      { 'Upload-Length': '1', 'Upload-Metadata': 'filename YQ==,id eA==' },
    ] as Record<string, string>[]) {
      const path = `messages/${draft.messageId}/draft/files?draft=${draft.draftId}`;
      expect(types(await bo.ask('POST', path, undefined, { ...TUS, ...headers }))).toBe(
        '422 invalid-request',
      );
    }
  });

  it('is spoken also where only POST comes through', async () => {
    const file = await begin(3);
    const post = (method: string, body?: Buffer) =>
      bo.ask('POST', file.path, body, {
        ...TUS,
        'X-HTTP-Method-Override': method,
        'Upload-Offset': '0',
        'Content-Type': 'application/offset+octet-stream',
      });
    expect((await post('PATCH', Buffer.from('abc'))).status).toBe(204);
    expect((await post('HEAD')).headers.get('Upload-Offset')).toBe('3');
    expect((await post('DELETE')).status).toBe(204);
    expect(types(await post('PUT'))).toBe('404 not-found');
    expect(await received(file.path)).toBe(404);
  });
});
