// SPDX-License-Identifier: Apache-2.0
import { UnreadableEventError, type Address, type EmailId } from '@securemail/contracts';
import { reasonOf, signalAppended } from '@securemail/event-log';
import { inTransaction } from '@securemail/event-store';
import { composeMessage } from '@securemail/mime';
import { gatewayAddressOf, newMessageIdIn, type Platform, type Tenant } from '@securemail/service';
import { withinTrace } from '@securemail/telemetry';
import { addressesOf } from '../domain/addresses.ts';
import { digestMail, type DigestedEmail } from '../domain/digest-mail.ts';
import { emailOf } from '../domain/fold.ts';
import { isSubjectHidden } from '../domain/hidden-subject.ts';
import { outcomeOf } from '../domain/standing.ts';
import { traceparentIn } from './acceptance-trace.ts';
import { dueDigestEntries, removeDigestEntries } from './digest-entries.ts';
import { historiesOf } from './projection.ts';

/** Emails of one organisation that are gone through in one go. */
const BATCH = 2_000;

/** Issues what digests are due: one mail for each sender, kept with the last of the emails it lists. */
export async function issueDigests(platform: Platform, now: Date): Promise<void> {
  for (const tenant of platform.tenants.values()) {
    const emailIds = await dueDigestEntries(platform.pool, tenant.id, now, BATCH);
    if (emailIds.length > 0) await issueFor(platform, tenant, emailIds, now);
  }
}

async function issueFor(platform: Platform, tenant: Tenant, emailIds: readonly EmailId[], now: Date) {
  const { pool, store, logger } = platform;
  const histories = await historiesOf(pool, emailIds, tenant.id);
  const bySender = new Map<Address, DigestedEmail[]>();
  const nobody: EmailId[] = [];
  for (const emailId of emailIds) {
    const history = histories.get(emailId) ?? [];
    const events = await Promise.all(history.map((event) => store.open(event))).catch((error: unknown) => {
      if (!(error instanceof UnreadableEventError)) throw error;
      // It stays due, and keeps no other from being told.
      withinTrace(traceparentIn(history), () => {
        logger.error(
          { emailId, tenantId: tenant.id },
          'an email that can not be read is left out of a digest',
        );
      });
      return null;
    });
    if (events === null) continue;
    const acceptance = events.find((event) => event.name === 'EmailAccepted');
    const [email, sender] = [emailOf(events), acceptance?.personal?.mailFrom ?? null];
    // Erased since.
    if (email === null || acceptance?.personal == null || sender === null) nobody.push(emailId);
    else
      bySender.set(sender, [
        ...(bySender.get(sender) ?? []),
        {
          email,
          subject: acceptance.personal.subject,
          sensitive: isSubjectHidden(acceptance.data),
          addresses: addressesOf(events),
        },
      ]);
  }
  if (nobody.length > 0) await removeDigestEntries(pool, nobody);
  for (const [sender, emails] of bySender) {
    try {
      await issueOne(platform, tenant, sender, emails, now);
    } catch (error) {
      // The others get theirs; this one is tried again at the next look.
      logger.warn(
        { tenantId: tenant.id, reason: reasonOf(error) },
        'a digest could not be issued, trying again',
      );
    }
  }
}

async function issueOne(
  { pool, store, vault, policies }: Platform,
  tenant: Tenant,
  sender: Address,
  emails: readonly DigestedEmail[],
  at: Date,
) {
  const last = emails.at(-1);
  if (last === undefined) return;
  const owner = { emailId: last.email.emailId, tenantId: tenant.id };
  const mail = digestMail({
    emails,
    from: gatewayAddressOf(tenant),
    sender,
    language: policies.of(tenant, sender).language,
    at,
    messageId: newMessageIdIn(tenant),
  });
  const content = await vault.put(owner, composeMessage(mail));
  await inTransaction(pool, async (tx) => {
    const ids = emails.map(({ email }) => email.emailId);
    // Another replica may have been first: what it took is in its digest.
    if ((await removeDigestEntries(tx, ids)) !== ids.length) throw new Error('a digest was issued meanwhile');
    await store.append(tx, owner, 'any', [
      {
        name: 'ReceiptIssued',
        data: {
          kind: 'digest',
          content,
          outcome: outcomeOf(last.email),
          issuedAt: at.toISOString(),
          holds: last.email.holds,
          decisions: last.email.decisions,
          setbacks: last.email.setbacks,
          reminder: 0,
        },
        personal: { recipient: sender },
      },
    ]);
  });
  signalAppended('receipts');
}
