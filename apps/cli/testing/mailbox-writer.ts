// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import type { GatewayOfProcesses } from './gateway-of-processes.ts';

/** Somebody outside who is signed in to SecureMailBox, as a browser is. */
export interface MailboxWriter {
  /** Begins a letter with this text and a file, which are kept on the server; nothing is sent. */
  beginLetter(text: string): Promise<Writing>;
  /** The same, in answer to the message that was signed in for. */
  beginAnswer(text: string): Promise<Writing>;
}

export interface Writing {
  draftId: string;
  /** Asks for it to be sent, again and again until that is answered. @returns the id of the email. */
  send(): Promise<string>;
}

const FILE = Buffer.from('plan of the garage');

/**
 * Signs in by the code that is mailed: by the link of a notification, or to write first.
 *
 * @param claim as `POST mailbox/v1/sign-ins` takes it.
 */
export async function signIn(
  { urlOf, outside }: GatewayOfProcesses,
  { site, address, claim }: { site: string; address: string; claim: object },
): Promise<MailboxWriter> {
  const cookies = new Map<string, string>();
  const ask = async (
    method: string,
    path: string,
    body?: object | Buffer,
    headers: Record<string, string> = { 'Content-Type': 'application/json' },
  ): Promise<Record<string, unknown> | null> => {
    const response = await fetch(`${urlOf('mailbox')}/mailbox/v1/${path}`, {
      method,
      headers: {
        Origin: site,
        'Sec-Fetch-Site': 'same-origin',
        Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
      ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    }).catch(() => null);
    const answer = await response?.text().catch(() => null);
    if (response == null || answer == null) return null;
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const isBusy = response.status >= 500 || /draft-being-sent|file-not-checked/.test(answer);
    if (!response.ok && !isBusy) throw new Error(`${path} answers ${response.status}: ${answer}`);
    return response.ok ? (JSON.parse(answer === '' ? '{}' : answer) as Record<string, unknown>) : null;
  };
  const asked = async (...request: Parameters<typeof ask>): Promise<Record<string, unknown>> => {
    for (;;) {
      const answer = await ask(...request);
      if (answer !== null) return answer;
      await sleep(100);
    }
  };
  const begin = async (place: string, sendTo: string, said: object): Promise<Writing> => {
    const { draftId } = await asked('PUT', `${place}/draft`, {});
    await asked('PUT', `${place}/draft`, { draftId, ...said });
    await asked('POST', `${place}/draft/files?draft=${String(draftId)}`, FILE, {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(FILE.length),
      'Upload-Metadata': `filename ${Buffer.from('plan.txt').toString('base64')}`,
      'Content-Type': 'application/offset+octet-stream',
    });
    return {
      draftId: String(draftId),
      send: async () => String((await asked('POST', sendTo, { draftId, ...said }))['replyId']),
    };
  };

  await asked('POST', 'sign-ins', claim);
  const { messageId } = await asked('POST', 'sign-ins/code', { code: await codeTo(address, outside) });
  const message = `messages/${String(messageId)}`;
  return {
    beginLetter: (text) => begin('letters', 'letters', { contactId: 'building', subject: 'Garage', text }),
    beginAnswer: (text) => begin(message, `${message}/replies`, { text }),
  };
}

async function codeTo(address: string, outside: GatewayOfProcesses['outside']): Promise<string> {
  for (;;) {
    for (const { content } of outside.received(({ rcptTo }) => rcptTo.includes(address)).toReversed()) {
      const [, code] = /^ {2}(\d{6})$/m.exec((await simpleParser(content)).text ?? '') ?? [];
      if (code !== undefined) return code;
    }
    await sleep(50);
  }
}
