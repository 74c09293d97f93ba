// SPDX-License-Identifier: Apache-2.0
import { SpanKind } from '@opentelemetry/api';
import { readAddress, type Address } from '@securemail/contracts';
import { Problem, type Platform } from '@securemail/service';
import { ATTRIBUTE, withSpan } from '@securemail/telemetry';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';
import { digesting } from '../adapters/digesting.ts';
import type { Acceptance } from '../acceptance.ts';
import { countRefusal } from '../count-refusal.ts';
import type { IntakeSettings } from '../settings.ts';
import { readCertificateFiles } from './certificate-files.ts';
import { addressOf, answer, answering, COMMON, listening, whole, type SmtpListener } from './listener.ts';
import { answerInOurWords } from './own-replies.ts';
import { placesFor } from './places.ts';
import { SmtpReplyError, smtpReplyOf } from './smtp-reply.ts';
import { relayAt, signIn, type Submitter } from './submitter.ts';
import { tlsFailuresAt } from './tls-failures.ts';

/** SMTP submission (RFC 6409: STARTTLS, AUTH) and relay for listed own mail servers, on one port. */
export async function startSmtpIntake(
  { tenants, logger }: Pick<Platform, 'tenants' | 'logger'>,
  settings: IntakeSettings,
  acceptEmail: Acceptance,
): Promise<SmtpListener | null> {
  const { smtp } = settings;
  if (smtp === undefined) return null;
  const submitters = new WeakMap<object, Submitter>();
  const submitterOf = (session: SMTPServerSession, mailFrom: Address | null) =>
    submitters.get(session) ?? relayAt(session.remoteAddress, mailFrom, tenants.values());

  const places = placesFor(smtp.maxConnections, 'submission', logger);
  const tlsFailures = tlsFailuresAt('submission');
  const server = new SMTPServer({
    name: settings.hostname,
    ...readCertificateFiles('submission', smtp),
    ...COMMON,
    size: settings.maxMessageBytes,
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: true,

    // A client that is offered AUTH in clear sends its key in clear, however we answer.
    onConnect(session, callback) {
      session.disabledCommands = ['AUTH'];
      answerInOurWords(server, session.id);
      tlsFailures.entered(server, session);
      answer(callback, () => places.enter(session));
    },

    onClose(session) {
      tlsFailures.left(session);
      places.leave(session);
    },

    onSecure(_socket, session, callback) {
      session.disabledCommands = [];
      callback();
    },

    onAuth({ username, password }, session, callback) {
      const submitter = signIn(username ?? '', password ?? '', tenants.values());
      if (submitter === null) {
        callback(
          smtpReplyOf(
            new Problem('unauthenticated', 'The user name is the id of an API key, the password the key.'),
          ),
        );
        return;
      }
      submitters.set(session, submitter);
      callback(null, { user: username });
    },

    onMailFrom(address, session, callback) {
      const refusal = refusalOfSender(address, session, submitterOf(session, null));
      // Who has not begun TLS or signed in has not handed in a mail yet.
      if (refusal instanceof Problem) countRefusal(refusal);
      callback(refusal && smtpReplyOf(refusal));
    },

    onRcptTo(address, session, callback) {
      const refusal = refusalOfRecipient(address, session, settings);
      if (refusal !== undefined) countRefusal(refusal);
      callback(refusal && smtpReplyOf(refusal));
    },

    onData: answering(logger, (stream, session) => receive(stream, session)),
  });

  const receive = (stream: SMTPServerDataStream, session: SMTPServerSession) =>
    withSpan('securemail.intake', 'SMTP DATA', { kind: SpanKind.SERVER }, async (span) => {
      const { mailFrom, rcptTo } = session.envelope;
      if (mailFrom === false) throw notSignedIn();
      const sender = addressOf(mailFrom);
      const submitter = submitterOf(session, sender);
      if (submitter === null) throw notSignedIn();
      const { source, digest } = digesting(whole(stream));
      const accepted = await acceptEmail({
        tenant: submitter.tenant,
        channel: submitter.channel,
        submittedBy: submitter.submittedBy,
        client: { name: session.hostNameAppearsAs, address: session.remoteAddress },
        protocol: submitter.channel === 'submission' ? 'ESMTPSA' : 'ESMTPS',
        askedByApi: false,
        source,
        digest,
        envelope: () => ({ mailFrom: sender, recipients: rcptTo.map(addressOf) }),
        senderAllowed: submitter.maySend,
      });
      span.setAttributes({
        [ATTRIBUTE.emailId]: accepted.emailId,
        [ATTRIBUTE.tenantId]: accepted.tenantId,
      });
      return `2.0.0 Accepted as ${accepted.emailId}`;
    });

  return await listening(server, smtp, { place: 'submission', logger });
}

function refusalOfSender(
  address: SMTPServerAddress,
  session: SMTPServerSession,
  submitter: Submitter | null,
): Problem | SmtpReplyError | undefined {
  if (!session.secure) return new SmtpReplyError(530, '5.7.0 Must issue a STARTTLS command first');
  if (submitter === null) return notSignedIn();
  if (address.address === '') {
    return new Problem(
      'sender-not-allowed',
      'Mail without a sender cannot be sent securely: nobody could be told.',
    );
  }
  const read = readAddress(address.address);
  return read.ok ? undefined : new Problem('invalid-address', `The sender's address ${read.reason}.`);
}

function refusalOfRecipient(
  { address }: SMTPServerAddress,
  { envelope }: SMTPServerSession,
  { maxRecipients }: Pick<IntakeSettings, 'maxRecipients'>,
): Problem | undefined {
  const read = readAddress(address);
  if (!read.ok) return new Problem('invalid-address', `The recipient's address ${read.reason}.`);
  return envelope.rcptTo.length >= maxRecipients
    ? new Problem('too-many-recipients', `The limit is ${maxRecipients}.`)
    : undefined;
}

const notSignedIn = () =>
  new SmtpReplyError(530, '5.7.0 Authentication required, or a mail server that is listed for relay');
