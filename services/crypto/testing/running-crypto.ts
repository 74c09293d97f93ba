// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Address,
  newEmailId,
  recipientId,
  TenantId,
  type Arrival,
  type ContentRef,
  type DomainEvent,
  type EmailId,
  type EventName,
} from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { createPool, EventStore, type Pool } from '@securemail/event-store';
import {
  createDatabase,
  shutDatabase,
  startDnsServer,
  type DnsRecord,
  type DnsServerOptions,
} from '@securemail/testing';
import { createKeyFile, fileKeyEncryptionKey, postgresVault, type Vault } from '@securemail/vault';
import pg from 'pg';
import { startCrypto } from '../service.ts';
import { Settings } from '../settings.ts';
import { createCertificateCast, type CertificateCast } from './certificate-cast.ts';

export interface Mail {
  /** Default: Anna, whose tenant is `demo`. */
  from?: string;
  to: readonly string[];
  bcc?: readonly string[];
  message?: string;
  /** Names of rules for sensitive content that it met. */
  rules?: string[];
  /** They asked for it to be secure, and such stands in its subject. */
  hideSubject?: boolean;
  /** Of `to` and `bcc`: who wrote in SecureMailBox on its thread. */
  wroteInMailbox?: readonly string[];
  /** It came from outside, to people of the tenant `demo`; what is not told of it is as it should be. */
  inbound?: { channel?: 'internet' | 'mailbox'; tls?: Arrival['tls']; dmarc?: 'pass' | 'fail' };
}

export interface CryptoWorld {
  cast: CertificateCast;
  /** Adds to what DNS says; at first the outside domains take mail, and none of them proves who its servers are. */
  dns(more: DnsServerOptions): void;
  /** The schema of crypto. */
  pool: Pool;
  vault: Vault;
  /** What `start` starts with, to start something else. */
  settings(crypto?: object): Settings;
  /** Starts a crypto; several may run on the same database. */
  start(crypto?: object): Promise<{ close(): Promise<void>; url: string | null }>;
  /** As intake does it: content into the vault, then the event. `between` is called between the two. */
  accept(mail: Mail, between?: (content: ContentRef, emailId: EmailId) => Promise<unknown>): Promise<EmailId>;
  acceptedContent(emailId: EmailId): Promise<ContentRef>;
  /** Everything crypto has appended about an email, once it has; it does so at once. */
  outcome(emailId: EmailId): Promise<DomainEvent[]>;
  /** What crypto has appended so far. */
  events(emailId: EmailId): Promise<DomainEvent[]>;
  /** Resolves once crypto has done with the acceptance, whatever came of it. */
  handled(emailId: EmailId): Promise<void>;
  contentOf(event: DomainEvent<'EmailProtected' | 'EmailOpened'>): Promise<Buffer>;
  /** How many contents of an email lie in the vault. */
  contents(emailId: EmailId): Promise<number>;
  /** Nobody gets past this table, until the returned function is called or the database is shut. */
  lock(table: string): Promise<() => Promise<void>>;
  somebodyWaitsFor(table: string): Promise<void>;
  /** Breaks the connections of those who wait for a locked table, and of nobody else. */
  cutThoseWhoWaitFor(table: string): Promise<void>;
  /** Lets nobody into the database, until the returned function is called. */
  shutDatabase(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/**
 * A database, a certificate folder, and the intake that stands before crypto.
 *
 * @param tenants more settings of a tenant, by its id.
 */
export async function openCryptoWorld(tenants: Record<string, object> = {}): Promise<CryptoWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'crypto-test-'));
  const keyFile = join(folder, 'vault.key');
  await createKeyFile(keyFile);
  const cast = await createCertificateCast(join(folder, 'certificates'));
  const url = await createDatabase();
  const dns = await startDnsServer({ records: OUTSIDE });
  const settings = (crypto: object = {}) =>
    Settings.parse({
      database: { url },
      vault: { keyFile },
      tenants: [
        tenant('demo', tenants['demo']),
        tenant('keyless', tenants['keyless']),
        tenant('no-personal', { forbiddenMethods: ['smime-personal'] }),
        tenant('no-domain', { forbiddenMethods: ['smime-domain'] }),
      ],
      outside: { dns: { servers: [{ address: dns.address, port: dns.port }], timeoutSeconds: 0.5 } },
      crypto: { directory: cast.folder, lookupPatienceSeconds: 0, ...crypto },
    });
  const start = (crypto: object = {}) => startCrypto(settings(crypto));
  // Brings the schemas up to date for those who append.
  await (await start()).close();
  const { vault, cipher } = await postgresVault({ url, kek: await fileKeyEncryptionKey(keyFile) });
  const pool = createPool({ url, schema: 'crypto' });
  const intakePool = createPool({ url, schema: 'intake' });
  const [store, intake] = [
    new EventStore({ service: 'crypto', cipher }),
    new EventStore({ service: 'intake', cipher }),
  ];

  const events = (emailId: EmailId) => store.readStream(pool, emailId);
  const acceptance = async (emailId: EmailId) => {
    const [event] = await intake.readStream(intakePool, emailId);
    if (event?.name !== 'EmailAccepted') throw new Error('no such email was accepted');
    return event;
  };
  return {
    cast,
    dns: ({ records = [], ...more }) => {
      dns.serve({ records: [...OUTSIDE, ...records], ...more });
    },
    pool,
    vault,
    settings,
    start,
    async accept(
      {
        from = 'anna@demo.example',
        to,
        bcc = [],
        message,
        rules = [],
        hideSubject = false,
        wroteInMailbox = [],
        inbound,
      },
      between = () => Promise.resolve(),
    ) {
      const emailId = newEmailId();
      const mailFrom = Address.parse(from);
      const tenantId = TenantId.parse(
        inbound === undefined ? from.slice(from.indexOf('@') + 1, -'.example'.length) : 'demo',
      );
      const recipients = [...to, ...bcc].map((address, index) => ({
        recipientId: recipientId(index + 1),
        address: Address.parse(address),
        disclosed: to.includes(address),
      }));
      const bytes = Buffer.from(message ?? messageOf(emailId, from, to));
      const content = await vault.put({ emailId, tenantId }, Readable.from([bytes]));
      await between(content, emailId);
      const now = Date.now();
      await intake.append(intakePool, { emailId, tenantId }, 0, [
        {
          name: 'EmailAccepted',
          data: {
            ...(inbound === undefined
              ? SENT
              : { ...CAME, channel: inbound.channel ?? CAME.channel, arrival: arrivalOf(inbound) }),
            guards:
              rules.length === 0
                ? []
                : [{ guard: 'sensitive-content', action: 'protect', recipientIds: [], rules, unread: [] }],
            submittedBy: 'app',
            content,
            automatic: null,
            handedIn: null,
            hideSubject,
            wroteInMailbox: recipients
              .filter(({ address }) => wroteInMailbox.includes(address))
              .map((each) => each.recipientId),
            recipientIds: recipients.map((each) => each.recipientId),
            acceptedAt: new Date(now).toISOString(),
            deadlineAt: new Date(now + 600_000).toISOString(),
          },
          personal: {
            mailFrom,
            recipients,
            subject: 'Journal',
            messageId: `<${emailId}@demo.example>`,
            arrival: inbound === undefined ? null : NAMES,
          },
        },
      ]);
      signalAppended('intake');
      return emailId;
    },
    acceptedContent: async (emailId) => (await acceptance(emailId)).data.content,
    events,
    async outcome(emailId) {
      for (;;) {
        const appended = await events(emailId).catch(nothingYet);
        if (appended.length > 0) return appended;
        await sleep(20);
      }
    },
    async handled(emailId) {
      const { id } = await acceptance(emailId);
      for (;;) {
        const { rowCount } = await pool.query('select from inbox where event_id = $1', [id]);
        if (rowCount === 1) return;
        await sleep(20);
      }
    },
    contentOf: (event) => buffer(vault.get(event, event.data.content)),
    async contents(emailId) {
      const { rowCount } = await pool.query('select from vault.contents where email_id = $1', [emailId]);
      return rowCount ?? 0;
    },
    async lock(table) {
      const client = new pg.Client(url);
      client.on('error', () => undefined);
      await client.connect();
      await client.query(`begin; lock table ${table} in access exclusive mode`);
      return () => client.end();
    },
    async somebodyWaitsFor(table) {
      while ((await pool.query(`select ${WAITING}`, [table])).rowCount === 0) await sleep(20);
    },
    async cutThoseWhoWaitFor(table) {
      await pool.query(`select pg_terminate_backend(pid) ${WAITING}`, [table]);
    },
    shutDatabase: () => shutDatabase(url),
    async close() {
      await Promise.all([pool.end(), intakePool.end(), vault.close(), dns.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The events of one name, as what they are. */
export const named = <Name extends EventName>(events: readonly DomainEvent[], name: Name) =>
  events.filter((event) => event.name === name) as DomainEvent<Name>[];

export const BODY = 'Dear reader,\r\n.\r\næøå and 10 €\r\n';

const OUTSIDE = ['citizen', 'hospital', 'ward.hospital', 'lapsed', 'misnamed', 'nowhere'].map(
  (name): DnsRecord => ({
    type: 'MX',
    name: `${name}.example`,
    data: { exchange: `mx.${name}.example`, preference: 10 },
  }),
);

const WAITING = 'from pg_locks where not granted and relation = $1::regclass';

const SENT = { channel: 'rest', direction: 'outbound', secureBy: 'api', arrival: null } as const;
const CAME = { channel: 'internet', direction: 'inbound', secureBy: null } as const;
const NAMES = {
  client: '192.0.2.25',
  clientName: 'mx.citizen.example',
  receivedBy: 'gateway.example',
  spfDomain: 'citizen.example',
  dkimDomains: ['citizen.example'],
  dmarcDomain: 'citizen.example',
};

const arrivalOf = ({ tls, dmarc = 'pass' }: NonNullable<Mail['inbound']>): Arrival => ({
  tls: tls === undefined ? { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } : tls,
  authentication: { spf: 'pass', dkim: [dmarc], dmarc: { result: dmarc, policy: 'none' }, arc: 'none' },
  thread: 'new',
});

/** As intake stores it. */
const messageOf = (emailId: EmailId, from: string, to: readonly string[]) =>
  `Received: by gateway.example (Secure@Mail) with HTTP id ${emailId}; Thu, 01 Jan 2026 00:00:00 +0000\r\n` +
  `From: ${from}\r\nTo: ${to.join(',\r\n ')}\r\nSubject: Journal\r\nMessage-ID: <${emailId}@demo.example>\r\n` +
  `X-SecureMail-Id: ${emailId}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n` +
  `Content-Transfer-Encoding: 8bit\r\n\r\n${BODY}`;

const tenant = (id: string, more: object = {}) => ({
  id,
  name: id,
  domains: [`${id}.example`],
  mailServers: [{ host: '127.0.0.1' }],
  ...more,
});

/** While the database is away nobody can say what it holds. */
const nothingYet = (): DomainEvent[] => [];
