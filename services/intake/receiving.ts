// SPDX-License-Identifier: Apache-2.0
import { newEmailId, type Address, type Arrival, type EmailId } from '@securemail/contracts';
import { wasRefused } from '@securemail/event-store';
import { signalAppended } from '@securemail/event-log';
import { readHeader, type Header } from '@securemail/mime';
import { gatewayAddressOf, Problem, type Platform, type Tenant } from '@securemail/service';
import { ATTRIBUTE, count, currentTraceparent, METRIC, reached } from '@securemail/telemetry';
import { asProblem, concat, disclosedBy } from './acceptance.ts';
import { authenticating, type AuthenticationSources } from './adapters/authentication.ts';
import { knownThread, notingThread } from './adapters/known-threads.ts';
import { reportIn } from './adapters/report-in.ts';
import { sentMessages } from './adapters/sent-messages.ts';
import { checkedContent } from './checked-content.ts';
import { automaticOf } from './domain/automatic.ts';
import { clientBehind } from './domain/client-behind.ts';
import { distinct } from './domain/decide.ts';
import { mayBeDeliveryReport, reported } from './domain/delivery-report.ts';
import { withoutForgedResults } from './domain/forged-results.ts';
import { messageKey, threadKeysOf } from './domain/guards/thread-keys.ts';
import { goesInCircles } from './domain/mail-loop.ts';
import { comesEncrypted, isToBeRefused, receive, threadOf } from './domain/receive.ts';
import { withTraceFields, type Client } from './domain/trace-fields.ts';
import type { IntakeSettings } from './settings.ts';
import { inNetworks } from './smtp/networks.ts';

/** A mail that a server of others hands over. */
export interface Incoming {
  tenant: Tenant;
  /** The `with` of the Received field. */
  protocol: string;
  client: Client;
  tls: Arrival['tls'];
  /** Null: the null reverse-path. */
  mailFrom: Address | null;
  recipients: readonly Address[];
  /** Nothing but a delivery report is taken: nobody reads mail there. */
  isForReportsAlone: boolean;
  source: AsyncIterable<Uint8Array>;
}

export type Receiving = ReturnType<typeof createReceiving>;

/** Takes mails from outside: from the moment its promise resolves a mail is durable and ours. */
export function createReceiving(
  { pool, store, vault, logger }: Pick<Platform, 'pool' | 'store' | 'vault' | 'logger'>,
  settings: IntakeSettings,
  sources: Pick<AuthenticationSources, 'resolver'>,
  clock: () => Date = () => new Date(),
) {
  const isTrusted = inNetworks(settings.inbound?.trustedNetworks ?? []);
  const isItself = inNetworks(['127.0.0.0/8', '::1']);
  const isFilter = (address: string) => isTrusted(address) || isItself(address);

  /** @throws Problem for whatever is refused; nothing is kept then. */
  return async function receiveEmail(incoming: Incoming): Promise<{ emailId: EmailId }> {
    const { client, mailFrom, source } = incoming;
    // Nobody here can mend it, and whoever wrote it does not know: it is taken, in order.
    const { header, body } = await readHeader(checkedContent(source, settings.maxMessageBytes), {
      repairs: true,
    }).catch(asProblem);
    const read = authenticating(
      { header: header.toBuffer(), body },
      { client: isTrusted(client.address) ? clientBehind(header, isFilter) : client, mailFrom },
      {
        ...sources,
        hostname: settings.hostname,
        timeoutMs: (settings.inbound?.authenticationTimeoutSeconds ?? 0) * 1_000,
        logger,
      },
    );
    try {
      return await take(incoming, header, read.body, read.result);
    } catch (error) {
      read.leave();
      await body[Symbol.asyncIterator]().return?.();
      throw error;
    }
  };

  async function take(
    { tenant, client, protocol, tls, mailFrom, recipients, isForReportsAlone }: Incoming,
    original: Header,
    body: AsyncIterable<Buffer>,
    authenticated: ReturnType<typeof authenticating>['result'],
  ): Promise<{ emailId: EmailId }> {
    if (goesInCircles(original, { channel: 'internet', hostname: settings.hostname }))
      throw new Problem('mail-loop', 'It has been here before, or at more than a hundred servers.');
    const emailId = newEmailId();
    const stream = { emailId, tenantId: tenant.id };
    const { hostname, deadlineMinutes } = settings;
    const header = withTraceFields(withoutForgedResults(original, hostname), {
      emailId,
      hostname,
      protocol,
      client,
      at: clock(),
    });
    const content = await vault.put(stream, concat(header.toBuffer(), body)).catch(asProblem);
    // Where that fails, housekeeping removes what was never accepted.
    const discard = () => vault.erase(emailId).catch(() => undefined);
    reached('intake:content-stored');

    const { authentication, ...domains } = await authenticated();
    if (isToBeRefused(authentication, tenant.inbound)) {
      await discard();
      throw new Problem(
        'authentication-failed',
        'The domain in From asks that such mail be refused (DMARC).',
      );
    }
    if (mailFrom === null && mayBeDeliveryReport(original)) {
      const about = await noteReport(tenant, recipients, vault.get(stream, content)).catch(
        async (error: unknown) => {
          await discard();
          throw error;
        },
      );
      if (about !== null) {
        await discard();
        return { emailId: about };
      }
    }
    if (isForReportsAlone) {
      await discard();
      throw new Problem('unknown-recipient', 'Only delivery reports are taken at this address.');
    }
    const keys = threadKeysOf(header);
    const { own, earlier } = keys;
    const thread = threadOf(await knownThread(pool, tenant.id, earlier));
    const event = receive(
      {
        content,
        mailFrom,
        recipients: distinct(recipients),
        disclosed: disclosedBy(header),
        subject: header.get('Subject') ?? '',
        messageId: header.get('Message-ID') ?? '',
        automatic: automaticOf(original, gatewayAddressOf(tenant)),
        handedIn: null,
        wroteInMailbox: [],
        hideSubject: false,
        arrival: { tls, authentication, thread },
        names: { client: client.address, clientName: client.name, receivedBy: hostname, ...domains },
      },
      deadlineMinutes,
      clock(),
    );
    const when = notingThread({
      tenantId: tenant.id,
      newThreadId: emailId,
      keys: [...(own === null ? [] : [own]), ...earlier],
      secure: comesEncrypted(original) ? 'asked' : null,
      outsiders: true,
      at: new Date(event.data.acceptedAt),
    });
    try {
      await store.append(pool, stream, 0, [event], { traceparent: currentTraceparent(), when });
    } catch (error) {
      // A connection lost on the way leaves open whether the email is ours: then its content has to stay.
      if (wasRefused(error)) await discard();
      throw error;
    }
    signalAppended('intake');
    reached('intake:accepted');
    count(METRIC.emailsAccepted, { [ATTRIBUTE.channel]: 'internet' });
    return { emailId };
  }

  /** @returns the email that the report is of, once that is durable; null where it is a mail as any other. */
  async function noteReport(
    tenant: Tenant,
    to: readonly Address[],
    mail: AsyncIterable<Uint8Array>,
  ): Promise<EmailId | null> {
    const report = await reportIn(mail);
    if (report === null) return null;
    for (const emailId of await sentMessages(pool, tenant.id, messageKey(report.messageId))) {
      const former = await store.readStream(pool, emailId);
      const events = reported(
        former,
        report,
        { to: distinct(to), notifier: gatewayAddressOf(tenant) },
        clock(),
      );
      if (events === null) continue;
      // Where another report was first its server comes again: it gets a 451 for that.
      await store.append(pool, { emailId, tenantId: tenant.id }, former.length, events, {
        traceparent: currentTraceparent(),
      });
      signalAppended('intake');
      return emailId;
    }
    return null;
  }
}
