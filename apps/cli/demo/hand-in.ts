// SPDX-License-Identifier: Apache-2.0
import { createTransport, type SendMailOptions } from 'nodemailer';
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';

/** Hands a mail in over REST. */
export async function post({ gateway, apiKey }: DemoWorld, email: unknown): Promise<string> {
  const response = await fetch(`${gateway.url}/v1/emails`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
    },
    body: JSON.stringify(email),
  });
  const answer = (await response.json()) as { emailId?: string; title?: string; detail?: string };
  if (response.status !== 202 || answer.emailId === undefined) {
    throw new Error(`not accepted: ${response.status} ${answer.title ?? ''} ${answer.detail ?? ''}`);
  }
  return answer.emailId;
}

export async function release(
  { gateway, apiKey }: DemoWorld,
  emailId: string,
  decision: object,
): Promise<void> {
  const response = await fetch(`${gateway.url}/v1/held/${emailId}/release`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(decision),
  });
  if (response.status !== 202) throw new Error(`not released: ${response.status} ${await response.text()}`);
}

/** Takes back what lies in SecureMailBox, as its sender may. */
export async function withdraw(
  { gateway, apiKey }: DemoWorld,
  emailId: string,
): Promise<{ openedAt: string | null; withdrawnAt: string | null }[]> {
  const response = await fetch(`${gateway.url}/v1/emails/${emailId}/withdraw`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: '{}',
  });
  if (response.status !== 200) throw new Error(`not taken back: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { recipients: Awaited<ReturnType<typeof withdraw>> }).recipients;
}

interface Submitted {
  to: string;
  subject: string;
  text: string;
  messageId?: string;
  inReplyTo?: string;
  headers?: Record<string, string>;
}

/** Hands a mail in as Anna's mail client does. */
export const submit = (world: DemoWorld, mail: Submitted): Promise<string> =>
  overSmtp(world, mail, { user: 'demo', pass: world.apiKey });

/** Hands one in as the organisation's own mail server does. @throws with the reply where it is refused. */
export const relay = (world: DemoWorld, mail: Submitted): Promise<string> => overSmtp(world, mail, null);

async function overSmtp(
  world: DemoWorld,
  mail: Submitted,
  auth: { user: string; pass: string } | null,
): Promise<string> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: world.gateway.smtpPort ?? 0,
    requireTLS: true,
    tls: { ca: world.paths.authorityPem },
    ...(auth === null ? {} : { auth }),
  });
  return acceptedAs((await transport.sendMail({ from: PEOPLE.anna, ...mail })) as { response: string });
}

/** Hands one in as a mail server of others does, with STARTTLS or in clear. */
export async function bringFromOutside(
  world: DemoWorld,
  mail: SendMailOptions,
  { tls }: { tls: boolean },
): Promise<string> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: world.gateway.inboundPort ?? 0,
    ignoreTLS: !tls,
    requireTLS: tls,
    tls: { ca: world.paths.authorityPem },
  });
  return acceptedAs(await transport.sendMail(mail));
}

function acceptedAs({ response }: { response: string }): string {
  const [, emailId] = /Accepted as (\S+)/.exec(response) ?? [];
  if (emailId === undefined) throw new Error(`not accepted: ${response}`);
  return emailId;
}
