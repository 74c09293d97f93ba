// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { PEOPLE } from '@securemail/cli/world';
import type { MeasuredGateway } from './gateway-process.ts';

export interface Load {
  rate: number;
  mails: number;
  bytes: number;
}

/** Hands in mails at a fixed rate whatever the answers (open loop), so that a slow gateway is not spared. */
export async function handIn({ url, apiKey }: MeasuredGateway, { rate, mails, bytes }: Load): Promise<void> {
  const text = 'The quick brown fox jumps over the lazy dog. '.repeat(Math.ceil(bytes / 45)).slice(0, bytes);
  const body = JSON.stringify({ from: PEOPLE.anna, to: [PEOPLE.person], subject: 'Bench', text });
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
  const begin = performance.now();
  const answers: Promise<void>[] = [];
  for (let index = 0; index < mails; index += 1) {
    const wait = begin + (index / rate) * 1_000 - performance.now();
    if (wait > 1) await sleep(wait);
    answers.push(
      fetch(`${url}/v1/emails`, { method: 'POST', headers, body }).then(async (response) => {
        if (response.status !== 202) throw new Error(`not accepted: ${response.status}`);
        await response.arrayBuffer();
      }),
    );
  }
  await Promise.all(answers);
}

/** The accepted-to-sent times of the newest `mails` emails, milliseconds, once all are sent. */
export async function sentTimes({ url, apiKey }: MeasuredGateway, mails: number): Promise<number[]> {
  for (;;) {
    const times = await newest(url, apiKey, mails);
    if (times.length === mails && times.every((time) => time !== null)) return times;
    await sleep(1_000);
  }
}

interface Page {
  emails: { acceptedToSentMs: number | null }[];
  next: string | null;
}

async function newest(url: string, apiKey: string, mails: number): Promise<(number | null)[]> {
  const times: (number | null)[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${cursor}`;
    const response = await fetch(`${url}/v1/emails?limit=200${after}`, {
      headers: { Authorization: `Bearer ${apiKey}` },
    });
    const page = (await response.json()) as Page;
    times.push(...page.emails.map(({ acceptedToSentMs }) => acceptedToSentMs));
    cursor = page.next;
  } while (cursor !== null && times.length < mails);
  return times.slice(0, mails);
}
