// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent } from '@securemail/contracts';

/** The `traceparent` of the acceptance of an email, by which the console finds its log; null where it has none. In SQL. */
export const traceparentOf = (emails: string): string =>
  `(select h.event ->> 'traceparent' from history h
    where h.email_id = ${emails}.email_id and h.tenant_id = ${emails}.tenant_id
      and h.source = 'intake' and h.name = 'EmailAccepted' limit 1)`;

/** The same of events that are at hand. */
export const traceparentIn = (history: readonly SealedEvent[]): string | null =>
  history.find(({ name }) => name === 'EmailAccepted')?.traceparent ?? null;
