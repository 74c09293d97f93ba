// SPDX-License-Identifier: Apache-2.0
import { TLSSocket } from 'node:tls';
import { SpanKind } from '@opentelemetry/api';
import { domainOf, readAddress, type Address, type Arrival } from '@securemail/contracts';
import {
  gatewayAddressOf,
  postmasterOf,
  Problem,
  type OwnMailboxes,
  type Platform,
  type ServerTakes,
  type Tenant,
} from '@securemail/service';
import { ATTRIBUTE, withSpan } from '@securemail/telemetry';
import { SMTPServer, type SMTPServerAddress, type SMTPServerSession } from 'smtp-server';
import type { Receiving } from '../receiving.ts';
import type { IntakeSettings } from '../settings.ts';
import { readCertificateFiles } from './certificate-files.ts';
import { clientLimits } from './client-limits.ts';
import { addressOf, answer, answering, COMMON, listening, whole, type SmtpListener } from './listener.ts';
import { answerInOurWords } from './own-replies.ts';
import { placesFor } from './places.ts';
import { refuseBefore, takenByAll, takenContent } from './own-server-takes.ts';
import { tlsFailuresAt } from './tls-failures.ts';

/** Where mail servers of others hand in mail for own mailboxes (RFC 5321 §3.3): STARTTLS where they like, nobody signs in. */
export async function startSmtpInbound(
  { tenants, logger }: Pick<Platform, 'tenants' | 'logger'>,
  settings: IntakeSettings,
  { receiveEmail, mailboxes }: { receiveEmail: Receiving; mailboxes: OwnMailboxes },
): Promise<SmtpListener | null> {
  const { inbound } = settings;
  if (inbound === undefined) return null;
  const tenantOf = (address: Address): Tenant | undefined =>
    [...tenants.values()].find(({ domains }) => domains.some((each) => each === domainOf(address)));

  const places = placesFor(inbound.maxConnections, 'inbound', logger);
  const tlsFailures = tlsFailuresAt('inbound');
  const limits = clientLimits(inbound.limits, inbound.trustedNetworks);
  const agreed = new WeakMap<SMTPServerSession, NonNullable<Arrival['tls']>>();

  const server = new SMTPServer({
    ...COMMON,
    ...readCertificateFiles('inbound', inbound),
    name: settings.hostname,
    size: settings.maxMessageBytes,
    disabledCommands: ['AUTH'],
    authOptional: true,

    onConnect(session, callback) {
      answerInOurWords(server, session.id);
      tlsFailures.entered(server, session);
      answer(callback, async () => {
        await places.enter(session);
        await limits.enter(session);
      });
    },

    onClose(session) {
      tlsFailures.left(session);
      places.leave(session);
      limits.leave(session);
    },

    onSecure(socket, session, callback) {
      // What the session says of the cipher is where that begins, and not what was agreed on.
      if (!(socket instanceof TLSSocket)) throw new TypeError('a connection is secure without TLS');
      const { standardName } = socket.getCipher();
      agreed.set(session, { protocol: socket.getProtocol() ?? 'unknown', cipher: standardName });
      callback();
    },

    onMailFrom(address, session, callback) {
      answer(callback, async () => {
        const read = address.address === '' ? null : readAddress(address.address);
        if (read?.ok === false) throw new Problem('invalid-address', `The sender's address ${read.reason}.`);
        await limits.mail(session.remoteAddress);
      });
    },

    onRcptTo(address, session, callback) {
      answer(callback, () => checkRecipient(address, session));
    },

    onData: answering(logger, (stream, session) =>
      withSpan('securemail.intake', 'SMTP DATA', { kind: SpanKind.SERVER }, async (span) => {
        const recipients = session.envelope.rcptTo.map(recipientOf);
        const tenant = recipients[0] === undefined ? undefined : tenantOf(recipients[0]);
        if (tenant === undefined) throw denied();
        const { emailId } = await receiveEmail({
          tenant,
          protocol: session.secure ? 'ESMTPS' : 'ESMTP',
          client: { name: session.hostNameAppearsAs, address: session.remoteAddress },
          tls: agreed.get(session) ?? null,
          mailFrom: senderOf(session),
          recipients,
          isForReportsAlone: await isForReportsAlone(recipients, session, tenant),
          source: takenContent(whole(stream), await takenFor(recipients, tenant)),
        });
        span.setAttributes({ [ATTRIBUTE.emailId]: emailId, [ATTRIBUTE.tenantId]: tenant.id });
        return `2.0.0 Accepted as ${emailId}`;
      }),
    ),
  });

  const [owner, ...moreTenants] = tenants.values();
  /** RFC 5321 §4.5.1: the postmaster of this server; of several organisations it is nobody's. */
  const withDomain = (written: string): string =>
    /^postmaster$/i.test(written) && owner !== undefined && moreTenants.length === 0
      ? postmasterOf(owner)
      : written;
  const recipientOf = (address: SMTPServerAddress): Address =>
    addressOf({ ...address, address: withDomain(address.address) });

  const checkRecipient = async (address: SMTPServerAddress, session: SMTPServerSession): Promise<void> => {
    const read = readAddress(withDomain(address.address));
    if (!read.ok) throw new Problem('invalid-address', `The recipient's address ${read.reason}.`);
    const tenant = tenantOf(read.address);
    if (tenant === undefined) throw denied();
    const [first] = session.envelope.rcptTo;
    if (first !== undefined && tenantOf(recipientOf(first)) !== tenant)
      throw new Problem('one-organisation-at-a-time', 'Bring this recipient in a transaction of its own.');
    if (session.envelope.rcptTo.length >= settings.maxRecipients)
      throw new Problem('too-many-recipients', `The limit is ${settings.maxRecipients}.`);
    if (!tenant.inbound.checkRecipients || isForReports(read.address, session, tenant)) return;
    await limits.recipient(session.remoteAddress);
    if ((await mailboxes.ask(read.address, tenant)) === 'unknown') {
      await limits.unknownRecipient(session.remoteAddress);
      throw new Problem('unknown-recipient', 'The mail server of the organisation does not have it.');
    }
    const taken = await takenFor([read.address], tenant);
    refuseBefore(taken, [senderOf(session), read.address], declaredSize(session));
  };

  const isForReportsAlone = async (
    [first, ...others]: readonly Address[],
    session: SMTPServerSession,
    tenant: Tenant,
  ): Promise<boolean> =>
    first !== undefined &&
    others.length === 0 &&
    tenant.inbound.checkRecipients &&
    isForReports(first, session, tenant) &&
    (await mailboxes.ask(first, tenant)) === 'unknown';

  const takenFor = async (recipients: readonly Address[], tenant: Tenant): Promise<ServerTakes> =>
    takenByAll(
      tenant.inbound.checkRecipients
        ? await Promise.all(recipients.map((address) => mailboxes.takes(address, tenant)))
        : [],
    );

  return await listening(server, inbound, { place: 'inbound', logger });
}

/** Null: the null reverse-path (RFC 5321 §4.5.5). */
const senderOf = ({ envelope: { mailFrom } }: SMTPServerSession): Address | null =>
  mailFrom === false || mailFrom.address === '' ? null : addressOf(mailFrom);

/** smtp-server has refused what is no number. */
function declaredSize({ envelope: { mailFrom } }: SMTPServerSession): number | null {
  const args = mailFrom === false ? null : mailFrom.args;
  const size = args !== null && typeof args === 'object' && 'SIZE' in args ? args['SIZE'] : null;
  return typeof size === 'string' ? Number(size) : null;
}

/** Reports about notifications of SecureMailBox come to who they are from, who need not be a mailbox. */
const isForReports = (address: Address, session: SMTPServerSession, tenant: Tenant) =>
  tenant.mailbox !== undefined &&
  senderOf(session) === null &&
  address.toLowerCase() === gatewayAddressOf(tenant).toLowerCase();

const denied = () => new Problem('relaying-denied', 'This server takes no mail for that domain.');
