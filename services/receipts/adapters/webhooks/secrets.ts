// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { TenantId } from '@securemail/contracts';
import type { KeyEncryptionKey } from '@securemail/vault';
import { Webhook } from 'standardwebhooks';

/** A new secret, as the Standard Webhooks write it: 32 random bytes. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export const wrapSecret = (
  kek: KeyEncryptionKey,
  secret: string,
  { tenantId, webhookId }: Owner,
): Promise<Buffer> => kek.wrap(Buffer.from(secret), contextOf(tenantId, webhookId));

export const unwrapSecret = async (
  kek: KeyEncryptionKey,
  wrapped: Buffer,
  { tenantId, webhookId }: Owner,
): Promise<string> => (await kek.unwrap(wrapped, contextOf(tenantId, webhookId))).toString();

interface Owner {
  tenantId: TenantId;
  webhookId: string;
}

const contextOf = (tenantId: TenantId, webhookId: string) => `webhook secret of ${tenantId} ${webhookId}`;

/** The fields of a message (Standard Webhooks, "Webhook headers"): one signature for each secret that counts. */
export const signedHeaders = (
  id: string,
  at: Date,
  payload: string,
  secrets: readonly string[],
): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, payload)).join(' '),
});
