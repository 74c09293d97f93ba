// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { SERVICES } from './define-event.ts';
import type { SealedEvent } from './event.ts';
import { EmailId, EventId, TenantId } from './ids.ts';
import { UnreadableEventError } from './read-event.ts';
import { isUnstorable } from './unstorable.ts';

/**
 * CloudEvents 1.0.2 in the Kafka protocol binding's binary mode: attributes as `ce_` headers, the body as the value.
 * Extensions in use: partitioning (`partitionkey`), sequence, distributed tracing (`traceparent`), and our `tenantid`.
 */
export interface CloudEventMessage {
  key: string;
  headers: Record<string, string>;
  value: string;
}

const TYPE_PREFIX = 'securemail.';
const attributes = z.object({
  ce_specversion: z.literal('1.0'),
  ce_id: EventId,
  ce_source: z.templateLiteral(['/securemail/', z.enum(SERVICES)]),
  ce_type: z.string().regex(/^securemail\.[A-Za-z]+\.v[1-9]\d*$/),
  ce_subject: EmailId,
  ce_time: z.iso.datetime(),
  ce_tenantid: TenantId,
  ce_sequence: z.coerce.number().int().positive(),
  ce_traceparent: z
    .string()
    .regex(/^[\x20-\x7e]*$/)
    .optional(),
});
const body = z.object({ data: z.unknown(), personal: z.string().nullable() });

/** All that an event has beside its body, as CloudEvents names it. */
export const cloudEventAttributes = (event: SealedEvent): Record<string, string> => ({
  specversion: '1.0',
  id: event.id,
  source: `/securemail/${event.source}`,
  type: `${TYPE_PREFIX}${event.name}.v${event.version}`,
  subject: event.emailId,
  time: event.time,
  tenantid: event.tenantId,
  partitionkey: event.emailId,
  sequence: String(event.sequence),
  ...(event.traceparent === null ? {} : { traceparent: event.traceparent }),
});

export function toCloudEvent(event: SealedEvent): CloudEventMessage {
  const inHeaders = Object.entries(cloudEventAttributes(event)).map(([name, value]) => [`ce_${name}`, value]);
  return {
    key: event.emailId,
    headers: {
      ...(Object.fromEntries(inHeaders) as Record<string, string>),
      'content-type': 'application/json',
    },
    value: JSON.stringify({ data: event.data, personal: event.personal }),
  };
}

/** @throws UnreadableEventError where a header or the body is not what {@link toCloudEvent} writes. */
export function fromCloudEvent(message: Pick<CloudEventMessage, 'headers' | 'value'>): SealedEvent {
  const headers = attributes.safeParse(message.headers);
  if (!headers.success)
    throw new UnreadableEventError(
      `not our CloudEvent: ${headers.error.issues.map((i) => i.path.join('.')).join(', ')}`,
    );
  const h = headers.data;
  const [, name = '', version = ''] = h.ce_type.split('.');
  const content = body.safeParse(parseJson(message.value));
  if (!content.success) throw new UnreadableEventError(`event ${h.ce_id} has no readable body`);
  // Only what is escaped can be it, and hardly anything is.
  if (message.value.includes('\\u') && isUnstorable(JSON.stringify(content.data)))
    throw new UnreadableEventError(
      `event ${h.ce_id} holds what no table can: U+0000 or half a surrogate pair`,
    );
  return {
    id: h.ce_id,
    name,
    version: Number(version.slice(1)),
    source: z.enum(SERVICES).parse(h.ce_source.slice('/securemail/'.length)),
    time: h.ce_time,
    tenantId: h.ce_tenantid,
    emailId: h.ce_subject,
    sequence: h.ce_sequence,
    traceparent: h.ce_traceparent ?? null,
    data: content.data.data,
    personal: content.data.personal,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
