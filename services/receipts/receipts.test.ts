// SPDX-License-Identifier: Apache-2.0
import { newEmailId, type EmailId } from '@securemail/contracts';
import { createApiKey } from '@securemail/service';
import { openReceiptsWorld, type Answer, type ReceiptsWorld } from './testing/running-receipts.ts';
import {
  accepted,
  BO,
  bounced,
  deferred,
  delivered,
  held,
  KIM,
  madeFor,
  planned,
  receiptDelivered,
  refused,
  reported,
  started,
} from './testing/story.ts';

const auditing = createApiKey('auditing');
let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openReceiptsWorld({
    moreKeys: {
      demo: [{ id: 'auditing', sha256: auditing.sha256, scopes: ['emails:read', 'audit'] }],
    },
  });
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});
afterEach(() => {
  world.setClock(null);
});

const expectProblem = (answer: Answer, status: number, name: string) => {
  expect(answer.type).toContain('application/problem+json');
  expect([answer.status, answer.body.status, answer.body.type]).toEqual([status, status, `/errors/${name}`]);
};

describe('where an email stands', () => {
  it('is shown at each step of its way', async () => {
    const emailId = newEmailId();
    const path = `/v1/emails/${emailId}`;
    const recipient = async (status: string) =>
      (await world.until(path, ({ recipients }) => recipients[0]!.status === status)).recipients[0];
    await world.append(emailId, accepted());
    expect(await world.until(path, () => true)).toMatchObject({
      emailId,
      state: 'accepted',
      from: 'anna@demo.example',
      subject: 'Journal',
      messageId: '<1@demo.example>',
      deadlineMissed: false,
      settledAt: null,
      acceptedToSentMs: null,
      receipt: null,
      recipients: [{ recipientId: 'r1', address: BO, method: null, status: 'accepted', attempts: 0 }],
    });
    await world.append(emailId, planned([1]), madeFor([BO]));
    expect(await recipient('protected')).toMatchObject({
      method: 'smime-personal',
      passedOver: [{ method: 'internal', because: 'not-an-own-domain', text: expect.any(String) }],
    });
    await world.append(emailId, started(1));
    expect(await recipient('attempting')).toMatchObject({ attempts: 1 });
    await world.append(emailId, deferred(1));
    expect(await recipient('deferred')).toMatchObject({ reply: { code: 450, enhancedCode: '4.2.1' } });
    await world.append(emailId, started(1), delivered(1));
    expect(await recipient('sent')).toMatchObject({ attempts: 2, reply: { code: 250 } });
    const told = await world.until(path, ({ receipt }) => receipt !== null);
    expect(told).toMatchObject({ state: 'sent', receipt: { outcome: 'sent', deliveredAt: null } });
    expect(Date.parse(told.settledAt!) - Date.parse(told.acceptedAt)).toBe(told.acceptedToSentMs);
    await world.append(emailId, receiptDelivered());
    await world.until(path, ({ receipt }) => receipt!.deliveredAt !== null);
  });

  it('ends with what the other side reports later, and the sender is told so', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted({ to: [BO, KIM] }), planned([1, 2]), madeFor([BO, KIM]));
    await world.append(emailId, started(1, 2), delivered(1, 2));
    expect((await world.receiptMail(emailId)).text).toContain('sent securely to everyone');
    await world.append(emailId, reported('delayed', 2), reported('failed', 2));
    const { text } = await world.receiptMail(emailId, 2);
    expect(text).toContain(`${KIM}\n  Not sent: the recipient’s mail server took it, and reported later`);
    const path = `/v1/emails/${emailId}`;
    expect(await world.until(path, ({ state }) => state === 'partly-sent')).toMatchObject({
      recipients: [
        { status: 'sent' },
        { status: 'bounced', reply: { code: 550 }, failure: 'reported-later' },
      ],
    });
    const events = await world.until(`${path}/events`, () => true);
    expect(JSON.stringify(events)).toContain('"diagnostic":"smtp; 550 5.1.1 No such user"');
  });

  it('does not depend on the order in which the services are heard', async () => {
    const to = [BO, KIM, 'lea@citizen.example'];
    const tales = {
      intake: [accepted({ to })],
      crypto: [planned([1, 2]), madeFor([BO, KIM]), held([3])],
      delivery: [started(1, 2), delivered(1), bounced(2)],
    };
    const orders = [
      ['intake', 'crypto', 'delivery'],
      ['delivery', 'crypto', 'intake'],
      ['crypto', 'delivery', 'intake'],
      ['delivery', 'intake', 'crypto'],
      ['intake', 'delivery', 'crypto'],
      ['crypto', 'intake', 'delivery'],
    ] as const;
    for (const order of orders) {
      const emailId = newEmailId();
      for (const service of order) {
        await world.appendFor('demo', emailId, ...tales[service]);
        // Not before it is known the next service is heard.
        for (;;) {
          const sql = 'select from history where email_id = $1 and source = $2';
          if ((await world.pool.query(sql, [emailId, service])).rowCount === tales[service].length) break;
        }
        if (service !== order[2] && !order.slice(0, order.indexOf(service) + 1).includes('intake'))
          expectProblem(await world.get(`/v1/emails/${emailId}`), 404, 'email-not-found');
      }
      const email = await world.until(`/v1/emails/${emailId}`, ({ receipt }) => receipt !== null);
      expect(email.state).toBe('partly-sent');
      expect(email.recipients.map(({ status }) => status)).toEqual(['sent', 'bounced', 'held']);
      expect((await world.told(emailId)).map(({ name }) => name)).toEqual(['ReceiptIssued']);
    }
  });

  it('names nobody once the email was erased', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted(), planned([1]), madeFor([BO]));
    await world.until(`/v1/emails/${emailId}`, ({ state }) => state === 'in-progress');
    await running.close();
    await world.vault.erase(emailId);
    running = await world.start();
    const { body } = await world.get(`/v1/emails/${emailId}`);
    expect(body).toMatchObject({ state: 'in-progress', from: null, subject: null, messageId: null });
    expect(body.recipients).toMatchObject([{ recipientId: 'r1', address: null }]);
    const { body: history } = await world.get(`/v1/emails/${emailId}/events`);
    expect(JSON.stringify([body, history])).not.toMatch(/bo@|anna@|Journal/);
    expect(history.events[0]).toMatchObject({ name: 'EmailAccepted', personal: null, erased: true });
  });
});

describe('the history of an email', () => {
  it('shows every event with what was in it, oldest first', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted(), planned([1]), madeFor([BO]), started(1), bounced(1));
    const { events } = await world.until(
      `/v1/emails/${emailId}/events`,
      ({ events: all }) => all.length >= 6,
    );
    expect(events.map(({ source, sequence, name }) => [source, sequence, name])).toEqual([
      ['intake', 1, 'EmailAccepted'],
      ['crypto', 1, 'ProtectionPlanned'],
      ['crypto', 2, 'EmailProtected'],
      ['delivery', 1, 'DeliveryAttemptStarted'],
      ['delivery', 2, 'Bounced'],
      ['receipts', 1, 'ReceiptIssued'],
    ]);
    expect(events[4]).toMatchObject({
      data: { reply: { code: 550, enhancedCode: '5.1.1' } },
      personal: { replyText: 'No such user bo@citizen.example' },
      erased: false,
    });
  });

  it('keeps the order of the services where the clock shows one and the same time', async () => {
    world.setClock('2026-01-01T00:00:00.000Z');
    for (let round = 0; round < 5; round += 1) {
      const emailId = newEmailId();
      const story = [started(1), deferred(1), planned([1]), madeFor([BO]), accepted()];
      await world.appendFor('demo', emailId, ...story);
      const path = `/v1/emails/${emailId}/events`;
      const { events } = await world.until(path, ({ events: all }) => all.length === 5);
      expect(events.map(({ name }) => name)).toEqual([
        'EmailAccepted',
        'ProtectionPlanned',
        'EmailProtected',
        'DeliveryAttemptStarted',
        'Deferred',
      ]);
    }
  });
});

describe('who may ask', () => {
  it.each(['', '/events', '/receipt'])(
    'is nobody without a key that reads: /v1/emails/{id}%s',
    async (rest) => {
      const emailId = newEmailId();
      await world.append(emailId, accepted(), held([1]));
      await world.until(`/v1/emails/${emailId}/receipt`, () => true);
      const path = `/v1/emails/${emailId}${rest}`;
      expectProblem(await world.get(path, null), 401, 'unauthenticated');
      expectProblem(await world.get(path, `${world.keys.demo}x`), 401, 'unauthenticated');
      expectProblem(await world.get(path, world.keys.sending), 403, 'forbidden');
      expect((await world.get(path)).status).toBe(200);
    },
  );

  it.each(['', '/events', '/receipt'])(
    'never learns of another organisation’s email, not even that it is there: /v1/emails/{id}%s',
    async (rest) => {
      const emailId = newEmailId();
      await world.append(emailId, accepted(), held([1]));
      await world.until(`/v1/emails/${emailId}/receipt`, () => true);
      const theirs = await world.get(`/v1/emails/${emailId}${rest}`, world.keys.other);
      const nobodys = await world.get(`/v1/emails/${newEmailId()}${rest}`, world.keys.other);
      expectProblem(theirs, 404, 'email-not-found');
      expect(theirs).toEqual(nobodys);
    },
  );

  it('takes an id as it may be typed, in capitals, too', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted(), held([1]));
    await world.until(`/v1/emails/${emailId}/receipt`, () => true);
    for (const rest of ['', '/events', '/trace', '/receipt']) {
      const known = await world.get(`/v1/emails/${emailId}${rest}`);
      expect(known.status).toBe(200);
      expect(await world.get(`/v1/emails/${emailId.toUpperCase()}${rest}`)).toEqual(known);
    }
  });

  it('leaves a look, once a day, where it may audit or administer, and none where it follows what it sent', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted(), held([1]));
    await world.until(`/v1/emails/${emailId}/events`, () => true);
    const looks = async () =>
      (await world.told(emailId)).flatMap((event) =>
        event.name === 'EmailInspected' ? [[event.data.keyId, event.personal?.by]] : [],
      );
    expect(await looks()).toEqual([]);
    let days = 0;
    for (const rest of ['', '/receipt', '/events', '/trace']) {
      for (let time = 0; time < 2; time += 1) await world.get(`/v1/emails/${emailId}${rest}`, auditing.key);
      days += 1;
      expect(await looks()).toEqual(Array(days).fill(['auditing', 'auditing']));
      await world.pool.query(`update key_inspected set on_day = on_day - 1`);
    }
  });

  it('leaves what it looked for, each time, where it may audit or administer, and none where it follows what it sent', async () => {
    const searches = async () => {
      const { rows } = await world.pool.query<{ emailId: EmailId }>(
        `select email_id as "emailId" from events where name = 'ConsoleSearched' order by txid, position`,
      );
      const told = await Promise.all(rows.map(({ emailId }) => world.told(emailId)));
      return told.flat().map((event) => [event.data, event.personal]);
    };
    const asked = ['?address=bo@citizen.example', '?state=held'];
    for (const query of asked) await world.get(`/v1/emails${query}`);
    expect(await searches()).toEqual([]);
    for (const query of asked) expect((await world.get(`/v1/emails${query}`, auditing.key)).status).toBe(200);
    expect(await searches()).toEqual([
      [{ kind: 'address' }, { by: 'auditing', sought: 'bo@citizen.example' }],
      [{ kind: 'time-and-state' }, { by: 'auditing', sought: 'state=held' }],
    ]);
  });

  it.each(['none', '01a20fba-a143-4702-b57c-87f8edcb9f3d', '%00', "'"])(
    'with an id that can be nobody’s is told that there is no such email: %s',
    async (id) => {
      for (const rest of ['', '/events', '/receipt'])
        expectProblem(await world.get(`/v1/emails/${id}${rest}`), 404, 'email-not-found');
    },
  );

  it('finds no email where a submission was refused', async () => {
    const [emailId, later] = [newEmailId(), newEmailId()];
    await world.append(emailId, refused());
    await world.append(later, accepted());
    await world.until(`/v1/emails/${later}`, () => true);
    expectProblem(await world.get(`/v1/emails/${emailId}`), 404, 'email-not-found');
    expectProblem(await world.get(`/v1/emails/${emailId}/events`), 404, 'email-not-found');
  });
});
