// SPDX-License-Identifier: Apache-2.0
import { newEmailId, type EmailId } from '@securemail/contracts';
import { MAIL } from './testing/mails.ts';
import {
  API_KEYS,
  BO,
  KIM,
  openMailboxWorld,
  type Browser,
  type MailboxWorld,
} from './testing/running-mailbox.ts';

let world: MailboxWorld;
let running: { url: string; close(): Promise<void> };
let bo: Browser;
beforeAll(async () => {
  world = await openMailboxWorld();
  running = await world.start();
  bo = world.browser();
  await world.signIn(bo, (await world.notified(await world.protectedFor([BO], MAIL))).link, BO);
});
afterAll(async () => {
  await running.close();
  await world.close();
});

interface Withdrawn {
  recipients: { recipientId: string; openedAt: string | null; withdrawnAt: string | null }[];
}
async function withdraw(emailId: string, body: object = {}, id = 'anna') {
  const response = await fetch(`${running.url}/v1/emails/${emailId}/withdraw`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${API_KEYS.find((each) => each.id === id)!.key}`,
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Withdrawn & { type?: string };
  return { status: response.status, answer, type: answer.type?.replace('/errors/', '') };
}
const withdrawals = async (emailId: EmailId) =>
  (await world.events(emailId)).filter(({ name }) => name === 'MailboxMessageWithdrawn');

it('a message that is taken back is gone for its reader, its link and its list, and its sender knows whether it was opened', async () => {
  const emailId = await world.protectedFor([BO, KIM], MAIL);
  const deposits = await world.deposits(emailId, 2);
  const { messageId } = deposits[0]!.data;
  const { link } = await world.notified(emailId, 1);
  expect((await bo.ask('GET', `messages/${messageId}`)).status).toBe(200);
  const { status, answer } = await withdraw(emailId);
  expect(status).toBe(200);
  expect(answer.recipients).toEqual([
    { recipientId: 'r1', openedAt: expect.any(String), withdrawnAt: expect.any(String) },
    { recipientId: 'r2', openedAt: null, withdrawnAt: expect.any(String) },
  ]);
  for (const path of ['', '/body', '/parts/1', '/message.eml', '/message.pdf'])
    expect((await bo.ask('GET', `messages/${messageId}${path}`)).status).toBe(410);
  expect((await bo.ask('GET', `links/${link}`)).status).toBe(410);
  const { conversations } = (await bo.ask('GET', 'conversations')).body as unknown as {
    conversations: { messageId: string }[];
  };
  expect(conversations.map((each) => each.messageId)).not.toContain(messageId);
  expect(await withdrawals(emailId)).toMatchObject([
    { data: { recipientIds: ['r1'], openedAt: answer.recipients[0]!.openedAt, withdrawnBy: 'anna' } },
    { data: { recipientIds: ['r2'], openedAt: null } },
  ]);
  // At once, so that nobody is told that it still lies there for one of them.
  const { rows } = await world.pool.query(
    `select distinct xmin::text from events where email_id = $1 and name = 'MailboxMessageWithdrawn'`,
    [emailId],
  );
  expect(rows).toHaveLength(1);
});

it('is taken back once, also by several at once, and from whom it is asked alone', async () => {
  const emailId = await world.protectedFor([BO, KIM], MAIL);
  await world.deposits(emailId, 2);
  const all = await Promise.all([1, 2, 3].map(() => withdraw(emailId, { recipientIds: ['r2'] })));
  all.push(await withdraw(emailId, { recipientIds: ['r2'] }));
  expect(new Set(all.map(({ answer }) => JSON.stringify(answer.recipients))).size).toBe(1);
  expect(await withdrawals(emailId)).toHaveLength(1);
});

it('what its reader closed, or whose time was over, is not taken back', async () => {
  const emailId = await world.protectedFor([BO], MAIL);
  const [deposit] = await world.deposits(emailId);
  await bo.ask('POST', `messages/${deposit!.data.messageId}/decline`);
  expect((await withdraw(emailId)).answer.recipients).toMatchObject([{ withdrawnAt: null }]);
  expect(await withdrawals(emailId)).toEqual([]);
});

it.each([
  ['another sender', 'ib', 404, 'not-in-mailbox'],
  ['who may only read', 'reads', 403, 'forbidden'],
])('%s takes nothing back', async (_, id, status, type) => {
  const emailId = await world.protectedFor([BO], MAIL);
  await world.deposits(emailId);
  expect(await withdraw(emailId, {}, id)).toMatchObject({ status, type });
  expect(await withdrawals(emailId)).toEqual([]);
});

it('what is not there is not taken back', async () => {
  for (const emailId of [newEmailId(), 'x', await world.protectedFor([BO], MAIL, 'smime-personal')])
    expect(await withdraw(emailId)).toMatchObject({ status: 404, type: 'not-in-mailbox' });
  const emailId = await world.protectedFor([BO], MAIL);
  await world.deposits(emailId);
  expect(await withdraw(emailId, { recipientIds: ['r7'] })).toMatchObject({ status: 404 });
  expect(await withdraw(emailId, { recipients: [] })).toMatchObject({ status: 422 });
});

describe('while many of its recipients come at once', () => {
  const SOME = Array.from({ length: 12 }, (_, index) => `reader-${index}@citizen.example`);
  let readers: Browser[];
  beforeAll(async () => {
    const emailId = await world.protectedFor(SOME, MAIL);
    await world.deposits(emailId, SOME.length);
    readers = SOME.map(() => world.browser());
    for (const [index, reader] of readers.entries())
      await world.signIn(reader, (await world.notified(emailId, index + 1)).link, SOME[index]);
  });
  const deposited = async () => {
    const emailId = await world.protectedFor(SOME, MAIL);
    const deposits = await world.deposits(emailId, SOME.length);
    const ask = (method: string, path = '') =>
      readers.map(async (reader, index) => {
        const { status } = await reader.ask(method, `messages/${deposits[index]!.data.messageId}${path}`);
        return status;
      });
    return { emailId, ask };
  };
  const times = async (emailId: EmailId, name: string) =>
    (await world.events(emailId)).filter((event) => event.name === name).length;

  it('each of them reads it, and each may say that it is not for him', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { emailId, ask } = await deposited();
      expect(new Set(await Promise.all(ask('GET')))).toEqual(new Set([200]));
      expect(await times(emailId, 'MailboxMessageOpened')).toBe(SOME.length);
      expect(new Set(await Promise.all(ask('POST', '/decline')))).toEqual(new Set([204]));
      expect(await times(emailId, 'MailboxMessageDeclined')).toBe(SOME.length);
    }
  });

  it('it is taken back from all of them, and its sender knows who had opened it before', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { emailId, ask } = await deposited();
      const opening = ask('GET');
      const { status, answer } = await withdraw(emailId);
      expect(status).toBe(200);
      expect(answer.recipients).toHaveLength(SOME.length);
      expect(answer.recipients.map(({ withdrawnAt }) => withdrawnAt)).not.toContain(null);
      for (const code of await Promise.all(opening)) expect([200, 410]).toContain(code);
      const opened = answer.recipients.filter(({ openedAt }) => openedAt !== null);
      expect(await times(emailId, 'MailboxMessageOpened')).toBe(opened.length);
      expect(
        (await withdrawals(emailId)).filter(({ data }) => 'openedAt' in data && data.openedAt),
      ).toHaveLength(opened.length);
    }
  });

  it('what is taken back and is not for its reader at the same moment is one of both, and its sender told of that', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { emailId, ask } = await deposited();
      const declining = ask('POST', '/decline');
      await withdraw(emailId);
      const declined = (await Promise.all(declining)).filter((status) => status === 204).length;
      expect(await times(emailId, 'MailboxMessageDeclined')).toBe(declined);
      expect(await withdrawals(emailId)).toHaveLength(SOME.length - declined);
    }
  });
});

describe('the link of a receipt', () => {
  const linked = async (to = [BO]) => {
    const emailId = await world.protectedFor(to, MAIL);
    const deposits = await world.deposits(emailId, to.length);
    const [secret = ''] = deposits.flatMap(({ personal }) => personal?.takeBack ?? []);
    return { emailId, secret, messageId: deposits[0]!.data.messageId };
  };
  const nobody = () => world.browser();

  it('takes a message back from one recipient, once, by who has it, signed in or not', async () => {
    const { emailId, secret, messageId } = await linked([BO, KIM]);
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const before = await nobody().ask('GET', `take-backs/${secret}`);
    expect(before.body).toMatchObject({ openedAt: null, withdrawnAt: null });
    expect(await withdrawals(emailId)).toEqual([]);
    await bo.ask('GET', `messages/${messageId}`);
    const all = await Promise.all([1, 2, 3].map(() => nobody().ask('POST', `take-backs/${secret}`)));
    expect(new Set(all.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(all[0]!.body).toMatchObject({ openedAt: expect.any(String), withdrawnAt: expect.any(String) });
    expect(await withdrawals(emailId)).toMatchObject([
      { data: { recipientIds: ['r1'], withdrawnBy: 'link' } },
    ]);
    expect((await bo.ask('GET', `messages/${messageId}`)).status).toBe(410);
  });

  it('leads nowhere where it is another one, and does nothing for a page elsewhere', async () => {
    const { emailId, secret } = await linked();
    const { link } = await world.notified(emailId);
    for (const other of [link, `${secret.slice(0, -1)}-`, 'x'])
      expect((await nobody().ask('POST', `take-backs/${other}`)).status).toBe(404);
    const elsewhere = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    expect((await nobody().ask('POST', `take-backs/${secret}`, undefined, elsewhere)).status).toBe(403);
    expect(await withdrawals(emailId)).toEqual([]);
  });

  it('says so where there is nothing left to be taken back', async () => {
    const { secret, messageId } = await linked();
    await bo.ask('POST', `messages/${messageId}/decline`);
    expect((await nobody().ask('POST', `take-backs/${secret}`)).status).toBe(410);
  });
});
