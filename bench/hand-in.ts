// SPDX-License-Identifier: Apache-2.0
import { PEOPLE } from '@securemail/cli/world';
import type { MeasuredGateway } from './gateway-process.ts';

export const textOf = (bytes: number): string =>
  'The quick brown fox jumps over the lazy dog. '.repeat(Math.ceil(bytes / 45)).slice(0, bytes);

/** Hands in a mail of somebody inside. @throws Error where it is not accepted. */
export async function handInOne(
  { url, apiKey }: MeasuredGateway,
  mail: { to: string; subject: string; text: string; html?: string },
): Promise<void> {
  const response = await fetch(`${url}/v1/emails`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...mail, from: PEOPLE.anna, to: [mail.to] }),
  });
  if (response.status !== 202) throw new Error(`not accepted: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}
