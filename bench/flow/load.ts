// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { PEOPLE } from '@securemail/cli/world';
import type { MeasuredGateway } from '../gateway-process.ts';
import { handInOne, textOf } from '../hand-in.ts';

export interface Load {
  rate: number;
  mails: number;
  bytes: number;
}

/** Hands in mails at a fixed rate whatever the answers (open loop), so that a slow gateway is not spared. */
export async function handIn(gateway: MeasuredGateway, { rate, mails, bytes }: Load): Promise<void> {
  const mail = { to: PEOPLE.person, subject: 'Bench', text: textOf(bytes) };
  const begin = performance.now();
  const answers: Promise<void>[] = [];
  for (let index = 0; index < mails; index += 1) {
    const wait = begin + (index / rate) * 1_000 - performance.now();
    if (wait > 1) await sleep(wait);
    answers.push(handInOne(gateway, mail));
  }
  await Promise.all(answers);
}

export interface SentEmail {
  acceptedAt: string;
  acceptedToSentMs: number;
}

/** The newest `mails` emails, once all are sent. */
export async function sentEmails(gateway: MeasuredGateway, mails: number): Promise<SentEmail[]> {
  for (;;) {
    const emails = await newest(gateway, mails);
    const sent = emails.filter((email): email is SentEmail => email.acceptedToSentMs !== null);
    if (sent.length === mails) return sent;
    await sleep(1_000);
  }
}

interface Page {
  emails: { acceptedAt: string; acceptedToSentMs: number | null }[];
  next: string | null;
}

async function newest({ url, apiKey }: MeasuredGateway, mails: number): Promise<Page['emails']> {
  const emails: Page['emails'] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${cursor}`;
    const response = await fetch(`${url}/v1/emails?limit=200${after}`, {
      headers: { Authorization: `Bearer ${apiKey}` },
    });
    // What is overloaded says so; who waits for mails asks again.
    if (response.status === 503) return [];
    if (!response.ok) throw new Error(`no list: ${response.status} ${await response.text()}`);
    const page = (await response.json()) as Page;
    emails.push(...page.emails);
    cursor = page.next;
  } while (cursor !== null && emails.length < mails);
  return emails.slice(0, mails);
}
