// SPDX-License-Identifier: Apache-2.0
import { newEmailId, readAddress, type Address, type Channel, type SecureBy } from '@securemail/contracts';
import { wasRefused } from '@securemail/event-store';
import { signalAppended } from '@securemail/event-log';
import { addressesOf, MalformedMessageError, readHeader, type Header } from '@securemail/mime';
import { Problem, type Platform, type Tenant } from '@securemail/service';
import { ATTRIBUTE, count, currentTraceparent, METRIC, reached } from '@securemail/telemetry';
import type { AcceptedEmail } from './accepted-email.ts';
import { KeyTakenError, remembering, type IdempotentRequest } from './adapters/idempotency-keys.ts';
import { checkedContent } from './checked-content.ts';
import { accept, refusalOf, refuse, type IntakePolicy, type Submission } from './domain/decide.ts';
import { goesInCircles } from './domain/mail-loop.ts';
import { readMarks } from './domain/secure-marks.ts';
import { withTraceFields, type Client } from './domain/trace-fields.ts';
import type { IntakeSettings } from './settings.ts';

/** A mail as it was handed in, however it came. */
export interface HandedIn {
  tenant: Tenant;
  channel: Channel;
  submittedBy: string;
  /** The `with` of the Received field. */
  protocol: string;
  /** Who spoke to us; null over HTTP. */
  client: Client | null;
  askedByApi: boolean;
  source: AsyncIterable<Uint8Array>;
  /** Who sends and who receives: known beforehand (SMTP), or read from the header. */
  envelope: (header: Header) => { mailFrom: Address; recipients: Address[] };
  senderAllowed: (mailFrom: Address, header: Header) => boolean;
  /** Kept in the same transaction as the acceptance; the fingerprint is known once the content has been read. */
  idempotency?: { request: IdempotentRequest; fingerprint: () => Buffer };
}

export type Acceptance = ReturnType<typeof createAcceptance>;

/** Takes mails: from the moment its promise resolves an email is durable and ours. */
export function createAcceptance(
  { pool, store, vault, policies }: Pick<Platform, 'pool' | 'store' | 'vault' | 'policies'>,
  settings: IntakeSettings,
  clock: () => Date = () => new Date(),
) {
  /** @throws Problem for whatever is refused; nothing is kept then but the fact. */
  return async function acceptEmail(handedIn: HandedIn): Promise<AcceptedEmail> {
    const { header, body } = await readHeader(
      checkedContent(handedIn.source, settings.maxMessageBytes),
    ).catch(asProblem);
    try {
      return await take(handedIn, header, body);
    } catch (error) {
      // A source whose reader stops without saying so waits for it, and nobody else can read the rest to its end.
      await body[Symbol.asyncIterator]().return?.();
      throw error;
    }
  };

  async function take(
    handedIn: HandedIn,
    original: Header,
    body: AsyncIterable<Buffer>,
  ): Promise<AcceptedEmail> {
    const { tenant, channel, submittedBy } = handedIn;
    const emailId = newEmailId();
    const stream = { emailId, tenantId: tenant.id };
    const traceparent = currentTraceparent();

    if (goesInCircles(original, channel))
      throw new Problem('mail-loop', 'It has been here before, or at more than a hundred servers.');
    const { mailFrom, recipients } = handedIn.envelope(original);
    const { secureMarks, whenNotAskedSecure } = policies.of(tenant, mailFrom);
    const policy: IntakePolicy = {
      domains: tenant.domains,
      whenNotAskedSecure,
      deadlineMinutes: settings.deadlineMinutes,
    };
    const marks = readMarks(original, secureMarks);
    const askedBy: Exclude<SecureBy, 'policy'> | null = handedIn.askedByApi ? 'api' : marks.askedBy;
    if (recipients.length === 0) throw new Problem('no-recipient', 'Neither to, cc nor bcc names anybody.');
    if (recipients.length > settings.maxRecipients)
      throw tooManyRecipients(recipients.length, settings.maxRecipients);

    const submission: Submission = {
      channel,
      submittedBy,
      mailFrom,
      senderAllowed: handedIn.senderAllowed(mailFrom, original),
      askedBy,
    };
    const refusal = refusalOf(submission, policy);
    if (refusal !== null) {
      await store.append(pool, stream, 0, [refuse(submission, refusal, clock())], { traceparent });
      signalAppended('intake');
      throw new Problem(refusal, REFUSALS[refusal]);
    }

    const header = withTraceFields(marks.header, {
      emailId,
      hostname: settings.hostname,
      protocol: handedIn.protocol,
      client: handedIn.client,
      at: clock(),
    });
    const content = await vault.put(stream, concat(header.toBuffer(), body)).catch(asProblem);
    reached('intake:content-stored');
    const event = accept(
      submission,
      {
        content,
        recipients,
        disclosed: disclosedBy(header),
        subject: header.get('Subject') ?? '',
        messageId: header.get('Message-ID') ?? '',
      },
      policy,
      clock(),
    );
    const { acceptedAt, deadlineAt } = event.data;
    const answer: AcceptedEmail = { emailId, tenantId: tenant.id, state: 'accepted', acceptedAt, deadlineAt };
    const { idempotency } = handedIn;
    const when =
      idempotency &&
      remembering(idempotency.request, { fingerprint: idempotency.fingerprint(), answer }, clock());
    try {
      const options = { traceparent, ...(when === undefined ? {} : { when }) };
      const appended = await store.append(pool, stream, 0, [event], options);
      if (appended.length === 0) throw new KeyTakenError('the Idempotency-Key was taken meanwhile');
    } catch (error) {
      // A connection lost on the way leaves open whether the email is ours: then its content has to stay.
      if (error instanceof KeyTakenError || wasRefused(error))
        await vault.erase(emailId).catch(() => undefined);
      throw error;
    }
    signalAppended('intake');
    reached('intake:accepted');
    count(METRIC.emailsAccepted, { [ATTRIBUTE.channel]: channel });
    return answer;
  }
}

const REFUSALS = {
  'sender-not-allowed': 'You may not send as this address.',
  'not-secure': 'This organisation sends only mail through here that was asked to be sent securely.',
} as const;

export const tooManyRecipients = (count: number, limit: number) =>
  new Problem('too-many-recipients', `${count} recipients; the limit is ${limit}.`, { maxRecipients: limit });

const disclosedBy = (header: Header) =>
  ['To', 'Cc']
    .flatMap((name) => addressesOf(header, name))
    .flatMap(({ address }) => {
      const read = readAddress(address);
      return read.ok ? [read.address] : [];
    });

async function* concat(header: Buffer, body: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  yield header;
  yield* body;
}

function asProblem(error: unknown): never {
  if (error instanceof MalformedMessageError)
    throw new Problem('malformed-message', `${error.message}.`, { code: error.code });
  throw error;
}
