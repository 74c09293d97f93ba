// SPDX-License-Identifier: Apache-2.0
import {
  newEmailId,
  readAddress,
  type Address,
  type Channel,
  type GuardFinding,
} from '@securemail/contracts';
import { wasRefused } from '@securemail/event-store';
import { reasonOf, signalAppended } from '@securemail/event-log';
import {
  addressesOf,
  headerOf,
  MalformedMessageError,
  readHeader,
  sevenBitHeader,
  type Header,
} from '@securemail/mime';
import { saysSubject } from '@securemail/sensitive-content';
import { gatewayAddressOf, Problem, type Platform, type Tenant } from '@securemail/service';
import { ATTRIBUTE, count, currentTraceparent, METRIC, reached } from '@securemail/telemetry';
import type { AcceptedEmail } from './accepted-email.ts';
import { mayAttachMails, noticingAttached } from './adapters/attached-mails.ts';
import type { Digest } from './adapters/digesting.ts';
import { KeyTakenError, remembering, type IdempotentRequest } from './adapters/idempotency-keys.ts';
import { notingThread } from './adapters/known-threads.ts';
import { writersOf } from './adapters/mailbox-writers.ts';
import { notingSent } from './adapters/sent-messages.ts';
import { checkedContent } from './checked-content.ts';
import { countGuards } from './count-guards.ts';
import { automaticOf } from './domain/automatic.ts';
import {
  accept,
  distinct,
  mayHandIn,
  refusalOf,
  refuse,
  type IntakePolicy,
  type Refusal,
  type Submission,
} from './domain/decide.ts';
import {
  guard,
  isSubjectToBeLookedInto,
  isToBeLookedInto,
  leaves,
  refusing,
  securedBy,
  type GuardFacts,
} from './domain/guards/guard.ts';
import { threadKeysOf } from './domain/guards/thread-keys.ts';
import { goesInCircles } from './domain/mail-loop.ts';
import { readMarks } from './domain/secure-marks.ts';
import { withoutEnvelopeEchoes } from './domain/envelope-echoes.ts';
import { withTraceFields, type Client } from './domain/trace-fields.ts';
import { attachedThread, guardFacts, lookInto, type GuardSources } from './guarding.ts';
import { refusalProblem } from './refusal-problem.ts';
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
  /** Of the octets as they were handed in; known once the source was read. */
  digest: () => Digest;
  /** Who sends and who receives: known beforehand (SMTP), or read from the header. */
  envelope: (header: Header) => { mailFrom: Address; recipients: Address[] };
  senderAllowed: (mailFrom: Address, header: Header) => boolean;
  /** Kept in the same transaction as the acceptance; the fingerprint is known once the content has been read. */
  idempotency?: { request: IdempotentRequest; fingerprint: () => Buffer };
}

export type Acceptance = ReturnType<typeof createAcceptance>;

/** Takes mails: from the moment its promise resolves an email is durable and ours. */
export function createAcceptance(
  {
    pool,
    store,
    vault,
    policies,
    logger,
  }: Pick<Platform, 'pool' | 'store' | 'vault' | 'policies' | 'logger'>,
  settings: IntakeSettings,
  sources: GuardSources,
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

    const { mailFrom, recipients: named } = handedIn.envelope(original);
    const { guards, language, secureMarks, whenNotAskedSecure } = policies.of(tenant, mailFrom);
    const policy: IntakePolicy = {
      domains: tenant.domains,
      whenNotAskedSecure,
      deadlineMinutes: settings.deadlineMinutes,
    };
    const marks = readMarks(original, secureMarks);
    if (named.length === 0) throw new Problem('no-recipient', 'Neither to, cc nor bcc names anybody.');
    if (named.length > settings.maxRecipients) throw tooManyRecipients(named.length, settings.maxRecipients);
    const recipients = distinct(named);

    const submission: Submission = {
      channel,
      submittedBy,
      mailFrom,
      senderAllowed: handedIn.senderAllowed(mailFrom, original),
      askedBy: handedIn.askedByApi ? 'api' : marks.askedBy,
    };
    const refuseFor = async (reason: Refusal, findings: readonly GuardFinding[]): Promise<never> => {
      const refusal = refuse(submission, reason, findings, clock());
      // Under an id of its own: that of the email goes with its content.
      const refused = { emailId: newEmailId(), tenantId: tenant.id };
      await store.append(pool, refused, 0, [refusal], { traceparent });
      signalAppended('intake');
      countGuards(findings);
      throw refusalProblem(reason, { findings, recipients, language });
    };
    if (!mayHandIn(submission, policy)) return refuseFor('sender-not-allowed', []);
    if (goesInCircles(original, { channel, hostname: settings.hostname })) return refuseFor('mail-loop', []);

    // Before anything is signed or encrypted, of which it is part.
    const header = withTraceFields(sevenBitHeader(withoutEnvelopeEchoes(marks.header)), {
      emailId,
      hostname: settings.hostname,
      protocol: handedIn.protocol,
      client: handedIn.client,
      at: clock(),
    });
    const threadKeys = threadKeysOf(header);
    const askedSecure = submission.askedBy !== null;
    const facts = await guardFacts({ pool }, sources, {
      tenant,
      header: original,
      threadKeys,
      recipients,
      named: disclosedBy(header),
      askedSecure,
      whenNotAskedSecure,
    });
    const early = guard(facts, guards);
    const { rules } = guards.sensitiveContent;
    const looks = rules.length > 0 && isToBeLookedInto(facts);
    const mayAttach = refusing(early) === null && leaves(facts) && mayAttachMails(header);
    // What is in it may still have it protected, and whoever is refused is told at once of all that he has to mend.
    const refusal = looks || mayAttach ? null : refusalOf(submission, recipients, policy, early);
    if (refusal !== null) return refuseFor(refusal, early);

    const { source, noticed } = noticingAttached(concat(header.toBuffer(), body), mayAttach);
    const content = await vault.put(stream, source).catch(asProblem);
    reached('intake:content-stored');
    let findings = early;
    if (looks || mayAttach) {
      // As it is stored: what is read is what would be sent.
      const attached = noticed() ? await attachedThread({ pool }, tenant, vault.get(stream, content)) : null;
      const found = looks
        ? await lookInto(vault.get(stream, content), rules, { scanner: sources.scanner, logger })
        : null;
      findings = guard({ ...facts, attached, content: found }, guards);
      const late = refusalOf(submission, recipients, policy, findings);
      if (late !== null) {
        // The sender is told why, also where this fails: housekeeping removes what was never accepted.
        await vault.erase(emailId).catch((error: unknown) => {
          logger.warn({ reason: reasonOf(error) }, 'the content of a refused mail is left to housekeeping');
        });
        return refuseFor(late, findings);
      }
    }
    const hideSubject =
      rules.length > 0 && isSubjectToBeLookedInto(facts)
        ? isSensitive(await lookInto(subjectOf(header), rules, { scanner: sources.scanner, logger }))
        : false;
    const event = accept(
      submission,
      {
        content,
        recipients,
        disclosed: disclosedBy(header),
        subject: header.get('Subject') ?? '',
        messageId: header.get('Message-ID') ?? '',
        automatic: automaticOf(original, gatewayAddressOf(tenant)),
        handedIn: handedIn.digest(),
        wroteInMailbox: await writersOf(pool, tenant.id, threadKeys.earlier, recipients),
        hideSubject,
      },
      policy,
      findings,
      clock(),
    );
    const { acceptedAt, deadlineAt } = event.data;
    const answer: AcceptedEmail = { emailId, tenantId: tenant.id, state: 'accepted', acceptedAt, deadlineAt };
    const { idempotency } = handedIn;
    const noted = notingThread(
      {
        tenantId: tenant.id,
        newThreadId: emailId,
        keys: [...(threadKeys.own === null ? [] : [threadKeys.own]), ...threadKeys.earlier],
        secure: securedBy(facts, findings),
        // Whoever began it elsewhere may be somebody outside, who is not new when he is answered.
        outsiders: event.data.direction === 'outbound' || (facts.thread === null && threadKeys.answers),
        at: new Date(acceptedAt),
      },
      idempotency &&
        remembering(idempotency.request, { fingerprint: idempotency.fingerprint(), answer }, clock()),
    );
    const when =
      threadKeys.own === null
        ? noted
        : notingSent({ tenantId: tenant.id, emailId, key: threadKeys.own, at: new Date(acceptedAt) }, noted);
    try {
      const appended = await store.append(pool, stream, 0, [event], { traceparent, when });
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
    countGuards(findings);
    return answer;
  }
}

export const tooManyRecipients = (count: number, limit: number) =>
  new Problem('too-many-recipients', `${count} recipients; the limit is ${limit}.`, { maxRecipients: limit });

export const disclosedBy = (header: Header) =>
  ['To', 'Cc']
    .flatMap((name) => addressesOf(header, name))
    .flatMap(({ address }) => {
      const read = readAddress(address);
      return read.ok ? [read.address] : [];
    });

/** A mail that has its subject, and what stands in clear beside it, and nothing else. */
const subjectOf = (header: Header): AsyncIterable<Buffer> =>
  concat(headerOf(header.fields.filter(({ name }) => saysSubject(name))).toBuffer(), nothing());

async function* nothing(): AsyncIterable<Buffer> {
  // A mail without a body.
}

/** What could not be looked into is hidden, too: that costs a reader of an old program the subject, and else nothing. */
const isSensitive = ({ rules, unread }: NonNullable<GuardFacts['content']>): boolean =>
  rules.length > 0 || unread.length > 0;

export async function* concat(header: Buffer, body: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  yield header;
  yield* body;
}

export function asProblem(error: unknown): never {
  if (error instanceof MalformedMessageError)
    throw new Problem('malformed-message', `${error.message}.`, { code: error.code });
  throw error;
}
