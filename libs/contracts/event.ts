// SPDX-License-Identifier: Apache-2.0
import type { DataOf, EventName, PersonalOf } from './catalogue.ts';
import type { ServiceName } from './define-event.ts';
import type { EmailId, EventId, TenantId } from './ids.ts';

/** What every event carries besides its body. */
export interface EventAttributes {
  id: EventId;
  /** The version of the event type that the body is written in. */
  version: number;
  source: ServiceName;
  /** When it was appended, RFC 3339 in UTC. */
  time: string;
  tenantId: TenantId;
  /** The stream it belongs to; the partition key on the event log. */
  emailId: EmailId;
  /** Its place in its service's stream of that email, from 1. */
  sequence: number;
  /** W3C Trace Context of the span that appended it, kept so that a retry hours later joins the same trace. */
  traceparent: string | null;
}

/** An event as it is stored and as it travels: its personal part is ciphertext. */
export interface SealedEvent extends EventAttributes {
  name: string;
  data: unknown;
  /** Base64url; null where the type has no personal part. */
  personal: string | null;
}

/**
 * An event as a handler sees it, read in its current version.
 * `personal` is null where the type has none, and where the email's data key was destroyed (`erased`).
 */
export type DomainEvent<Name extends EventName = EventName> = {
  [N in Name]: EventAttributes & {
    name: N;
    data: DataOf<N>;
    personal: PersonalOf<N> | null;
    erased: boolean;
  };
}[Name];
