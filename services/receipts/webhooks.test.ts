// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId } from '@securemail/contracts';
import { createCertificateAuthority, type CertificateAuthority } from '@securemail/testing';
import { Webhook } from 'standardwebhooks';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import { accepted, BO, delivered, held, madeFor, planned, started } from './testing/story.ts';
import { startWebhookTarget, type WebhookTarget } from './testing/webhook-target.ts';

interface Body {
  webhookId: string;
  deliveryId: string;
  secret: string;
  enabled: boolean;
  disabledBecause: string | null;
  type: string;
  detail: string;
  next: string | null;
  webhooks: Body[];
  deliveries: (Body & {
    status: string;
    attempts: number;
    lastStatus: number | null;
    lastFailure: string | null;
    webhookMessageId: string;
  })[];
}

let world: ReceiptsWorld;
let authority: CertificateAuthority;
let target: WebhookTarget;
let folder: string;
const running: { close(): Promise<void> }[] = [];

const start = async (webhooks: object = {}) => {
  const settings = {
    pollMs: 50,
    firstRetrySeconds: 0.2,
    timeoutSeconds: 1,
    allowNetworks: ['127.0.0.0/8', '::1'],
    caFile: join(folder, 'ca.pem'),
    ...webhooks,
  };
  const service = await world.start({ webhooks: settings });
  running.push(service);
  return service;
};
const stop = async () => Promise.all(running.splice(0).map((each) => each.close()));

beforeAll(async () => {
  [world, authority] = await Promise.all([
    openReceiptsWorld(),
    createCertificateAuthority({ name: 'A public authority' }),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'webhooks-test-'));
  await writeFile(join(folder, 'ca.pem'), authority.certificatePem);
});
beforeEach(async () => {
  target = await startWebhookTarget(authority);
});
afterEach(async () => {
  await stop();
  await world.pool.query('truncate webhooks, webhook_deliveries');
  await target.close();
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(
  method: string,
  path: string,
  body?: object,
  key: string | null = world.keys.admin,
): Promise<{ status: number; body: Body }> {
  const request = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const { status, text } = await world.ask(
    `/v1/webhooks${path}`,
    { 'Content-Type': 'application/json' },
    key,
    request,
  );
  return { status, body: (text === '' ? {} : JSON.parse(text)) as Body };
}
const create = async (more: object = {}) => {
  const { status, body } = await ask('POST', '', { url: `${target.url}/told?by=us`, ...more });
  expect(status).toBe(201);
  return body;
};
async function untilDelivery(webhookId: string, status: string) {
  for (;;) {
    const { body } = await ask('GET', `/${webhookId}/deliveries`);
    if (body.deliveries[0]?.status === status) return body.deliveries;
    await sleep(20);
  }
}

describe('a webhook', () => {
  it('is told in order what becomes of each email, signed, and names nobody', async () => {
    await Promise.all([start(), start()]);
    const { secret } = await create();
    const emailIds = Array.from({ length: 8 }, () => newEmailId());
    for (const emailId of emailIds) {
      await world.append(emailId, accepted());
      await target.untilTold(emailId, 1);
      await world.append(emailId, planned([1]), madeFor([BO]));
      await target.untilTold(emailId, 2);
      await world.append(emailId, started(1), delivered(1));
    }
    for (const emailId of emailIds) await target.untilTold(emailId, 4);
    await sleep(300);
    for (const emailId of emailIds)
      expect(target.typesOf(emailId)).toEqual([
        'email.accepted',
        'email.in_progress',
        'email.sent',
        'receipt.issued',
      ]);
    const verifier = new Webhook(secret);
    for (const { headers, body, path } of target.told) {
      verifier.verify(body, headers as Record<string, string>);
      expect(path).toBe('/told?by=us');
      expect(body).not.toMatch(/@|Journal/);
    }
    const { headers, body, message } = target.told.at(-1)!;
    expect(() => verifier.verify(`${body} `, headers as Record<string, string>)).toThrow();
    expect(message.data).toMatchObject({
      state: 'sent',
      deadlineMissed: false,
      recipients: [{ recipientId: 'r1', method: 'smime-personal', status: 'sent', attempts: 1 }],
      receipt: { kind: 'final', outcome: 'sent', mailed: true },
    });
    expect(new Set(target.told.map((each) => each.headers['webhook-id'])).size).toBe(target.told.length);
  });

  it('is told again until it takes it, with one id, while what comes later of that email waits', async () => {
    await start();
    const { webhookId } = await create({ types: ['email.accepted', 'email.held'] });
    const [stuck, other] = [newEmailId(), newEmailId()];
    let refusals = 3;
    target.answer((response, { message }) => {
      const refuse = message.data.emailId === stuck && refusals-- > 0;
      response.writeHead(refuse ? 500 : 200).end('thanks');
    });
    await world.append(stuck, accepted());
    await target.untilTold(stuck, 1);
    await world.append(stuck, held([1]));
    await world.append(other, accepted());
    await target.untilTold(other, 1);
    expect(await target.untilTold(stuck, 5)).toEqual([
      'email.accepted',
      'email.accepted',
      'email.accepted',
      'email.accepted',
      'email.held',
    ]);
    const ids = target.told
      .filter(({ message }) => message.type === 'email.accepted' && message.data.emailId === stuck)
      .map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    const all = await untilDelivery(webhookId, 'delivered');
    expect(all.every(({ status }) => status === 'delivered')).toBe(true);
  });

  it('is given up on one thing after the set time, and told the next', async () => {
    await start({ giveUpAfterHours: 0.6 / 3_600 });
    const { webhookId } = await create({ types: ['email.accepted', 'email.held'] });
    const emailId = newEmailId();
    target.answer((response, { message }) => {
      response.writeHead(message.type === 'email.accepted' ? 503 : 200).end();
    });
    await world.append(emailId, accepted());
    await target.untilTold(emailId, 1);
    const [given] = await untilDelivery(webhookId, 'failed');
    expect(given).toMatchObject({ lastStatus: 503, lastFailure: 'refused' });
    await world.append(emailId, held([1]));
    await untilDelivery(webhookId, 'delivered');
    await world.pool.query('update webhook_deliveries set attempts = 7 where delivery_id = $1', [
      given!.deliveryId,
    ]);
    target.answer((response) => response.writeHead(200).end());
    const { body } = await ask('POST', `/${webhookId}/deliveries/${given!.deliveryId}/redeliver`);
    expect(body).toEqual({ deliveryId: given!.deliveryId });
    const before = target.told.length;
    while (target.told.length === before) await sleep(20);
    expect(target.told.at(-1)!.headers['webhook-id']).toBe(given!.webhookMessageId);
    // It begins anew, so that it does not wait as long as the last time.
    for (;;) {
      const { deliveries } = (await ask('GET', `/${webhookId}/deliveries`)).body;
      const again = deliveries.find(({ deliveryId }) => deliveryId === given!.deliveryId);
      if (again?.status === 'delivered') {
        expect(again.attempts).toBe(1);
        break;
      }
      await sleep(20);
    }
  });

  it('is told nothing by two at once, and by another one where the first is gone', async () => {
    await start();
    const { webhookId } = await create();
    await world.pool.query('update webhooks set enabled = false');
    const { body } = await ask('PATCH', `/${webhookId}`, { enabled: true });
    expect(body.enabled).toBe(true);
    await stop();
    await start({ pollMs: 100_000 });
    await world.pool.query(
      `insert into webhook_deliveries (delivery_id, webhook_id, event_id, type, payload, next_at, give_up_at, created_at,
         attempts, leased_until)
       values ($1, $2, $1, 'webhook.test', '{"type":"webhook.test","data":{}}', now(), now() + interval '1 h', now(), 1,
         now() + interval '1 h')`,
      [newEmailId(), webhookId],
    );
    await start();
    await sleep(400);
    expect(target.told).toEqual([]);
    await world.pool.query('update webhook_deliveries set leased_until = now()');
    while (target.told.length === 0) await sleep(20);
    expect((await untilDelivery(webhookId, 'delivered'))[0]!.attempts).toBe(2);
  });

  it('is signed by two secrets while one follows the other', async () => {
    await start();
    const { webhookId, secret } = await create();
    const { body: rotated } = await ask('POST', `/${webhookId}/secret`);
    expect(rotated.secret).not.toBe(secret);
    await ask('POST', `/${webhookId}/test`);
    while (target.told.length < 1) await sleep(20);
    const { body, headers } = target.told[0]!;
    for (const each of [secret, rotated.secret])
      new Webhook(each).verify(body, headers as Record<string, string>);
    const { rows } = await world.pool.query<{ secret: Buffer }>('select secret from webhooks');
    expect(rows[0]!.secret.toString('latin1')).not.toContain(rotated.secret.slice(6, 20));
    await ask('POST', `/${webhookId}/secret`, { overlapHours: 0 });
    await ask('POST', `/${webhookId}/test`);
    while (target.told.length < 2) await sleep(20);
    const last = target.told[1]!;
    expect(() =>
      new Webhook(rotated.secret).verify(last.body, last.headers as Record<string, string>),
    ).toThrow();
  });

  it('is disabled where it fails for too long, or says that it is gone, and can be enabled again', async () => {
    await start({ disableAfterHours: 0.3 / 3_600 });
    const { webhookId } = await create();
    target.answer((response) => response.writeHead(500).end());
    await ask('POST', `/${webhookId}/test`);
    const until = async (disabledBecause: string) => {
      for (;;) {
        const { body } = await ask('GET', `/${webhookId}`);
        if (!body.enabled) {
          expect(body.disabledBecause).toBe(disabledBecause);
          return;
        }
        await sleep(20);
      }
    };
    await until('failing');
    const tries = target.told.length;
    await sleep(500);
    expect(target.told).toHaveLength(tries);
    expect((await ask('POST', `/${webhookId}/test`)).status).toBe(422);
    target.answer((response) => response.writeHead(410).end());
    await ask('PATCH', `/${webhookId}`, { enabled: true });
    await until('gone');
    target.answer((response) => response.writeHead(200).end());
    const { body } = await ask('PATCH', `/${webhookId}`, { enabled: true });
    expect(body).toMatchObject({ enabled: true, disabledBecause: null });
    await untilDelivery(webhookId, 'delivered');
  });

  it('is not disabled by one failure after a time when nothing was to be told, whatever was given up before', async () => {
    const quiet = 2;
    await start({ disableAfterHours: quiet / 3_600, giveUpAfterHours: 0.5 / 3_600 });
    const { webhookId } = await create();
    target.answer((response) => response.writeHead(503).end());
    await ask('POST', `/${webhookId}/test`);
    await untilDelivery(webhookId, 'failed');
    await sleep((quiet + 0.1) * 1_000);
    expect((await ask('GET', `/${webhookId}`)).body).toMatchObject({ enabled: true, failingSince: null });
    const tries = target.told.length;
    let blips = 0;
    target.answer((response) => response.writeHead((blips += 1) === 1 ? 503 : 200).end());
    await ask('POST', `/${webhookId}/test`);
    await untilDelivery(webhookId, 'delivered');
    expect(target.told).toHaveLength(tries + 2);
    expect((await ask('GET', `/${webhookId}`)).body.enabled).toBe(true);
  });

  it('is disabled where one message after the other is given up, and there was always one to be told', async () => {
    await start({ disableAfterHours: 1.5 / 3_600, giveUpAfterHours: 0.5 / 3_600 });
    const { webhookId } = await create();
    target.answer((response) => response.writeHead(503).end());
    const telling = setInterval(() => void ask('POST', `/${webhookId}/test`), 150);
    let { body } = await ask('GET', `/${webhookId}`);
    for (; body.enabled; body = (await ask('GET', `/${webhookId}`)).body) await sleep(50);
    clearInterval(telling);
    expect(body.disabledBecause).toBe('failing');
    const { body: listed } = await ask('GET', `/${webhookId}/deliveries`);
    expect(listed.deliveries.at(-1)?.status).toBe('failed');
  });
});

describe('where it is told', () => {
  it.each([
    ['redirects it elsewhere', 302],
    ['answers with what never ends', 200],
  ])('nothing is followed or read of a target that %s', async (_, status) => {
    await start();
    const { webhookId } = await create();
    const location = `${target.url}/elsewhere`;
    target.answer((response) => {
      response.writeHead(status, { location });
      const more = () => response.write('x'.repeat(65_536)) && setImmediate(more);
      if (status === 200) more();
      else response.end();
    });
    await ask('POST', `/${webhookId}/test`);
    const [delivery] = await untilDelivery(webhookId, status === 200 ? 'delivered' : 'waiting');
    while (target.told.length === 0) await sleep(20);
    expect(target.told.every(({ path }) => path === '/told?by=us')).toBe(true);
    expect(delivery).toBeDefined();
  });

  it('nobody is trusted by a file without authorities: nothing starts', async () => {
    await expect(start({ caFile: '/dev/null' })).rejects.toThrow(
      'receipts.webhooks.caFile has no certificate in it: /dev/null',
    );
  });

  it.each([
    ['does not answer in time', 'timeout', {}],
    ['is in a private network, by its name', 'private-address', { allowNetworks: [] }],
    ['shows a certificate of somebody unknown', 'tls-not-verified', { caFile: undefined }],
  ])('a target that %s is told nothing: %s', async (_, failure, settings) => {
    await start(settings);
    const { webhookId } = await create();
    target.answer(() => undefined);
    await ask('POST', `/${webhookId}/test`);
    for (;;) {
      const { body } = await ask('GET', `/${webhookId}/deliveries`);
      if (body.deliveries[0]?.lastFailure === failure) break;
      await sleep(20);
    }
    if (failure !== 'timeout') expect(target.told).toEqual([]);
  });

  it.each([
    'http://example.org/x',
    'ftp://example.org/x',
    'nonsense',
    'https://user:secret@example.org/x',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[2002:a00:1::]/',
  ])('a URL is refused at once: %s', async (url) => {
    await start({ allowNetworks: [] });
    const { status, body } = await ask('POST', '', { url });
    expect([status, body.type]).toEqual([422, '/errors/webhook-refused']);
  });

  it.each([
    ['url', { url: 'https://example.org/\0' }],
    ['description', { description: 'a\0b' }],
  ])('what no database takes is refused by its name: %s', async (path, change) => {
    await start();
    const { webhookId } = await create();
    for (const [method, to, body] of [
      ['PATCH', `/${webhookId}`, change],
      ['POST', '', { url: 'https://example.org/x', ...change }],
    ] as const)
      expect(await ask(method, to, body)).toMatchObject({
        status: 422,
        body: { type: '/errors/invalid-request', errors: [expect.objectContaining({ path })] },
      });
  });
});

it('belongs to one organisation, and to its administrators', async () => {
  await start();
  const { webhookId } = await create();
  const paths = ['', `/${webhookId}`, `/${webhookId}/deliveries`];
  for (const path of paths) {
    expect((await ask('GET', path, undefined, null)).status).toBe(401);
    expect((await ask('GET', path, undefined, world.keys.demo)).status).toBe(403);
  }
  const others = world.keys.otherAdmin;
  expect((await ask('GET', '', undefined, others)).body.webhooks).toEqual([]);
  for (const [method, path, body] of [
    ['GET', `/${webhookId}`],
    ['GET', `/${webhookId}/deliveries`],
    ['PATCH', `/${webhookId}`, { enabled: false }],
    ['POST', `/${webhookId}/secret`, {}],
    ['POST', `/${webhookId}/test`],
    ['DELETE', `/${webhookId}`],
  ] as const)
    expect((await ask(method, path, body, others)).status).toBe(404);
  const emailId = newEmailId();
  await world.appendFor('other', emailId, accepted({ from: 'ole@other.example' }));
  await ask('POST', `/${webhookId}/test`);
  await untilDelivery(webhookId, 'delivered');
  await sleep(200);
  expect(target.typesOf(emailId)).toEqual([]);
  expect((await ask('DELETE', `/${webhookId}`)).status).toBe(204);
  expect((await ask('GET', `/${webhookId}`)).status).toBe(404);
  expect((await world.pool.query('select from webhook_deliveries')).rowCount).toBe(0);
});

it('lists page by page, of webhooks and of what they were told', async () => {
  await start();
  const made = [];
  for (const description of ['one', 'two', 'three']) made.push((await create({ description })).webhookId);
  const first = (await ask('GET', '?limit=2')).body;
  const rest = (await ask('GET', `?limit=2&cursor=${first.next}`)).body;
  expect([...first.webhooks, ...rest.webhooks].map((each) => each.webhookId)).toEqual(made);
  expect(rest.next).toBeNull();
  expect(JSON.stringify(first)).not.toContain('whsec_');
  for (let index = 0; index < 3; index += 1) await ask('POST', `/${made[0]}/test`);
  const page = (await ask('GET', `/${made[0]}/deliveries?limit=2`)).body;
  const next = (await ask('GET', `/${made[0]}/deliveries?limit=2&cursor=${page.next}`)).body;
  expect([page.deliveries.length, next.deliveries.length, next.next]).toEqual([2, 1, null]);
  expect((await ask('GET', '?cursor=nonsense')).status).toBe(400);
});
