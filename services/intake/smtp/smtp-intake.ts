// SPDX-License-Identifier: Apache-2.0
import type { AddressInfo } from 'node:net';
import { SpanKind } from '@opentelemetry/api';
import { readAddress, type Address } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import { GRACE_MS, Problem, problemOf, type Platform } from '@securemail/service';
import { ATTRIBUTE, withSpan } from '@securemail/telemetry';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';
import type { Acceptance } from '../acceptance.ts';
import { countRefusal } from '../count-refusal.ts';
import type { IntakeSettings } from '../settings.ts';
import { readCertificateFiles } from './certificate-files.ts';
import { answerInOurWords } from './own-replies.ts';
import { SmtpReplyError, smtpReplyOf } from './smtp-reply.ts';
import { relayAt, signIn, type Submitter } from './submitter.ts';

export interface SmtpIntake {
  port: number;
  close(): Promise<void>;
}

/** How long a silent client is waited for (RFC 5321 §4.5.3.2.7). */
const PATIENCE_MS = 5 * 60_000;

type Done = (error?: Error | null, message?: string) => void;

/** SMTP submission (RFC 6409: STARTTLS, AUTH) and relay for listed own mail servers, on one port. */
export async function startSmtpIntake(
  { tenants, logger }: Pick<Platform, 'tenants' | 'logger'>,
  settings: IntakeSettings,
  acceptEmail: Acceptance,
): Promise<SmtpIntake | null> {
  const { smtp } = settings;
  if (smtp === undefined) return null;
  const submitters = new WeakMap<object, Submitter>();
  const submitterOf = (session: SMTPServerSession, mailFrom: Address | null) =>
    submitters.get(session) ?? relayAt(session.remoteAddress, mailFrom, tenants.values());

  const server = new SMTPServer({
    closeTimeout: GRACE_MS,
    name: settings.hostname,
    banner: 'Secure@Mail',
    ...readCertificateFiles(smtp),
    minVersion: 'TLSv1.2',
    size: settings.maxMessageBytes,
    maxClients: smtp.maxConnections,
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: true,
    disableReverseLookup: true,
    socketTimeout: PATIENCE_MS,
    logger: false,
    // We answer for what the next server gets, and can promise it neither of these.
    hideDSN: true,
    hideREQUIRETLS: true,
    hideENHANCEDSTATUSCODES: false,

    // A client that is offered AUTH in clear sends its key in clear, however we answer.
    onConnect(session, callback) {
      session.disabledCommands = ['AUTH'];
      answerInOurWords(server, session.id);
      callback();
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
      const read = readAddress(address.address);
      if (!read.ok)
        callback(smtpReplyOf(new Problem('invalid-address', `The recipient's address ${read.reason}.`)));
      else if (session.envelope.rcptTo.length >= settings.maxRecipients) {
        callback(smtpReplyOf(new Problem('too-many-recipients', `The limit is ${settings.maxRecipients}.`)));
      } else callback();
    },

    onData(stream, session, callback: Done) {
      receive(stream, session).then(
        (text) => {
          callback(null, text);
        },
        (error: unknown) => {
          countRefusal(error);
          if (problemOf(error).status >= 500) logger.error({ reason: reasonOf(error) }, 'mail not taken');
          // The rest of the message is read and forgotten, for only then the client listens (RFC 5321 §4.1.1.4).
          stream.resume();
          callback(smtpReplyOf(error));
        },
      );
    },
  });

  const receive = (stream: SMTPServerDataStream, session: SMTPServerSession) =>
    withSpan('securemail.intake', 'SMTP DATA', { kind: SpanKind.SERVER }, async (span) => {
      const { mailFrom, rcptTo } = session.envelope;
      if (mailFrom === false) throw notSignedIn();
      const sender = addressOf(mailFrom);
      const submitter = submitterOf(session, sender);
      if (submitter === null) throw notSignedIn();
      const accepted = await acceptEmail({
        tenant: submitter.tenant,
        channel: submitter.channel,
        submittedBy: submitter.submittedBy,
        client: { name: session.hostNameAppearsAs, address: session.remoteAddress },
        protocol: submitter.channel === 'submission' ? 'ESMTPSA' : 'ESMTPS',
        askedByApi: false,
        source: whole(stream),
        envelope: () => ({ mailFrom: sender, recipients: rcptTo.map(addressOf) }),
        senderAllowed: submitter.maySend,
      });
      span.setAttributes({
        [ATTRIBUTE.emailId]: accepted.emailId,
        [ATTRIBUTE.tenantId]: accepted.tenantId,
      });
      return `2.0.0 Accepted as ${accepted.emailId}`;
    });

  // A client that breaks off is its own business; a broken listener is ours.
  server.on('error', (error: Error) => {
    logger.debug({ reason: reasonOf(error) }, 'SMTP connection ended');
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(smtp.port, smtp.host, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
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

const notSignedIn = () =>
  new SmtpReplyError(530, '5.7.0 Authentication required, or a mail server that is listed for relay');

function addressOf({ address }: SMTPServerAddress): Address {
  const read = readAddress(address);
  if (!read.ok) throw new Problem('invalid-address', `An address ${read.reason}.`);
  return read.address;
}

/** The message to its end; a connection that is lost on the way is an error and not an end. */
async function* whole(stream: SMTPServerDataStream): AsyncIterable<Buffer> {
  try {
    // Leaving early must not destroy the stream: the reply to DATA comes when all of it was read.
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw cutOff();
  }
  if (!stream.readableEnded) throw cutOff();
}

const cutOff = () => new Problem('incomplete-message', 'The connection ended before the final dot.');
