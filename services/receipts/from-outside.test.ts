// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId } from '@securemail/contracts';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import { accepted, bounced, delivered, started } from './testing/story.ts';

let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openReceiptsWorld();
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const came = accepted({
  from: 'bo@citizen.example',
  to: ['anna@demo.example', 'ib@demo.example'],
  inbound: true,
});

describe('a mail from outside', () => {
  it('that arrived is told to nobody', async () => {
    const emailId = newEmailId();
    await world.append(emailId, came, started(1, 2), delivered(1, 2));
    await world.until(`/v1/emails/${emailId}`, ({ state }) => state === 'sent');
    await sleep(500);
    expect(await world.told(emailId)).toEqual([]);
    const { status, body } = await world.get(`/v1/emails/${emailId}/receipt`);
    expect([status, body.type]).toEqual([404, '/errors/no-receipt']);
    expect(JSON.stringify(body)).not.toContain('under way');
  });

  it('that can not be delivered is told to the postmaster, and not to whom it says that it is from', async () => {
    const emailId = newEmailId();
    await world.append(emailId, came, started(1, 2), delivered(1), bounced(2));
    while ((await world.told(emailId)).length === 0) await sleep(20);
    const [told] = await world.told(emailId);
    expect(told).toMatchObject({
      name: 'ReceiptIssued',
      data: { kind: 'final', outcome: 'partly-sent' },
      personal: { recipient: 'postmaster@demo.example' },
    });
    const mail = await world.receiptMail(emailId);
    expect(mail.subject).toBe('Not delivered: Journal');
    expect(mail.text).toContain('It says that it is from bo@citizen.example.');
    expect(mail.text).toContain('ib@demo.example');
    // What a sender could do, a postmaster can't.
    expect(mail.text).not.toContain('Check the address');
    expect(mail.text).toContain(
      `refused it (550 5.1.1). The mail’s history (GET /v1/emails/${emailId}/events) names the server`,
    );
    await world.until(`/v1/emails/${emailId}/receipt`, ({ outcome }) => outcome === 'partly-sent');
  });
});
