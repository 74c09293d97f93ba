// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Address,
  newEmailId,
  protectedMessageId,
  recipientId,
  TenantId,
  type DomainEvent,
  type EmailId,
  type ProtectionMethod,
} from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { createPool, EventStore, type Pool } from '@securemail/event-store';
import { createDatabase } from '@securemail/testing';
import { createKeyFile, fileKeyEncryptionKey, postgresVault, type Vault } from '@securemail/vault';
import { simpleParser, type ParsedMail } from 'mailparser';
import { startMailbox } from '../service.ts';
import { Settings } from '../settings.ts';

const MAIN = join(import.meta.dirname, '../../../dist/services/mailbox/main.js');

export const SITE = 'https://post.demo.example';
export const BO = Address.parse('bo@citizen.example');
/** Of the organisation: whoever has one may send as these. */
export const API_KEYS = [
  {
    id: 'anna',
    key: 'annas-key-annas-key-annas-key-annas-key',
    senders: ['anna@demo.example'],
    scopes: ['emails:send'],
  },
  {
    id: 'ib',
    key: 'ibs-key-ibs-key-ibs-key-ibs-key-ibs-key',
    senders: ['ib@demo.example'],
    scopes: ['emails:send'],
  },
  {
    id: 'reads',
    key: 'reads-key-reads-key-reads-key-reads-key',
    senders: ['*@demo.example'],
    scopes: ['emails:read'],
  },
];
export const KIM = Address.parse('kim@citizen.example');

/** A browser: keeps the cookies that it is given, and says where its page is from. */
export interface Browser {
  cookies: Map<string, string>;
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; octets: Buffer; body: Record<string, unknown> }>;
}

/** What a request that begins an upload says of it, with all of it in its body. */
export const asUpload = (name: string, size: number) => ({
  'Tus-Resumable': '1.0.0',
  'Upload-Length': String(size),
  'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}`,
  'Content-Type': 'application/offset+octet-stream',
});

export interface MailboxProcess {
  /** What it wrote to its log. */
  logged: string[];
  /** SIGKILL. */
  kill(): Promise<void>;
  /** The most memory that it ever had (Linux), octets. */
  peak(): Promise<number>;
}

export interface MailboxWorld {
  vault: Vault;
  pool: Pool;
  store: EventStore;
  start(mailbox?: object, tenant?: object): Promise<{ url: string; close(): Promise<void> }>;
  /** The same as a process of its own, as `npm run build` lays it. */
  startProcess(mailbox: object): Promise<MailboxProcess>;
  /** As crypto says it of a message that it made, for these recipients. */
  protectedFor(
    to: readonly string[],
    message: string | Buffer,
    method?: ProtectionMethod,
    tenant?: string,
    emailId?: EmailId,
  ): Promise<EmailId>;
  events(emailId: EmailId): Promise<DomainEvent[]>;
  deposits(emailId: EmailId, count?: number): Promise<DomainEvent<'MailboxMessageDeposited'>[]>;
  /** The notification, and what stands behind `/m/` in its link. */
  notified(emailId: EmailId, ordinal?: number): Promise<{ mail: ParsedMail; link: string }>;
  /** All codes that were sent to an address, the last one last, once there are so many. */
  codesTo(address: string, count: number): Promise<string[]>;
  /** The texts of all mails with a code to an address, the last one last. */
  codeMailsTo(address: string): Promise<string[]>;
  /** The texts of all notices to an address, the last one last. */
  noticesTo(address: string): Promise<string[]>;
  browser(): Browser;
  /** Signs in by a link, with the code that is sent. */
  signIn(browser: Browser, link: string, address?: string): Promise<void>;
  close(): Promise<void>;
}

export async function openMailboxWorld(): Promise<MailboxWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'mailbox-test-'));
  const keyFile = join(folder, 'vault.key');
  await createKeyFile(keyFile);
  const url = await createDatabase();
  const configWith = (mailbox: object, tenant: object) => ({
    database: { url },
    vault: { keyFile },
    tenants: [
      {
        id: 'demo',
        name: 'Demo Kommune',
        domains: ['demo.example'],
        mailServers: [{ host: '127.0.0.1' }],
        mailbox: { url: SITE, keepDays: 30 },
        apiKeys: API_KEYS.map(({ id, key, senders, scopes }) => ({
          id,
          sha256: createHash('sha256').update(key).digest('hex'),
          senders,
          scopes,
        })),
        ...tenant,
      },
      {
        id: 'other',
        name: 'Other Hospital',
        domains: ['other.example'],
        mailServers: [{ host: '127.0.0.1' }],
        mailbox: { url: 'https://post.other.example' },
      },
      { id: 'without', name: 'W', domains: ['w.example'], mailServers: [{ host: '127.0.0.1' }] },
    ],
    mailbox: { http: { port: 0 }, ...mailbox },
  });
  const settingsWith = (mailbox: object, tenant: object) => Settings.parse(configWith(mailbox, tenant));
  await (await startMailbox(settingsWith({}, {}))).close();
  const { vault, cipher } = await postgresVault({ url, kek: await fileKeyEncryptionKey(keyFile) });
  const storeOf = (service: 'crypto' | 'mailbox') => ({
    pool: createPool({ url, schema: service, max: 4 }),
    store: new EventStore({ service, cipher }),
  });
  const crypto = storeOf('crypto');
  const mailbox = storeOf('mailbox');
  let base = '';
  const events = (emailId: EmailId) => mailbox.store.readStream(mailbox.pool, emailId);
  /** What was mailed there, the first first. */
  const mailed = async (name: 'MailboxCodeIssued' | 'MailboxNoticeIssued', address: string) => {
    const { rows } = await mailbox.pool.query<{ id: EmailId }>(
      'select email_id as id from events where name = $1 order by position',
      [name],
    );
    const found: string[] = [];
    for (const { id } of rows) {
      for (const event of await events(id)) {
        if (event.name !== 'MailboxCodeIssued' && event.name !== 'MailboxNoticeIssued') continue;
        if (event.personal?.recipients[0]?.address !== address) continue;
        const { text = '' } = await simpleParser(await buffer(vault.get(event, event.data.content)));
        found.push(text);
      }
    }
    return found;
  };
  const codes = async (address: string): Promise<string[]> =>
    (await mailed('MailboxCodeIssued', address)).map((text) => /^ {2}(\d{6})$/m.exec(text)?.[1] ?? '');
  const world: MailboxWorld = {
    vault,
    pool: mailbox.pool,
    store: mailbox.store,
    async start(settings = {}, tenant = {}) {
      const running = await startMailbox(settingsWith(settings, tenant));
      base = running.url ?? '';
      return { url: base, close: () => running.close() };
    },
    async startProcess(mailbox) {
      const config = join(folder, 'config.yaml');
      // JSON is YAML.
      await writeFile(config, JSON.stringify(configWith(mailbox, {})));
      const child = spawn(process.execPath, [MAIN], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'info', SECUREMAIL_CONFIG: config },
      });
      const ended = once(child, 'exit');
      const logged: string[] = [];
      await new Promise<void>((resolve) => {
        createInterface({ input: child.stdout }).on('line', (line) => {
          logged.push(line);
          const said = JSON.parse(line) as { msg: string; url?: string };
          if (said.msg !== 'service started') return;
          base = said.url ?? '';
          resolve();
        });
      });
      return {
        logged,
        async kill() {
          child.kill('SIGKILL');
          await ended;
        },
        async peak() {
          const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8');
          return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
        },
      };
    },
    async protectedFor(to, message, method = 'mailbox', tenant = 'demo', emailId = newEmailId()) {
      const owner = { emailId, tenantId: TenantId.parse(tenant) };
      const content = await vault.put(owner, Readable.from([Buffer.from(message)]));
      const recipients = to.map((address, index) => ({
        recipientId: recipientId(index + 1),
        address: Address.parse(address),
        disclosed: true,
      }));
      await crypto.store.append(crypto.pool, owner, 'any', [
        {
          name: 'EmailProtected',
          data: {
            protectedMessageId: protectedMessageId(1),
            method,
            recipientIds: recipients.map(({ recipientId: id }) => id),
            content,
            deadlineAt: new Date(Date.now() + 600_000).toISOString(),
            signature: null,
            encryption: null,
          },
          personal: { mailFrom: Address.parse(`anna@${tenant}.example`), recipients },
        },
      ]);
      signalAppended('crypto');
      return owner.emailId;
    },
    events,
    async deposits(emailId, count = 1) {
      for (;;) {
        const found = (await events(emailId)).filter((event) => event.name === 'MailboxMessageDeposited');
        if (found.length >= count) return found;
        await sleep(20);
      }
    },
    async notified(emailId, ordinal = 1) {
      const deposit = (await world.deposits(emailId, ordinal))[ordinal - 1];
      if (deposit === undefined) throw new Error('no such deposit');
      const mail = await simpleParser(await buffer(vault.get(deposit, deposit.data.content)));
      return { mail, link: /\/m\/(\S+)/.exec(mail.text ?? '')?.[1] ?? '' };
    },
    async codesTo(address, count) {
      for (;;) {
        const found = await codes(address);
        if (found.length >= count) return found;
        await sleep(20);
      }
    },
    codeMailsTo: (address) => mailed('MailboxCodeIssued', address),
    noticesTo: (address) => mailed('MailboxNoticeIssued', address),
    browser() {
      const cookies = new Map<string, string>();
      return {
        cookies,
        async ask(method, path, body, headers = {}) {
          const response = await fetch(`${base}/mailbox/v1/${path}`, {
            method,
            headers: {
              Origin: SITE,
              'Sec-Fetch-Site': 'same-origin',
              'X-Request-Id': randomUUID(),
              ...(cookies.size === 0
                ? {}
                : { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
              ...(body === undefined || Buffer.isBuffer(body) ? {} : { 'Content-Type': 'application/json' }),
              ...headers,
            },
            ...(body === undefined
              ? {}
              : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
          });
          for (const cookie of response.headers.getSetCookie()) {
            const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
            if (value === '') cookies.delete(name);
            else cookies.set(name, value);
          }
          const octets = Buffer.from(await response.arrayBuffer());
          const isJson = /json/.test(response.headers.get('content-type') ?? '');
          return {
            status: response.status,
            headers: response.headers,
            octets,
            body:
              isJson && octets.length > 0 ? (JSON.parse(octets.toString()) as Record<string, unknown>) : {},
          };
        },
      };
    },
    async signIn(browser, link, address = BO) {
      const before = (await codes(address)).length;
      const begun = await browser.ask('POST', 'sign-ins', { link });
      expect(begun.status).toBe(202);
      const code = (await world.codesTo(address, before + 1)).at(-1);
      const proven = await browser.ask('POST', 'sign-ins/code', { code });
      expect(proven.status).toBe(200);
    },
    async close() {
      await Promise.all([crypto.pool.end(), mailbox.pool.end()]);
      await vault.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}
