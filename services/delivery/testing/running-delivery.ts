// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import {
  Address,
  newEmailId,
  protectedMessageId,
  recipientId,
  Sha256,
  TenantId,
  type ContentRef,
  type DomainEvent,
  type EmailId,
  type EventName,
  type NewEvent,
  type ProtectionMethod,
  type SealedEvent,
} from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { createPool, EventStore, inTransaction, type Pool } from '@securemail/event-store';
import {
  cloneDatabase,
  createCertificateAuthority,
  createDatabase,
  expired,
  shutDatabase,
  startSmtpSink,
  type CertificateAuthority,
  type Issued,
  type SmtpSink,
  type SmtpSinkOptions,
} from '@securemail/testing';
import { createKeyFile, fileKeyEncryptionKey, postgresVault, type Vault } from '@securemail/vault';
import { addJobs } from '../adapters/jobs.ts';
import { startDelivery } from '../service.ts';
import { Settings } from '../settings.ts';

const tenantId = TenantId.parse('demo');
const MESSAGE = 'Message-ID: <1@demo.example>\r\nSubject: protected\r\n\r\n.dots\r\n..and 8-bit: æ\r\n';

const MAIL = { protectedMessageId: protectedMessageId(1), recipientIds: [recipientId(1)] };
const mailTo = (address: string) => ({
  mailFrom: Address.parse('securemail@demo.example'),
  recipients: [{ recipientId: recipientId(1), address: Address.parse(address), disclosed: true }],
});

export interface DeliveryWorld {
  /** Plays every outside server; its certificate is of a stranger, as most are. */
  outside: SmtpSink;
  /** The tenant's own server; its certificate is good. */
  own: SmtpSink;
  /** The next one of the tenant's list, where the options want one; its certificate is good. */
  standBy: SmtpSink | null;
  pool: Pool;
  store: EventStore;
  vault: Vault;
  /** Starts a delivery; several may run on the same database. */
  start(delivery?: Overrides): Promise<{ close(): Promise<void> }>;
  /** As crypto appends it. */
  protect(addresses: readonly string[], method?: ProtectionMethod, message?: string): Promise<EmailId>;
  /** As SecureMailBox appends it, about an email that crypto protected for it. */
  deposit(emailId: EmailId, address: string, notification?: string, endsAt?: Date): Promise<void>;
  /** As SecureMailBox appends it, in a stream of its own. */
  issueCode(
    address: string,
    code: { expiresAt: Date; mail?: string; name?: 'MailboxCodeIssued' | 'MailboxNoticeIssued' },
  ): Promise<EmailId>;
  /** As receipts appends it. */
  issueReceipt(sender: string): Promise<EmailId>;
  events(emailId: EmailId): Promise<DomainEvent[]>;
  /** The first event of that name, once it is there. */
  event<Name extends EventName>(emailId: EmailId, name: Name): Promise<DomainEvent<Name>>;
  jobs(): Promise<number>;
  /** A job for what was appended last of that email, whatever delivery makes of it. */
  addJob(emailId: EmailId, lane: string): Promise<void>;
  /** Takes away the file of the authorities that the tenant's own mail server is checked by. */
  hideAuthorities(): Promise<void>;
  /** Lets nobody into the database, until the returned function is called. */
  shutDatabase(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Settings of delivery, and beside them those of the world outside and of the tenant. */
export interface Overrides {
  outside?: object;
  tenant?: object;
  [setting: string]: unknown;
}

export interface WorldOptions {
  standBy?: boolean;
  ownTls?: 'good' | 'wrong-name' | 'expired' | 'stranger' | 'none';
  outsideTls?: boolean;
  whenOutcomeUnknown?: 'send-again' | 'hold';
  /** False: what arrives outside is counted and forgotten. */
  holdOutside?: boolean;
  /** What both servers announce. */
  announces?: Pick<SmtpSinkOptions, 'size' | 'without'>;
}

/** A database, two mail servers, and what stands upstream of delivery. */
export async function openDeliveryWorld({
  standBy: wantsStandBy = false,
  ownTls = 'good',
  outsideTls = true,
  whenOutcomeUnknown = 'send-again',
  holdOutside = true,
  announces = {},
}: WorldOptions = {}): Promise<DeliveryWorld> {
  const { authorityPem, certificateOf, vaultKey, databaseUrl } = await (common ??= openCommon());
  const folder = await mkdtemp(join(tmpdir(), 'delivery-test-'));
  const path = (name: string) => join(folder, name);
  await writeFile(path('authority.pem'), authorityPem);
  await writeFile(path('vault.key'), vaultKey, { mode: 0o600 });
  const own = await startSmtpSink({ ...announces, tls: await certificateOf(ownTls) });
  const standBy = wantsStandBy ? await startSmtpSink({ tls: await certificateOf('good') }) : null;
  const outside = await startSmtpSink({
    ...announces,
    tls: outsideTls ? await certificateOf('outside') : null,
    hold: holdOutside,
  });
  const url = await cloneDatabase(databaseUrl);
  const settingsWith = ({ outside: elsewhere = {}, tenant = {}, ...delivery }: Overrides) =>
    Settings.parse({
      database: { url },
      vault: { keyFile: path('vault.key') },
      tenants: [
        {
          id: 'demo',
          name: 'Demo',
          domains: ['demo.example'],
          mailServers: [own, ...(standBy === null ? [] : [standBy])].map(({ port }) => ({
            host: '127.0.0.1',
            port,
            tlsName: 'mail.demo.example',
            caFile: path('authority.pem'),
          })),
          whenOutcomeUnknown,
          ...tenant,
        },
      ],
      outside: { routes: [{ domain: '*', host: '127.0.0.1', port: outside.port }], ...elsewhere },
      delivery: {
        retrySeconds: [0.2],
        leaseSeconds: 30,
        replyTimeoutSeconds: 1,
        finalDotTimeoutSeconds: 1,
        connectTimeoutSeconds: 1,
        ...delivery,
      },
    });
  const { vault, cipher } = await postgresVault({ url, kek: await fileKeyEncryptionKey(path('vault.key')) });
  const pools = {
    crypto: createPool({ url, schema: 'crypto' }),
    mailbox: createPool({ url, schema: 'mailbox' }),
    receipts: createPool({ url, schema: 'receipts' }),
  };
  const pool = createPool({ url, schema: 'delivery' });
  const store = new EventStore({ service: 'delivery', cipher });

  const appended = new Map<EmailId, SealedEvent>();
  const append = async (service: keyof typeof pools, emailId: EmailId, event: NewEvent) => {
    const upstream = new EventStore({ service, cipher });
    const sealed = await inTransaction(pools[service], (tx) =>
      upstream.append(tx, { emailId, tenantId }, 0, [event]),
    );
    for (const each of sealed) appended.set(emailId, each);
    signalAppended(service);
  };
  const put = (emailId: EmailId, text: string): Promise<ContentRef> =>
    vault.put({ emailId, tenantId }, Readable.from([Buffer.from(text)]));
  const events = (emailId: EmailId) => store.readStream(pool, emailId);

  return {
    outside,
    own,
    standBy,
    pool,
    store,
    vault,
    start: (delivery = {}) => startDelivery(settingsWith(delivery)),
    async protect(addresses, method = 'smime-personal', message = MESSAGE) {
      const emailId = newEmailId();
      const recipients = addresses.map((address, index) => ({
        recipientId: recipientId(index + 1),
        address: Address.parse(address),
        disclosed: true,
      }));
      await append('crypto', emailId, {
        name: 'EmailProtected',
        data: {
          protectedMessageId: protectedMessageId(1),
          method,
          recipientIds: recipients.map((each) => each.recipientId),
          content: await put(emailId, message),
          deadlineAt: new Date().toISOString(),
          signature: null,
          encryption: null,
        },
        personal: { mailFrom: Address.parse('anna@demo.example'), recipients },
      });
      return emailId;
    },
    async deposit(emailId, address, notification = MESSAGE, endsAt = new Date(Date.now() + 86_400_000)) {
      await append('mailbox', emailId, {
        name: 'MailboxMessageDeposited',
        data: {
          ...MAIL,
          content: await put(emailId, notification),
          messageId: randomUUID(),
          linkSha256: Sha256.parse('0'.repeat(64)),
          endsAt: endsAt.toISOString(),
        },
        personal: { ...mailTo(address), takeBack: null },
      });
    },
    async issueCode(address, { expiresAt, mail = MESSAGE, name = 'MailboxCodeIssued' }) {
      const emailId = newEmailId();
      await append('mailbox', emailId, {
        name,
        data: { ...MAIL, content: await put(emailId, mail), expiresAt: expiresAt.toISOString() },
        personal: mailTo(address),
      });
      return emailId;
    },
    async issueReceipt(sender) {
      const emailId = newEmailId();
      await append('receipts', emailId, {
        name: 'ReceiptIssued',
        data: {
          kind: 'final',
          content: await put(emailId, MESSAGE),
          outcome: 'sent',
          issuedAt: new Date().toISOString(),
          holds: 0,
          setbacks: 0,
          decisions: 0,
          reminder: 0,
        },
        personal: { recipient: Address.parse(sender) },
      });
      return emailId;
    },
    events,
    async event<Name extends EventName>(emailId: EmailId, name: Name) {
      for (;;) {
        const found = (await events(emailId)).find((event) => event.name === name);
        if (found !== undefined) return found as DomainEvent<Name>;
        await sleep(20);
      }
    },
    async jobs() {
      const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from jobs');
      return rows[0]?.count ?? 0;
    },
    async addJob(emailId, lane) {
      const event = appended.get(emailId);
      if (event === undefined) throw new Error('nothing was appended of that email');
      const job = { emailId, tenantId, ...MAIL, lane, ownMailServers: false, event };
      await inTransaction(pool, (tx) => addJobs(tx, [job], new Date()));
    },
    hideAuthorities: () => rm(path('authority.pem')),
    shutDatabase: () => shutDatabase(url),
    async close() {
      await Promise.all([...Object.values(pools), pool].map((each) => each.end()));
      await Promise.all([vault.close(), own.stop(), standBy?.stop(), outside.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Of the tenant's own server, or of that which plays all others. */
type TlsKind = NonNullable<WorldOptions['ownTls']> | 'outside';

interface Common {
  authorityPem: string;
  certificateOf: (kind: TlsKind) => Promise<Issued | null>;
  /** The content of the key file. */
  vaultKey: Buffer;
  /** Its schemas are up to date, and nobody is connected to it. */
  databaseUrl: string;
}
/** What takes a second to make, and is the same in every world of a suite. */
let common: Promise<Common> | undefined;

async function openCommon(): Promise<Common> {
  const [authority, stranger] = await Promise.all([
    createCertificateAuthority({ name: 'Trusted' }),
    createCertificateAuthority({ name: 'Stranger' }),
  ]);
  const issued = new Map<TlsKind, Promise<Issued | null>>();
  const folder = await mkdtemp(join(tmpdir(), 'delivery-test-'));
  const keyFile = join(folder, 'vault.key');
  await createKeyFile(keyFile);
  const vaultKey = await readFile(keyFile);
  const url = await createDatabase();
  const mailServers = [{ host: '127.0.0.1', port: 9, tlsName: 'mail.demo.example' }];
  const tenants = [{ id: 'demo', name: 'Demo', domains: ['demo.example'], mailServers }];
  await (await startDelivery(Settings.parse({ database: { url }, vault: { keyFile }, tenants }))).close();
  await rm(folder, { recursive: true });
  return {
    authorityPem: authority.certificatePem,
    certificateOf(kind) {
      const certificate = issued.get(kind) ?? serverCertificate(kind, authority, stranger);
      issued.set(kind, certificate);
      return certificate;
    },
    vaultKey,
    databaseUrl: url,
  };
}

async function serverCertificate(
  kind: TlsKind,
  trusted: CertificateAuthority,
  stranger: CertificateAuthority,
) {
  const names = ['mail.demo.example'];
  switch (kind) {
    case 'none':
      return null;
    case 'good':
      return trusted.issueServer({ names });
    case 'wrong-name':
      return trusted.issueServer({ names: ['mail.else.example'] });
    case 'expired':
      return trusted.issueServer({ names, validity: expired() });
    case 'stranger':
      return stranger.issueServer({ names });
    case 'outside':
      return stranger.issueServer({ names: ['mx.else.example'] });
    default:
      return kind satisfies never;
  }
}
