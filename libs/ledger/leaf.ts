// SPDX-License-Identifier: Apache-2.0
import { cloudEventAttributes, type SealedEvent } from '@securemail/contracts';
import canonicalize from 'canonicalize';
import { sha256, type Hash } from './hash.ts';

/**
 * An event as the ledger keeps it for ever: a CloudEvent in the JSON format, with its `recordedtime` extension, as
 * canonical JSON (RFC 8785). Its personal part stays encrypted, so it names nobody once the email is erased.
 *
 * @param recordedAt when the ledger took it.
 */
export function leafOf(event: SealedEvent, recordedAt: Date): string {
  const text = canonicalize({
    ...cloudEventAttributes(event),
    datacontenttype: 'application/json',
    recordedtime: recordedAt.toISOString(),
    data: { data: event.data, personal: event.personal },
  });
  if (text === undefined) throw new Error(`event ${event.id} is no JSON`);
  return text;
}

/** What stands in the tree of a leaf: nothing can be read from it, so whoever wants may have the tree. */
export const entryOf = (leaf: string): Hash => sha256(leaf);

/** The event in a leaf that the ledger keeps: what it wrote itself, it reads without looking at every member. */
export function eventIn(leaf: string): { event: SealedEvent; recordedAt: Date } {
  const of = JSON.parse(leaf) as Record<string, string> & { data: Pick<SealedEvent, 'data' | 'personal'> };
  const [, name = '', version = ''] = TYPE.exec(of['type'] ?? '') ?? [];
  const event = {
    id: of['id'],
    name,
    version: Number(version),
    source: of['source']?.slice(SOURCE.length),
    time: of['time'],
    tenantId: of['tenantid'],
    emailId: of['subject'],
    sequence: Number(of['sequence']),
    traceparent: of['traceparent'] ?? null,
    data: of.data.data,
    personal: of.data.personal,
  } as SealedEvent;
  return { event, recordedAt: new Date(of['recordedtime'] ?? '') };
}

const TYPE = /^securemail\.([A-Za-z]+)\.v(\d+)$/;
const SOURCE = '/securemail/';
