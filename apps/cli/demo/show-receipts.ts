// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { DemoWorld } from '../world/demo-world.ts';
import { PEOPLE } from '../world/demo-files.ts';
import type { ListeningSystem } from './listening-system.ts';
import { subjectOf } from './receipt-subject.ts';

export interface ShownReceipts {
  problems: string[];
}

/** How long a system may wait for the end of a story. */
const PATIENCE_MS = 10_000;

/** Shows what senders and systems were told of some emails: by mail, signed, and over a webhook. */
export async function showReceipts(
  world: DemoWorld,
  system: ListeningSystem,
  emailIds: readonly string[],
  print: (text: string) => void,
): Promise<ShownReceipts> {
  const problems: string[] = [];
  print('What senders and systems are told\n');
  const keys = createLocalJWKSet(
    (await (await fetch(`${world.gateway.url}/v1/receipts/keys`)).json()) as JSONWebKeySet,
  );
  for (const emailId of emailIds) {
    const mails = world.ownMailServer
      .received()
      .filter(({ rcptTo, content }) => rcptTo.includes(PEOPLE.anna) && content.includes(emailId));
    for (const { content } of mails) {
      const actions = content.toString().match(/^(Action|Status): .*$/gm) ?? [];
      print(`  ✉ ${subjectOf(content)} (${actions.join(', ')})\n`);
      if (actions.length === 0) problems.push(`${emailId}: its receipt is no report`);
    }
    const signed = await fetch(`${world.gateway.url}/v1/emails/${emailId}/receipt`, {
      headers: { Authorization: `Bearer ${world.apiKey}`, Accept: 'application/jose' },
    });
    try {
      const { payload, protectedHeader } = await compactVerify(await signed.text(), keys);
      const { receipt } = JSON.parse(Buffer.from(payload).toString()) as { receipt: { outcome: string } };
      print(`    signed receipt: ${receipt.outcome}, verified (${protectedHeader.alg})\n`);
    } catch {
      problems.push(`${emailId}: its signed receipt can not be verified`);
    }
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (system.toldOf(emailId).at(-1) !== 'receipt.issued' && Date.now() < giveUpAt) await sleep(50);
    const told = system.toldOf(emailId);
    print(`    webhook: ${told.join(' → ')}\n`);
    if (told.at(-1) !== 'receipt.issued') problems.push(`${emailId}: no system was told how it ended`);
  }
  if (system.forged() > 0) problems.push('a webhook was told something that is not signed');
  return { problems };
}
