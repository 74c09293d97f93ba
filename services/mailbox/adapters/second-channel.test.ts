// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '@securemail/event-log';
import { smsGateway, type Behaviour } from '../testing/sms-gateway.ts';
import { httpSmsGateway } from './http-sms-gateway.ts';
import type { SecondChannel } from './second-channel.ts';

const MESSAGE = { number: '+4512345678', text: '123456 er din kode, "Æblegård" & søn' };

/** What every second channel has to do, whatever carries it. */
const CONTRACT: [Behaviour, boolean][] = [
  ['takes', true],
  ['fails once', true],
  ['never ends', true],
  ['refuses', false],
  ['fails', false],
  ['is silent', false],
  ['redirects', false],
  ['hangs up', false],
];

let gateway: Awaited<ReturnType<typeof smsGateway>>;
beforeEach(async () => {
  gateway = await smsGateway();
});
afterEach(() => gateway.close());

const JSON_BODY = '{"to":"{number}","message":"{text}","from":"Demo"}';
const open = (more: object = {}): SecondChannel =>
  httpSmsGateway({
    url: gateway.url,
    headers: { Authorization: 'Bearer a-secret' },
    contentType: 'application/json',
    body: JSON_BODY,
    timeoutSeconds: 0.5,
    tries: 2,
    ...more,
  });

describe.each([['an HTTP gateway', open]])('%s', (_, channel) => {
  it.each(CONTRACT)(
    'that %s: sent is %s, and a fault names neither number nor text',
    async (behaviour, isSent) => {
      gateway.behave(behaviour);
      const sending = channel().send(MESSAGE);
      if (isSent) {
        await expect(sending).resolves.toBeUndefined();
        return;
      }
      const fault = await sending.then(() => null, String);
      expect(fault).toMatch(/was not taken/);
      expect(fault).not.toMatch(/12345678|123456|kode|a-secret/);
    },
  );
});

it.each<[Behaviour | 'is away', string]>([
  ['fails', 'NotTakenError answered 500'],
  ['refuses', 'NotTakenError answered 400'],
  ['is silent', 'NotTakenError TimeoutError'],
  ['is away', 'NotTakenError ECONNREFUSED'],
])('the log can say why, where it %s', async (behaviour, reason) => {
  if (behaviour === 'is away') await gateway.close();
  else gateway.behave(behaviour);
  const fault = await open()
    .send(MESSAGE)
    .catch((error: unknown) => error);
  expect(reasonOf(fault)).toBe(reason);
});

it('is posted what the setting says, whatever stands in the text', async () => {
  await open().send(MESSAGE);
  expect(gateway.posted).toEqual([
    {
      body: JSON.stringify({ to: MESSAGE.number, message: MESSAGE.text, from: 'Demo' }),
      contentType: 'application/json',
      authorization: 'Bearer a-secret',
    },
  ]);
});

it('as a form, too', async () => {
  const form = { contentType: 'application/x-www-form-urlencoded', body: 'to={number}&text={text}' };
  await open(form).send(MESSAGE);
  expect(Object.fromEntries(new URLSearchParams(gateway.posted[0]!.body))).toEqual({
    to: MESSAGE.number,
    text: MESSAGE.text,
  });
});

it('what stands in a text is not taken for a place in the template', async () => {
  await open().send({ ...MESSAGE, text: '{number} $& $1' });
  expect(JSON.parse(gateway.posted[0]!.body)).toMatchObject({ message: '{number} $& $1' });
});

it.each<[Behaviour, number]>([
  ['refuses', 1],
  ['redirects', 1],
  ['fails', 2],
  ['hangs up', 2],
])('one that %s is asked %i times, and followed nowhere', async (behaviour, times) => {
  gateway.behave(behaviour);
  await open()
    .send(MESSAGE)
    .catch(() => undefined);
  expect([gateway.posted.length, gateway.elsewhere()]).toEqual([times, 0]);
});

it('an answer without end is not read', async () => {
  gateway.behave('never ends');
  await open().send(MESSAGE);
  expect(gateway.written()).toBeLessThan(16 * 1024 * 1024);
});
