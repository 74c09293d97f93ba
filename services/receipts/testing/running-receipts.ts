// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CATALOGUE,
  SERVICES,
  TenantId,
  type DomainEvent,
  type EmailId,
  type NewEvent,
} from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { createPool, EventStore, type Pool } from '@securemail/event-store';
import { createApiKey } from '@securemail/service';
import { createDatabase } from '@securemail/testing';
import { createKeyFile, fileKeyEncryptionKey, postgresVault, type Vault } from '@securemail/vault';
import { simpleParser, type ParsedMail } from 'mailparser';
import type { eventView, EmailView } from '../http/view.ts';
import { planned } from './story.ts';
import { startReceipts } from '../service.ts';
import { Settings } from '../settings.ts';

/** What tests look at in an answer: an email, a list, a history, a receipt or a problem, by what was asked. */
export interface Body extends EmailView {
  recipients: (EmailView['recipients'][number] & { text: string })[];
  emails: EmailView[];
  next: string | null;
  events: ReturnType<typeof eventView>[];
  outcome: string;
  text: string;
  issuedAt: string;
  type: string;
  status: number;
  errors: unknown;
}

export interface Answer {
  status: number;
  type: string | null;
  body: Body;
}

export interface ReceiptsWorld {
  /** `demo` reads; `sending` may only send; `admin` administers; `other` and `otherAdmin` belong to another organisation. */
  keys: Record<'demo' | 'sending' | 'admin' | 'other' | 'otherAdmin', string>;
  vault: Vault;
  /** Where the last one started is. */
  url(): string;
  /** The schema of receipts. */
  pool: Pool;
  /** What `start` starts with, to start something else. */
  settings(receipts?: object): Settings;
  /** Starts a receipts; several may run on the same database. The last one started is asked. */
  start(receipts?: object): Promise<{ close(): Promise<void> }>;
  /** As the service that an event belongs to appends it, at the next place of its stream; of sent mail a plan goes before what delivery says. */
  append(emailId: EmailId, ...events: NewEvent[]): Promise<void>;
  /** So that the email never stands with a part of it: who accepted it is heard last. */
  appendWhole(emailId: EmailId, acceptance: NewEvent, ...others: NewEvent[]): Promise<void>;
  appendFor(tenant: string, emailId: EmailId, ...events: NewEvent[]): Promise<void>;
  /** In the trace that this names, for the demo organisation. */
  appendIn(traceparent: string, emailId: EmailId, ...events: NewEvent[]): Promise<void>;
  /** Each event appended from now on says this time; null: the time it is. */
  setClock(time: string | null): void;
  get(path: string, key?: string | null): Promise<Answer>;
  /** Asks with header fields of its own. */
  ask(
    path: string,
    headers: Record<string, string>,
    key?: string | null,
    request?: Pick<RequestInit, 'method' | 'body'>,
  ): Promise<{ status: number; type: string | null; text: string }>;
  /** Asks until the answer is as it is to be. */
  until(path: string, condition: (body: Body) => boolean): Promise<Body>;
  /** What receipts itself has appended about an email. */
  told(emailId: EmailId): Promise<DomainEvent[]>;
  /** The receipt mail, once it has been issued; the first that is a mail, if not said otherwise. */
  receiptMail(emailId: EmailId, ordinal?: number): Promise<ParsedMail>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Settings of all. */
  platform?: object;
  /** More settings of `demo` and `other`. */
  tenants?: Record<string, object>;
  /** More API keys of theirs. */
  moreKeys?: Record<string, object[]>;
}

/** A database, two organisations, and the services whose events receipts reads. */
export async function openReceiptsWorld({
  platform,
  tenants = {},
  moreKeys = {},
}: WorldOptions = {}): Promise<ReceiptsWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'receipts-test-'));
  const keyFile = join(folder, 'vault.key');
  await createKeyFile(keyFile);
  const url = await createDatabase();
  const keys = {
    demo: createApiKey('demo'),
    sending: createApiKey('sending'),
    admin: createApiKey('admin'),
    other: createApiKey('other'),
    otherAdmin: createApiKey('other-admin'),
  };
  const tenant = (id: string, apiKeys: object[]) => ({
    id,
    name: id,
    domains: [`${id}.example`],
    mailServers: [{ host: '127.0.0.1' }],
    mailbox: { url: `https://post.${id}.example` },
    ...tenants[id],
    apiKeys: [...apiKeys, ...(moreKeys[id] ?? [])].map((key) => ({ senders: [`*@${id}.example`], ...key })),
  });
  const settingsWith = (receipts: object) =>
    Settings.parse({
      database: { url },
      vault: { keyFile },
      ...platform,
      tenants: [
        tenant('demo', [
          { id: 'demo', sha256: keys.demo.sha256, scopes: ['emails:read'] },
          { id: 'sending', sha256: keys.sending.sha256, scopes: ['emails:send'] },
          { id: 'admin', sha256: keys.admin.sha256, scopes: ['admin'] },
        ]),
        tenant('other', [
          { id: 'other', sha256: keys.other.sha256 },
          { id: 'other-admin', sha256: keys.otherAdmin.sha256, scopes: ['admin'] },
        ]),
      ],
      receipts: { http: { port: 0 }, watchMs: 50, ...receipts },
    });
  // Brings the schemas up to date for those who append.
  await (await startReceipts(settingsWith({}))).close();
  const { vault, cipher } = await postgresVault({ url, kek: await fileKeyEncryptionKey(keyFile) });
  let time: string | null = null;
  const clock = () => (time === null ? new Date() : new Date(time));
  const services = SERVICES.map((service) => ({
    service,
    pool: createPool({ url, schema: service, max: 4 }),
    store: new EventStore({ service, cipher, clock }),
  }));
  const of = (wanted: string) => {
    const found = services.find(({ service }) => service === wanted);
    if (found === undefined) throw new Error(`${wanted} appends nothing here`);
    return found;
  };
  let base: string | null = null;

  const appendEach = async (
    stream: { emailId: EmailId; tenantId: TenantId },
    traceparent: string | null,
    events: readonly NewEvent[],
  ) => {
    for (const event of events) {
      const { service, pool, store } = of(CATALOGUE[event.name].service);
      await store.append(pool, stream, 'any', [event], { traceparent });
      signalAppended(service);
    }
  };
  const appendFor = (tenantId: string, emailId: EmailId, ...events: NewEvent[]) =>
    appendEach({ emailId, tenantId: TenantId.parse(tenantId) }, null, events);
  const plans = new Map<EmailId, 'made' | 'not-wanted'>();
  /** With what crypto says before delivery says anything, where the story of an email leaves it out. */
  const withPlans = (emailId: EmailId, events: readonly NewEvent[]): NewEvent[] =>
    events.flatMap((event) => {
      if (event.name === 'ProtectionPlanned') plans.set(emailId, 'made');
      if (event.name === 'EmailAccepted' && event.data.direction === 'inbound')
        plans.set(emailId, 'not-wanted');
      if (event.name === 'EmailReleased' && plans.get(emailId) === 'made') plans.delete(emailId);
      if (CATALOGUE[event.name].service !== 'delivery' || plans.has(emailId)) return [event];
      plans.set(emailId, 'made');
      return [planned([1, 2, 3, 4]), event];
    });
  const ask: ReceiptsWorld['ask'] = async (path, headers, key = keys.demo.key, request = {}) => {
    const response = await fetch(`${base ?? ''}${path}`, {
      ...request,
      headers: { ...headers, ...(key === null ? {} : { Authorization: `Bearer ${key}` }) },
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  };
  const get = async (path: string, key: string | null = keys.demo.key): Promise<Answer> => {
    const { text, ...answer } = await ask(path, {}, key);
    return { ...answer, body: JSON.parse(text) as Body };
  };
  const told = (emailId: EmailId) => of('receipts').store.readStream(of('receipts').pool, emailId);
  return {
    keys: {
      demo: keys.demo.key,
      sending: keys.sending.key,
      admin: keys.admin.key,
      other: keys.other.key,
      otherAdmin: keys.otherAdmin.key,
    },
    url: () => base ?? '',
    vault,
    pool: of('receipts').pool,
    settings: (receipts = {}) => settingsWith(receipts),
    async start(receipts = {}) {
      const running = await startReceipts(settingsWith(receipts));
      base = running.url;
      return running;
    },
    append: async (emailId, ...events) => {
      await appendFor('demo', emailId, ...withPlans(emailId, events));
    },
    async appendWhole(emailId, acceptance, ...others) {
      const events = withPlans(emailId, others);
      await appendFor('demo', emailId, ...events);
      const heard = () => of('receipts').pool.query('select from history where email_id = $1', [emailId]);
      while ((await heard()).rowCount !== events.length) await sleep(20);
      await appendFor('demo', emailId, acceptance);
    },
    appendFor,
    appendIn: (traceparent, emailId, ...events) =>
      appendEach({ emailId, tenantId: TenantId.parse('demo') }, traceparent, events),
    setClock: (now) => {
      time = now;
    },
    ask,
    get,
    async until(path, condition) {
      for (;;) {
        const { status, body } = await get(path);
        if (status === 200 && condition(body)) return body;
        await sleep(20);
      }
    },
    told,
    async receiptMail(emailId, ordinal = 1) {
      for (;;) {
        const all = (await told(emailId)).flatMap((event) =>
          event.name === 'ReceiptIssued' && event.data.content !== null
            ? [{ event, content: event.data.content }]
            : [],
        );
        const issued = all[ordinal - 1];
        if (issued !== undefined) return simpleParser(await buffer(vault.get(issued.event, issued.content)));
        await sleep(20);
      }
    },
    async close() {
      await Promise.all(services.map(({ pool }) => pool.end()));
      await vault.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
