// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import type { SmtpSinkOptions } from '@securemail/testing';
import type { MeasuredGateway } from '../gateway-process.ts';
import { handInOne } from '../hand-in.ts';

/** Somebody who is signed in, and the message that was written to him. */
export interface Reader {
  /** One page after the other, as a browser asks for them. */
  list: () => Promise<void>;
  read: () => Promise<void>;
}

/** What was mailed to each address, by the mail that tells it. */
export interface Letters {
  take: NonNullable<SmtpSinkOptions['onMail']>;
  linkTo: (address: string) => Promise<string>;
  codeTo: (address: string) => Promise<string>;
}

export function letters(): Letters {
  const [links, codes] = [new Map<string, string>(), new Map<string, string>()];
  const wait = async (found: ReadonlyMap<string, string>, address: string): Promise<string> => {
    for (;;) {
      const text = found.get(address);
      if (text !== undefined) return text;
      await sleep(50);
    }
  };
  return {
    async take({ content, rcptTo }) {
      const { text = '' } = await simpleParser(content);
      const [, link] = /\/mailbox\/m\/(\S+)/.exec(text) ?? [];
      const [, code] = /^ {2}(\d{6})$/m.exec(text) ?? [];
      for (const address of rcptTo) {
        if (link !== undefined) links.set(address, link);
        if (code !== undefined) codes.set(address, code);
      }
    },
    linkTo: (address) => wait(links, address),
    codeTo: (address) => wait(codes, address),
  };
}

/** Has a message written to somebody, who follows the link that is mailed to him, and signs in by the code. */
export async function newReader(
  address: string,
  {
    gateway,
    mailed,
    origin,
    text,
  }: { gateway: MeasuredGateway; mailed: Letters; origin: string; text: string },
): Promise<Reader> {
  const html = `<h1>Decision</h1>${text
    .split('. ')
    .map((each) => `<p>${each}.</p>`)
    .join('')}`;
  await handInOne(gateway, { to: address, subject: 'Decision', text, html });
  const cookies = new Map<string, string>();
  const ask = async (path: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${gateway.url}/mailbox/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        Origin: origin,
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': 'application/json',
        Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const answer = await response.text();
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${answer}`);
    return response.headers.get('content-type')?.includes('json') === true
      ? (JSON.parse(answer) as Record<string, unknown>)
      : {};
  };
  await ask('sign-ins', { link: await mailed.linkTo(address) });
  const { messageId } = await ask('sign-ins/code', { code: await mailed.codeTo(address) });
  return {
    async list() {
      await Promise.all([ask('sessions/current'), ask('conversations')]);
    },
    async read() {
      await Promise.all([ask('sessions/current'), ask(`messages/${String(messageId)}`)]);
      await ask(`messages/${String(messageId)}/body`);
    },
  };
}
