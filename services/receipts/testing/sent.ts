// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, type EmailId } from '@securemail/contracts';
import type { ReceiptsWorld } from './running-receipts.ts';
import { accepted, delivered, planned, started } from './story.ts';

/** An email that was sent, and of which its sender was told. */
export async function sentIn(world: Pick<ReceiptsWorld, 'append' | 'told'>): Promise<EmailId> {
  const emailId = newEmailId();
  await world.append(
    emailId,
    accepted({ to: ['bo@citizen.example'] }),
    planned([1]),
    started(1),
    delivered(1),
  );
  while (!(await world.told(emailId)).some(({ name }) => name === 'ReceiptIssued')) await sleep(20);
  return emailId;
}
