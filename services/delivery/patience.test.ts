// SPDX-License-Identifier: Apache-2.0
import { inWorld, namesOf } from './testing/in-world.ts';

const BO = 'bo@citizen.example';
const STRAIGHT = ['DeliveryAttemptStarted', 'Delivered'];

describe('a server that takes its time', () => {
  it.each(['greeting', 'ehlo', 'starttls'] as const)(
    'at %s is waited for longer than a connection',
    (phase) =>
      inWorld({ delivery: { connectTimeoutSeconds: 0.5, replyTimeoutSeconds: 5 } }, async (world) => {
        world.outside.misbehave({ phase, action: { delay: 1_000 } });
        const emailId = await world.protect([BO]);
        await world.event(emailId, 'Delivered');
        expect(await namesOf(world, emailId)).toEqual(STRAIGHT);
      }),
  );

  it('after the final dot is waited for longest, for giving up would leave the outcome unknown', () =>
    inWorld({ delivery: { replyTimeoutSeconds: 0.7, finalDotTimeoutSeconds: 5 } }, async (world) => {
      world.outside.misbehave({ phase: 'final-dot', action: { delay: 1_500 } });
      const emailId = await world.protect([BO]);
      await world.event(emailId, 'Delivered');
      expect(await namesOf(world, emailId)).toEqual(STRAIGHT);
    }));

  it('after one final dot gets no longer for the rest of the next mail', () =>
    inWorld({ delivery: { replyTimeoutSeconds: 1, finalDotTimeoutSeconds: 60 } }, async (world) => {
      await world.event(await world.protect([BO]), 'Delivered');
      world.outside.misbehave({ phase: 'mail-from', action: 'hang' });
      const { data } = await world.event(await world.protect([BO]), 'Deferred');
      expect(data).toMatchObject({ phase: 'mail-from', failure: 'timeout' });
    }));
});

it.each([
  ['connect', 'greeting', 'timeout'],
  ['greeting', 'greeting', 'timeout'],
  ['ehlo', 'greeting', 'timeout'],
  ['starttls', 'tls', 'tls-failed'],
] as const)('a server that hangs at %s is said to have failed at %s (%s)', (at, phase, failure) =>
  inWorld({}, async (world) => {
    world.outside.misbehave({ phase: at, action: 'hang' });
    const { data } = await world.event(await world.protect([BO]), 'Deferred');
    expect(data).toMatchObject({ phase, failure, reply: null });
  }),
);

describe('a server that drips a reply without end', () => {
  const delivery = { replyTimeoutSeconds: 0.5, finalDotTimeoutSeconds: 1.5, connectTimeoutSeconds: 1 };

  it.each([
    ['greeting', 'greeting'],
    ['ehlo', 'greeting'],
    ['mail-from', 'mail-from'],
    ['data', 'mail-from'],
  ] as const)('at %s is given up', (at, phase) =>
    inWorld({ delivery: { ...delivery, retrySeconds: [3_600] } }, async (world) => {
      world.outside.misbehave({ phase: at, action: { drip: 100 } });
      const { data } = await world.event(await world.protect([BO]), 'Deferred');
      expect(data).toMatchObject({ phase, failure: 'timeout', reply: null });
    }),
  );

  it('after the final dot leaves the outcome unknown', () =>
    inWorld({ delivery: { ...delivery, retrySeconds: [3_600] } }, async (world) => {
      world.outside.misbehave({ phase: 'final-dot', action: { drip: 100 } });
      const emailId = await world.protect([BO]);
      await world.event(emailId, 'OutcomeUnknown');
      expect(await namesOf(world, emailId)).toEqual(['DeliveryAttemptStarted', 'OutcomeUnknown']);
    }));
});

it('a server that is not there is said not to have been connected to', () => {
  const delivery = { outside: { routes: [{ domain: '*', host: '127.0.0.1', port: 1 }] } };
  return inWorld({ delivery }, async (world) => {
    const { data } = await world.event(await world.protect([BO]), 'Deferred');
    expect(data).toMatchObject({ phase: 'connect', failure: 'connection-refused', reply: null });
  });
});
