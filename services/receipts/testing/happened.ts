// SPDX-License-Identifier: Apache-2.0
import {
  CATALOGUE,
  newEmailId,
  newEventId,
  TenantId,
  type DomainEvent,
  type NewEvent,
} from '@securemail/contracts';
import { accepted } from './story.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const time = (second: number) => new Date(START + second * 1_000).toISOString();

/** The history of an email to these people: its acceptance, and what happened so many seconds after that. */
export function happened(
  to: readonly string[],
  story: readonly (readonly [second: number, event: NewEvent])[],
): DomainEvent[] {
  const history = beginHistory();
  history.hear(0, accepted({ to, acceptedAt: time(0) }));
  for (const [second, event] of story) history.hear(second, event);
  return history.events;
}

/** A history that grows: `hear` adds what its service says next, so many seconds after acceptance. */
export function beginHistory() {
  const emailId = newEmailId();
  const events: DomainEvent[] = [];
  const hear = (second: number, { name, data, personal }: NewEvent) => {
    const { service: source, version } = CATALOGUE[name];
    const sequence = 1 + events.filter((event) => event.source === source).length;
    const attributes = { id: newEventId(), version, source, sequence, tenantId: TenantId.parse('demo') };
    const said = { name, data, personal, time: time(second) };
    events.push({ ...attributes, emailId, ...said, traceparent: null, erased: false } as DomainEvent);
  };
  return { events, hear };
}

/** ISO 8601, of a second after acceptance. */
happened.time = time;
