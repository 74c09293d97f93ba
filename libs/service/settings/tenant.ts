// SPDX-License-Identifier: Apache-2.0
import {
  Address,
  GuardAction,
  Language,
  newEventId,
  readAddress,
  readDomain,
  TenantId,
} from '@securemail/contracts';
import { rulesSchema } from '@securemail/sensitive-content';
import { z } from 'zod';
import { Contacts, strangeContacts } from './contacts.ts';
import { Demands, demandsIn } from './demands.ts';
import { DkimSettings } from './dkim.ts';
import { Domain } from './domain.ts';
import { label, plainLine } from './label.ts';
import { ConsoleOfTenant } from './console.ts';
import { OpenIdConnect } from './openid-connect.ts';
import { origin } from './origin.ts';
import { Look } from './look.ts';
import { SecondChannel } from './second-channel.ts';

/** A mail server of the organisation itself. Mail to it always goes over TLS with its name and chain verified. */
export const OwnMailServer = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(25),
  /** The name its certificate must carry; without it, `host`. */
  tlsName: z.string().min(1).optional(),
  /** PEM file of the authorities to trust for it; without it, the system's. */
  caFile: z.string().min(1).optional(),
});
export type OwnMailServer = z.infer<typeof OwnMailServer>;

/** Fields that a mail has or needs itself. */
const NEEDED =
  /^(from|sender|reply-to|to|cc|bcc|subject|date|message-id|in-reply-to|references|thread-index|received|mime-version|content-.*)$/i;

/** Fields that others write or sign, or that tell how a mail came, who made it and how it is to be treated. */
const SAYING = new RegExp(
  `^(${[
    ...['x-securemail-.*', 'x-ms-.*', 'x-originat.*', 'dkim-.*', 'arc-.*', 'list-.*', 'resent-.*'],
    ...['return-path', 'delivered-to', 'authentication-results', 'received-spf', 'auto-submitted'],
    ...['sensitivity', 'importance', 'priority', 'x-priority', 'x-msmail-priority', 'precedence'],
    ...['thread-topic', 'comments', 'keywords', 'organization', 'user-agent', 'x-mailer'],
    ...['accept-language', 'disposition-notification-.*', 'return-receipt-to', 'tls-required', 'expires'],
  ].join('|')})$`,
  'i',
);

/** A header field that a mail server is to find in what it is given, printable ASCII on one line. */
const AddedHeaders = z.record(
  z
    .string()
    .regex(/^[A-Za-z0-9-]{1,76}$/, 'the name of a header field: letters, digits and "-"')
    .refine(
      (name) => !NEEDED.test(name),
      'a field of its own, such as X-Example: the mail has this one already',
    ),
  z.string().regex(/^[\x21-\x7e]([\x20-\x7e]{0,800}[\x21-\x7e])?$/, 'printable ASCII on one line'),
);

/** Own mail servers for some of the own mailboxes. */
export const MailRoute = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9-]{1,40}$/, '1 to 40 of a-z, 0-9 and "-"'),
    /** Own domains whose mailboxes are there, where no list says otherwise. */
    domains: z.array(Domain).default([]),
    /** File of the mailboxes that are there, one address on each line; read again when it changes. */
    mailboxesFile: z.string().min(1).optional(),
    /** Tried in this order. */
    servers: z.array(OwnMailServer).min(1),
    /** Header fields that the servers expect of us, such as a connector's rule. */
    headers: AddedHeaders.default({}),
    /** PEM files of the certificate, and its key, by which the servers know us. */
    clientCertificate: z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  })
  .refine(
    ({ domains, mailboxesFile }) => domains.length > 0 || mailboxesFile !== undefined,
    'it needs `domains` or `mailboxesFile`: nothing would ever go there',
  );
export type MailRoute = z.infer<typeof MailRoute>;

/** An organisation with whom verified TLS between the mail servers was agreed. */
export const Partner = z.strictObject({
  domain: Domain,
  /** The names of which its servers' certificates must carry one. */
  tlsNames: z.array(Domain).min(1),
  /** PEM file of the authorities to trust for it; without it, the system's. */
  caFile: z.string().min(1).optional(),
  /** Its servers, best first, in place of what DNS says. */
  mailServers: z
    .array(z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535).default(25) }))
    .min(1)
    .optional(),
});
export type Partner = z.infer<typeof Partner>;

export const API_SCOPES = [
  'emails:send',
  'emails:read',
  'held:decide',
  'dead-letters:replay',
  'certificates:read',
  'audit',
  'retention',
  'admin',
] as const;
/** What a key may do that is told nothing else; to decide about held mail, to erase, and to administer, is given in so many words. */
export const DEFAULT_API_SCOPES = ['emails:send', 'emails:read'] as const;

/** The domain as addresses have it, however it is written here. */
const Sender = z.string().transform((text, context): string => {
  const domain = text.startsWith('*@') ? readDomain(text.slice(2)) : null;
  if (domain !== null) return `*@${domain}`;
  const read = readAddress(text);
  if (read.ok && !text.startsWith('*@')) return read.address;
  context.issues.push({ code: 'custom', input: text, message: 'an address or "*@domain"' });
  return z.NEVER;
});

export const ApiKeySettings = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, '1 to 40 of a-z, 0-9 and "-"'),
  /** SHA-256 of the whole key in hexadecimal, as `securemail api-keys create` prints it. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'the SHA-256 of the key, 64 hexadecimal digits'),
  /** Whom the holder may send as: addresses, or `*@domain` for all of a domain. */
  senders: z.array(Sender).min(1),
  scopes: z
    .array(z.enum(API_SCOPES))
    .min(1)
    .default([...DEFAULT_API_SCOPES]),
});
export type ApiKeySettings = z.infer<typeof ApiKeySettings>;

/** How a mail client asks for *Send securely*. The header and the tags are taken off before the mail leaves. */
export const SecureMarks = z.strictObject({
  /** A header field; any value but "false", "no" and "0" asks. */
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,76}$/, 'the name of a header field: letters, digits and "-"')
    .refine(
      (name) => !NEEDED.test(name),
      'a field of its own, such as X-Send-Securely: it is taken off the mail',
    )
    .refine(
      (name) => !SAYING.test(name),
      'a field that only asks, such as X-Send-Securely: this one says something else, also in mail that asks for nothing',
    )
    .default('X-Send-Securely'),
  /** Tags in the subject, taken off wherever they stand. */
  subjectTags: z.array(z.string().trim().min(2)).default(['[secure]', '[sikker]']),
  /** Values of the `Sensitivity` header (RFC 4021 §2.1.55), which stays: it tells the reader something, too. */
  sensitivities: z.array(z.string().min(1)).default(['private', 'company-confidential']),
});

/** One network address, or a range of them; not the whole Internet. */
export const Network = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
    error: 'an IP address or a range in CIDR notation, such as 192.0.2.25 or 2001:db8::/64',
  })
  .refine((network) => !network.endsWith('/0'), 'a range smaller than every address there is');

/** Mail servers that may hand in mail without signing in. */
const Relay = z.union(
  [
    Network.transform((network) => ({ network, headers: {} })),
    z.strictObject({
      network: Network,
      /**
       * Fields that their mail has to carry, each with this value alone: servers that others send through, too, write
       * in one of them whose mail it is, as Exchange Online does with X-OriginatorOrg.
       */
      headers: z
        .record(z.string().regex(/^[A-Za-z0-9-]{1,76}$/, 'the name of a header field'), z.string().min(1))
        .refine((headers) => Object.keys(headers).length > 0, 'at least one field'),
    }),
  ],
  { error: 'an IP address, a range in CIDR notation, or one of them as `network` with `headers`' },
);
export type Relay = z.output<typeof Relay>;

const LEAST_HOLD_DAYS = 10 / 86_400;

/** What becomes of held mail that nobody decides about. */
const Holding = z
  .strictObject({
    /** Hours after which the sender is reminded. */
    remindAfterHours: z.array(z.number().positive()).max(10).default([24, 72]),
    /** Then it is rejected, and the sender told. */
    endAfterDays: z
      .number()
      .min(LEAST_HOLD_DAYS, 'at least ten seconds, in days: nobody could decide about it before')
      .max(90)
      .default(7),
  })
  .refine(
    ({ remindAfterHours, endAfterDays }) =>
      remindAfterHours.every(
        (hours, index) => hours > (remindAfterHours[index - 1] ?? 0) && hours < endAfterDays * 24,
      ),
    { path: ['remindAfterHours'], message: 'in ascending order, and all before `endAfterDays`' },
  );
export type Holding = z.infer<typeof Holding>;

/** How long what was sent and received is kept. */
const Retention = z
  .strictObject({
    /**
     * Days from an email's end until its key is destroyed: everybody is settled, the sender was told, and nothing of it can be
     * read in SecureMailBox. Null: until somebody erases it.
     */
    keepDays: z
      .number()
      .min(1 / 1_440, 'at least a minute, in days')
      .max(36_500)
      .nullable()
      .default(null),
  })
  .default({ keepDays: null });

/** What each guard does with what it finds. */
const Guards = z.strictObject({
  /** Mail to somebody outside, on a secure thread, that nobody asked to send securely; what `whenNotAskedSecure` alone made secure, and protects again, is none. */
  secureThread: GuardAction.default('protect'),
  /** Mail by which somebody outside joins a thread that was internal, and that nobody asked to send securely. */
  newOutsider: GuardAction.default('protect'),
  /** Mail of a secure thread that a mailbox forwards outside by a rule. */
  autoForwarded: GuardAction.default('refuse'),
  /** Mail to somebody outside that nobody asked to send securely, by what is in it. */
  sensitiveContent: z
    .strictObject({
      /** What is looked for; nothing is looked into where there are none. */
      rules: rulesSchema.default([]),
      whenFound: GuardAction.default('protect'),
      /** Something in it can not be looked into: encrypted, broken, too large. */
      whenUnread: GuardAction.default('protect'),
    })
    .default({ rules: [], whenFound: 'protect', whenUnread: 'protect' }),
  /** Secure mail, asked for or not, to an own mailbox that forwards outside. */
  forwardsOutside: z.enum(['refuse', 'allow']).default('allow'),
});
export type Guards = z.infer<typeof Guards>;

const FORBIDDABLE = ['smime-personal', 'smime-domain', 'tls', 'mailbox'] as const;
/** Those that every organisation has. */
const WITHOUT_MAILBOX = FORBIDDABLE.filter((method) => method !== 'mailbox');

const SubjectTag = plainLine().min(2).max(40).nullable().default(null);
const SubjectTags = z
  .strictObject({
    /** It came encrypted, and is signed validly. */
    secure: SubjectTag,
    /** It came in clear. */
    insecure: SubjectTag,
    /** Its signature is not valid. */
    invalid: SubjectTag,
  })
  .default({ secure: null, insecure: null, invalid: null });

export type OpenIdConnectOfTenant = z.output<typeof OpenIdConnect>;

/** Where people outside read what nothing stronger can bring to them. */
const Mailbox = z.strictObject({
  /** Where they find it, as it stands in the notifications; its pages are under /mailbox/. */
  url: origin('https: what is read there is secret (http only for this machine itself)'),
  /** How long a message can be read. */
  keepDays: z.int().min(1).max(3_650).default(90),
  look: Look.prefault({}),
  /** Whether its readers may set a password, and sign in by that in place of a code. */
  passwords: z.boolean().default(true),
  /** Readers may sign in there, too. */
  openIdConnect: OpenIdConnect.optional(),
  /** How its readers get a code beside the one by mail, where that is demanded. */
  secondChannel: SecondChannel.optional(),
  /** What its readers have to prove beside their address, by how sensitive a message is. */
  demands: Demands.prefault({}),
});
export type MailboxOfTenant = z.output<typeof Mailbox>;

/** By which setting each can be proven. */
const OFFERED_BY = { 'second-channel': 'secondChannel', 'openid-connect': 'openIdConnect' } as const;

export const TenantShape = z.strictObject({
  id: TenantId,
  /** As its readers and partners know it: it stands in the sender and the subject of mails. */
  name: label(120),
  domains: z.array(Domain).min(1),
  /** For every own mailbox that no route names. */
  mailServers: z.array(OwnMailServer).min(1),
  mailRoutes: z.array(MailRoute).default([]),
  /** What receipts come from. Default: `securemail@` the first domain. */
  gatewayAddress: Address.optional(),
  apiKeys: z.array(ApiKeySettings).default([]),
  /** Own mail servers that may hand in mail without signing in. */
  relayFrom: z.array(Relay).default([]),
  secureMarks: SecureMarks.default(() => SecureMarks.parse({})),
  /** Who of it may use the console. */
  console: ConsoleOfTenant.prefault({}),
  /** Mail that nobody asked to send securely: protected all the same, or refused with an explanation. */
  whenNotAskedSecure: z.enum(['protect', 'refuse']).default('protect'),
  /** Files that list what own mailboxes forward, as Exchange exports it (CSV); read again when they change. */
  forwardingFiles: z.array(z.string().min(1)).max(20).default([]),
  guards: Guards.default(() => Guards.parse({})),
  /** Mail from outside. */
  inbound: z
    .strictObject({
      /** What fails DMARC where the domain in From asks for `reject`: it is delivered, marked, or refused. */
      dmarcFail: z.enum(['deliver', 'refuse']).default('deliver'),
      /** What is put before the subject of a mail that is opened, so that readers can tell; nothing, where it is not set. */
      subjectTags: SubjectTags,
      /** Who is told where it can't be delivered: its sender is not, for anybody may say that he is it. Default: `postmaster@` the first domain. */
      postmaster: Address.optional(),
      /**
       * What can't be opened: `explain` puts it into a mail that says why, with a Signature certificate; `leave` delivers it
       * as it came, for organisations whose people open such mail themselves.
       */
      whenUnopened: z.enum(['explain', 'leave']).default('explain'),
      /** The own mail server is asked whether it has the mailbox, and what it does not have is refused. */
      checkRecipients: z.boolean().default(true),
    })
    .default({
      dmarcFail: 'deliver',
      whenUnopened: 'explain',
      checkRecipients: true,
      subjectTags: { secure: null, insecure: null, invalid: null },
    }),
  /** Which mails carry a Signature certificate: those that are sent as well as those that come in, these alone, or none. */
  signatureCertificates: z.enum(['always', 'received', 'never']).default('always'),
  /** What its people are addressed in. */
  language: Language.default('en'),
  /** When nobody knows whether the other side has the mail. */
  whenOutcomeUnknown: z.enum(['send-again', 'hold']).default('send-again'),
  /** Protection methods this tenant never uses. */
  forbiddenMethods: z
    .array(z.enum(FORBIDDABLE))
    .refine(
      (methods) => FORBIDDABLE.some((method) => !methods.includes(method)),
      'not all of smime-personal, smime-domain, tls and mailbox: nothing could ever be sent to anybody outside',
    )
    .default([]),
  partners: z.array(Partner).default([]),
  /** Keys that sign what goes to the outside, by the domain in From; all of a domain's sign. */
  dkim: z.array(DkimSettings).max(50).default([]),
  /** SecureMailBox; without it, mail for those whom no other method reaches is held. */
  mailbox: Mailbox.optional(),
  /** Whom people outside can write to in SecureMailBox without having been written to; without any, nobody. */
  contacts: Contacts.default({}),
  holding: Holding.default({ remindAfterHours: [24, 72], endAfterDays: 7 }),
  retention: Retention,
  /** Which receipts are mailed to a sender; of trouble he is always told at once. */
  receipts: z.enum(['always', 'on-trouble', 'digest']).default('always'),
});

export const Tenant = TenantShape.superRefine((tenant, context) => {
  const { domains, apiKeys, partners, mailRoutes, forbiddenMethods, mailbox, contacts, dkim, guards } =
    tenant;
  for (const { path, message } of strangeContacts(contacts, domains))
    context.addIssue({ code: 'custom', path: ['contacts', ...path], message });
  if (mailbox === undefined && WITHOUT_MAILBOX.every((method) => forbiddenMethods.includes(method)))
    context.addIssue({
      code: 'custom',
      path: ['forbiddenMethods'],
      message: `not all of ${WITHOUT_MAILBOX.join(', ')} without SecureMailBox: nothing could ever be sent to anybody outside`,
    });
  for (const { path, proof } of mailbox === undefined ? [] : demandsIn(mailbox.demands))
    if (mailbox?.[OFFERED_BY[proof]] === undefined)
      context.addIssue({
        code: 'custom',
        path: ['mailbox', 'demands', ...path],
        message: `"${proof}" needs \`mailbox.${OFFERED_BY[proof]}\`: nobody could ever read such a message`,
      });
  if (mailbox?.demands.sensitiveContent !== undefined && guards.sensitiveContent.rules.length === 0)
    context.addIssue({
      code: 'custom',
      path: ['mailbox', 'demands', 'sensitiveContent'],
      message: 'needs rules in `guards.sensitiveContent.rules`: without any it demands nothing of anybody',
    });
  for (const [index, { name, domains: routed }] of mailRoutes.entries()) {
    if (mailRoutes.findIndex((other) => other.name === name) < index)
      context.addIssue({
        code: 'custom',
        path: ['mailRoutes', index, 'name'],
        message: `the route "${name}" stands twice`,
      });
    for (const [at, domain] of routed.entries()) {
      const path = ['mailRoutes', index, 'domains', at];
      if (!domains.includes(domain))
        context.addIssue({
          code: 'custom',
          path,
          message: `one of the tenant's own domains (${domains.join(', ')})`,
        });
      else if (mailRoutes.findIndex((other) => other.domains.includes(domain)) < index)
        context.addIssue({ code: 'custom', path, message: `another route has "${domain}" already` });
    }
  }

  for (const [index, { domain, selector }] of dkim.entries()) {
    const fault = (field: string, message: string) => {
      context.addIssue({ code: 'custom', path: ['dkim', index, field], message });
    };
    if (!domains.some((own) => isWithin(own, domain)))
      fault('domain', `an own domain, or one above it (${domains.join(', ')})`);
    if (dkim.findIndex((other) => other.domain === domain && other.selector === selector) < index)
      fault('selector', `the selector "${selector}" of ${domain} stands twice`);
  }
  for (const [index, { domain }] of partners.entries()) {
    const path = ['partners', index, 'domain'];
    if (domains.includes(domain))
      context.addIssue({ code: 'custom', path, message: 'another organisation: this domain is an own one' });
    if (partners.findIndex((other) => other.domain === domain) < index)
      context.addIssue({ code: 'custom', path, message: `the partner "${domain}" stands twice` });
  }
  for (const [key, { senders }] of apiKeys.entries()) {
    for (const [index, sender] of senders.entries()) {
      const domain = sender.slice(sender.lastIndexOf('@') + 1);
      if (domains.includes(domain)) continue;
      const message = `a sender of the tenant's own domains (${domains.join(', ')}): mail from others is refused`;
      context.addIssue({ code: 'custom', path: ['apiKeys', key, 'senders', index], message });
    }
  }
});
export type Tenant = z.infer<typeof Tenant>;

/** Whether a domain is that one, or below it. */
export const isWithin = (domain: string, above: string): boolean => `.${domain}`.endsWith(`.${above}`);

export const postmasterOf = (tenant: Tenant): Address =>
  tenant.inbound.postmaster ?? Address.parse(`postmaster@${tenant.domains[0] ?? 'invalid'}`);

/** A new Message-ID (RFC 5322 §3.6.4) for a mail of ours. */
export const newMessageIdIn = ({ domains }: Pick<Tenant, 'domains'>): string =>
  `<${newEventId()}@${domains[0] ?? 'localhost'}>`;

export const gatewayAddressOf = (tenant: Tenant): Address =>
  tenant.gatewayAddress ?? Address.parse(`securemail@${tenant.domains[0] ?? 'invalid'}`);
