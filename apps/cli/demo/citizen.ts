// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { simpleParser, type ParsedMail } from 'mailparser';
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';
import { subjectOf } from './receipt-subject.ts';

const PATIENCE_MS = 60_000;

export interface Read {
  messageId: string;
  subject: string;
  text: string | null;
  conversation: { kind: 'message' | 'reply' | 'letter' }[];
}

/** Somebody outside without a certificate, whose browser does what the pages of SecureMailBox have it do. */
export interface Citizen {
  /** Follows the link of the newest notification, and signs in with the code that is mailed. */
  signIn: () => Promise<void>;
  /** Signs in without having been written to, with the code that is mailed. */
  signInToWrite: () => Promise<void>;
  write: (contactId: string, subject: string, text: string) => Promise<void>;
  /** The message of this subject, once it is there. */
  read: (subject: string) => Promise<Read>;
  answer: (messageId: string, text: string, file: { name: string; content: string }) => Promise<void>;
}

/** What a citizen has of the world. */
export interface Around {
  settings: DemoWorld['settings'];
  gateway: Pick<DemoWorld['gateway'], 'url'>;
  outside: Pick<DemoWorld['outside'], 'received'>;
}

export function citizenIn(world: Around, address: string = PEOPLE.stranger): Citizen {
  const [tenant] = world.settings.tenants;
  const site = tenant?.mailbox?.url ?? '';
  const cookies = new Map<string, string>();

  async function ask(
    method: string,
    path: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    const response = await fetch(`${world.gateway.url}/mailbox/v1/${path}`, {
      method,
      headers: {
        Origin: site,
        Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'Content-Type': typeof body === 'string' ? 'application/octet-stream' : 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : await response.json();
  }

  async function mailed(isIt: (mail: ParsedMail) => boolean): Promise<ParsedMail> {
    return await patiently('a mail to the citizen', async () => {
      const mails = world.outside.received().filter(({ rcptTo }) => rcptTo.includes(address));
      for (const { content } of mails.toReversed()) {
        const mail = await simpleParser(content);
        if (isIt(mail)) return mail;
      }
      return null;
    });
  }
  const linkIn = ({ text = '' }: ParsedMail) => /\/mailbox\/m\/(\S+)/.exec(text)?.[1];
  const codeIn = ({ text = '' }: ParsedMail) => /^ {2}(\d{6})$/m.exec(text)?.[1];

  const prove = async (claim: object) => {
    await ask('POST', 'sign-ins', claim);
    const code = codeIn(await mailed((mail) => codeIn(mail) !== undefined));
    await ask('POST', 'sign-ins/code', { code });
  };

  return {
    async signIn() {
      const link = linkIn(await mailed((mail) => linkIn(mail) !== undefined));
      await prove({ link });
    },
    async signInToWrite() {
      await prove({ organisation: tenant?.id, address, to: 'write', language: 'en' });
    },
    async write(contactId, subject, text) {
      const { draftId } = (await ask('PUT', 'letters/draft', {})) as { draftId: string };
      await ask('POST', 'letters', { draftId, contactId, subject, text });
    },
    read: (subject) =>
      patiently(`“${subject}” in SecureMailBox`, async () => {
        const { conversations } = (await ask('GET', 'conversations')) as {
          conversations: { messageId: string | null }[];
        };
        // A conversation is called as it began; its newest message has a subject of its own.
        for (const { messageId } of conversations) {
          const newest = messageId === null ? null : ((await ask('GET', `messages/${messageId}`)) as Read);
          if (newest?.subject === subject) return newest;
        }
        return null;
      }),
    async answer(messageId, text, { name, content }) {
      const draft = `messages/${messageId}/draft`;
      const { draftId } = (await ask('PUT', draft, {})) as { draftId: string };
      await ask('POST', `${draft}/files?draft=${draftId}`, content, {
        'Tus-Resumable': '1.0.0',
        'Upload-Length': String(Buffer.byteLength(content)),
        'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}`,
        'Content-Type': 'application/offset+octet-stream',
      });
      await ask('POST', `messages/${messageId}/replies`, { draftId, text });
    },
  };
}

/** What the own mail server got, once it is there. */
export async function arrivedInside(
  { ownMailServer }: DemoWorld,
  { to, subject, holds }: { to: string; subject: string; holds: string },
): Promise<{ content: Buffer; mail: ParsedMail }> {
  const { content } = await ownMailServer.waitFor(
    (mail) => mail.rcptTo.includes(to) && mail.content.includes(holds) && subjectOf(mail.content) === subject,
    PATIENCE_MS,
  );
  return { content, mail: await simpleParser(content) };
}

async function patiently<Found>(what: string, look: () => Promise<Found | null>): Promise<Found> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > giveUpAt) throw new Error(`${what} did not come in time`);
    await sleep(100);
  }
}
