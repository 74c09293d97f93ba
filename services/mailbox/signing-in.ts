// SPDX-License-Identifier: Apache-2.0
import {
  newEmailId,
  protectedMessageId,
  recipientId,
  type Address,
  type Language,
} from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { composeMessage } from '@securemail/mime';
import { gatewayAddressOf, newMessageIdIn, type Platform } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { addSignIn } from './adapters/sign-ins.ts';
import { digestOf, digestOfCode, newCode, newToken } from './adapters/secrets.ts';
import { codeMail } from './domain/mails.ts';
import { mailLookOf, type WithMailbox } from './organisations.ts';
import type { MailboxSettings } from './settings.ts';

/** Who wants to sign in, and by what. */
export interface Claim {
  tenant: WithMailbox;
  person: Buffer;
  byLink: boolean;
  /** Of the link. */
  messageId: string | null;
  /** He was perhaps never written to. */
  toWrite: boolean;
  /** Where a code is sent; null: nowhere, and nobody is told. */
  address: Address | null;
  /** Of the mail with the code. */
  language: Language;
}

export interface Begun {
  /** What the browser keeps. */
  browserToken: string;
  expiresAt: Date;
}

/**
 * Codes for one person within an hour that nobody used: asked for from one network, and from all. Beyond that each wider
 * network that has asked for fewer still gets some, so that no few keep somebody out, until so many are mailed that his
 * mailbox is more in danger than he is.
 */
const COUNTED = { mostOfNetwork: 5, most: 20, reserve: 2, mostAtAll: 100 };

/**
 * Begins a sign-in and has a code sent. By a link, which only its reader has, and by an address, which anybody may write,
 * is counted by itself: who knows somebody's address can keep nobody from signing in by a link.
 *
 * @param networks of who asks: an IPv4 address, a /64 of IPv6; and, wider, an IPv4 /24, a /48 of IPv6.
 * @returns null where too many were asked for.
 */
export async function beginSignIn(
  { tenant, person, byLink, messageId, toWrite, address, language }: Claim,
  networks: { network: string; wider: string },
  { pool, store, vault }: Pick<Platform, 'pool' | 'store' | 'vault'>,
  { codeMinutes, codeTries }: MailboxSettings,
  now: Date,
): Promise<Begun | null> {
  const expiresAt = new Date(now.getTime() + codeMinutes * 60_000);
  const [browserToken, code, signInId] = [newToken(), newCode(), newEmailId()];
  const signIn = {
    tenantId: tenant.id,
    person,
    signInId,
    browser: digestOf(browserToken),
    byLink,
    messageId,
    toWrite,
    // With the person, so that nobody finds out from it who asks for whom else.
    network: digestOf(`${networks.network} ${person.toString('hex')}`),
    widerNetwork: digestOf(`${networks.wider} ${person.toString('hex')}`),
    code: address === null ? null : digestOfCode(code, browserToken),
    triesLeft: codeTries,
    createdAt: now,
    expiresAt,
  };
  // Before the mail: should the process end between, no code was sent, and another is asked for.
  const counted = { ...COUNTED, since: new Date(now.getTime() - 3_600_000) };
  if (!(await addSignIn(pool, signIn, counted))) return null;
  if (address === null) return { browserToken, expiresAt };
  const from = gatewayAddressOf(tenant);
  const stream = { emailId: signInId, tenantId: tenant.id };
  const mail = codeMail(
    {
      look: mailLookOf(tenant, language),
      from,
      to: address,
      language,
      at: now,
      messageId: newMessageIdIn(tenant),
    },
    { code, minutes: codeMinutes },
  );
  const content = await vault.put(stream, composeMessage(mail));
  await store.append(
    pool,
    stream,
    0,
    [
      {
        name: 'MailboxCodeIssued',
        data: {
          protectedMessageId: protectedMessageId(1),
          recipientIds: [recipientId(1)],
          content,
          expiresAt: expiresAt.toISOString(),
        },
        personal: {
          mailFrom: from,
          recipients: [{ recipientId: recipientId(1), address, disclosed: true }],
        },
      },
    ],
    { traceparent: currentTraceparent() },
  );
  signalAppended('mailbox');
  return { browserToken, expiresAt };
}
