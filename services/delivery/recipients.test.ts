// SPDX-License-Identifier: Apache-2.0
import { inWorld, LONG } from './testing/in-world.ts';

const BO = 'bo@citizen.example';
const KIM = 'kim@citizen.example';

it.each([
  ['the connection dies after the final dot', { phase: 'final-dot', action: 'drop' }, 'OutcomeUnknown'],
  ['DATA is put off', { phase: 'data', action: { reply: '451 4.3.0 Later' } }, 'Deferred'],
  ['the connection dies in the content', { phase: 'content', action: 'drop' }, 'Deferred'],
] as const)('knows who was refused, also when afterwards %s', (_, rule, others) =>
  inWorld({}, async (world) => {
    const action = { reply: '550 5.1.1 No such user' } as const;
    world.outside.misbehave({ phase: 'rcpt-to', recipient: KIM, action, times: 1 });
    world.outside.misbehave({ ...rule, times: 1 });
    const emailId = await world.protect([BO, KIM], 'smime-personal', LONG);
    expect((await world.event(emailId, others)).data.recipientIds).toEqual(['r1']);
    const { data } = await world.event(emailId, 'Bounced');
    expect(data).toMatchObject({ recipientIds: ['r2'], phase: 'rcpt-to', reply: { code: 550 } });
    expect((await world.event(emailId, 'Delivered')).data.recipientIds).toEqual(['r1']);
  }),
);

it('blames no recipient for what was said to the sender', () =>
  inWorld({}, async (world) => {
    // With PIPELINING the recipients are named all the same, and are answered 503.
    world.outside.misbehave({ phase: 'mail-from', action: { reply: '451 4.3.0 Later' }, times: 1 });
    world.outside.misbehave({ phase: 'data', action: 'drop', times: 1 });
    const emailId = await world.protect([BO, KIM]);
    const { data } = await world.event(emailId, 'Deferred');
    expect(data).toMatchObject({ recipientIds: ['r1', 'r2'], phase: 'mail-from', reply: { code: 451 } });
    await world.event(emailId, 'Delivered');
  }));
