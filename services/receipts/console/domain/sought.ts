// SPDX-License-Identifier: Apache-2.0
import {
  Address,
  domainOf,
  foldedAddress,
  readDomain,
  type DataOf,
  type DomainEvent,
} from '@securemail/contracts';

/** By what emails are looked for. */
export type SoughtBy = Exclude<DataOf<'ConsoleSearched'>['kind'], 'time-and-state'>;

export interface Sought {
  by: SoughtBy;
  /** As it compares: two texts that name the same are one. */
  text: string;
}

const TRACE_ID = /^[0-9a-f]{32}$/;

/** Somebody's address, or `@` and a domain for everybody's there; null where it is neither. */
export function soughtAddress(text: string): Sought | null {
  if (text.startsWith('@')) {
    const domain = readDomain(text.slice(1));
    return domain === null ? null : { by: 'domain', text: domain };
  }
  const address = Address.safeParse(text);
  return address.success ? { by: 'address', text: foldedAddress(address.data) } : null;
}

/** A Message-ID (RFC 5322 §3.6.4), with its angle brackets or without. */
export const soughtMessageId = (text: string): Sought => ({
  by: 'message-id',
  text: text.trim().replace(/^<|>$/g, ''),
});

/** Of W3C Trace Context: 32 hexadecimal digits; null where it is none. */
export const soughtTrace = (text: string): Sought | null =>
  TRACE_ID.test(text.toLowerCase()) ? { by: 'trace-id', text: text.toLowerCase() } : null;

/**
 * All by which an email is found: of who sent it, of everybody that it went to or was to go to, and the traces in which things
 * happened to it.
 */
export function findableBy(events: readonly DomainEvent[], traceIds: readonly string[]): Sought[] {
  const found = new Map<string, Sought>();
  const add = (sought: Sought | null) => {
    if (sought !== null) found.set(`${sought.by} ${sought.text}`, sought);
  };
  const addAddress = (address: Address) => {
    add({ by: 'address', text: foldedAddress(address) });
    add({ by: 'domain', text: domainOf(address) });
  };
  for (const traceId of traceIds) add(soughtTrace(traceId));
  for (const event of events) {
    if (event.name === 'EmailAccepted') {
      if (event.personal === null) continue;
      if (event.personal.mailFrom !== null) addAddress(event.personal.mailFrom);
      for (const { address } of event.personal.recipients) addAddress(address);
      add(soughtMessageId(event.personal.messageId));
    }
    if (event.name === 'EmailReleased')
      for (const { address } of event.personal?.changes ?? []) addAddress(address);
  }
  return [...found.values()];
}
