// SPDX-License-Identifier: Apache-2.0
import {
  newEmailId,
  protectedMessageId,
  recipientId,
  type Address,
  type EmailId,
  type Language,
} from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { inTransaction, type Transaction } from '@securemail/event-store';
import { composeMessage } from '@securemail/mime';
import { gatewayAddressOf, newMessageIdIn, type Platform } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { removeCredential, type StoredCredential } from './adapters/credentials.ts';
import type { CredentialChange, CredentialKind } from './domain/credential.ts';
import { noticeMail } from './domain/mails.ts';
import { mailLookOf, type WithMailbox } from './organisations.ts';

type Kept = Pick<Platform, 'pool' | 'store' | 'vault'>;

/** Whose it is, and how he is told. */
export interface Owner {
  tenant: WithMailbox;
  address: Address;
  /** Of the mail. */
  language: Language;
}

type StoredCredentialId = Pick<StoredCredential, 'credentialId' | 'kind' | 'tenantId' | 'person'>;

interface Removal {
  because: 'owner' | 'nothing-kept';
  /** Null: nobody. */
  tell: Owner | null;
  /** That goes on, though it began by the credential. */
  exceptSession: string | null;
}

/** A notice that nobody took within a day is not news any more. */
const NOTICE_COUNTS_MS = 24 * 3_600_000;

/** Adds what somebody signs in by from now on, and has a mail tell him. @param keep its row, in the same transaction; false: nothing is added. */
export async function addCredential(
  { kind, name, credentialId }: { kind: CredentialKind; name: string | null; credentialId: EmailId },
  owner: Owner,
  kept: Kept,
  at: Date,
  keep: (tx: Transaction) => Promise<boolean>,
): Promise<boolean> {
  const notice = await noticeOf({ kind, change: 'added' }, owner, kept, at);
  const isAdded = await inTransaction(kept.pool, async (tx) => {
    if (!(await keep(tx))) return false;
    const stream = { emailId: credentialId, tenantId: owner.tenant.id };
    const data = { kind, addedAt: at.toISOString() };
    const personal = { address: owner.address, name };
    await kept.store.append(tx, stream, 0, [{ name: 'MailboxCredentialAdded', data, personal }], traced());
    await notice.append(tx);
    return true;
  });
  if (isAdded) signalAppended('mailbox');
  return isAdded;
}

/** Takes it away, and has a mail tell its owner. @returns whether the person had it. */
export async function takeAwayCredential(
  credential: StoredCredentialId,
  { because, tell, exceptSession }: Removal,
  kept: Kept,
  at: Date,
): Promise<boolean> {
  const notice = tell && (await noticeOf({ kind: credential.kind, change: 'removed' }, tell, kept, at));
  const isRemoved = await inTransaction(kept.pool, async (tx) => {
    const removal = { because, exceptSession };
    if (!(await recordRemoval(tx, credential, removal, kept, at))) return false;
    await notice?.append(tx);
    return true;
  });
  if (isRemoved) signalAppended('mailbox');
  return isRemoved;
}

/** As part of a transaction, without telling anybody. @returns whether the person had it. */
export async function recordRemoval(
  tx: Transaction,
  { credentialId, kind, tenantId, person }: StoredCredentialId,
  { because, exceptSession }: Pick<Removal, 'because' | 'exceptSession'>,
  { store }: Pick<Kept, 'store'>,
  at: Date,
): Promise<boolean> {
  if (!(await removeCredential(tx, { tenantId, person }, credentialId, { at, exceptSession }))) return false;
  await store.append(
    tx,
    { emailId: credentialId, tenantId },
    'any',
    [
      {
        name: 'MailboxCredentialRemoved',
        data: { kind, removedAt: at.toISOString(), because },
        personal: null,
      },
    ],
    traced(),
  );
  return true;
}

/** A mail that lies ready once what it tells of has happened. */
async function noticeOf(
  about: { kind: CredentialKind; change: CredentialChange },
  { tenant, address, language }: Owner,
  { store, vault }: Kept,
  at: Date,
): Promise<{ append: (tx: Transaction) => Promise<unknown> }> {
  const from = gatewayAddressOf(tenant);
  const stream = { emailId: newEmailId(), tenantId: tenant.id };
  const mail = noticeMail(
    {
      look: mailLookOf(tenant, language),
      from,
      to: address,
      language,
      at,
      messageId: newMessageIdIn(tenant),
    },
    { ...about, page: `${tenant.mailbox.url}/mailbox/o/${tenant.id}` },
  );
  const content = await vault.put(stream, composeMessage(mail));
  return {
    append: (tx) =>
      store.append(
        tx,
        stream,
        0,
        [
          {
            name: 'MailboxNoticeIssued',
            data: {
              protectedMessageId: protectedMessageId(1),
              recipientIds: [recipientId(1)],
              content,
              expiresAt: new Date(at.getTime() + NOTICE_COUNTS_MS).toISOString(),
            },
            personal: {
              mailFrom: from,
              recipients: [{ recipientId: recipientId(1), address, disclosed: true }],
            },
          },
        ],
        traced(),
      ),
  };
}

const traced = () => ({ traceparent: currentTraceparent() });
