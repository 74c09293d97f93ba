// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent, ServiceName } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';

/** What comes out of the log: an event, or something that stands where an event should. */
export type Arrival =
  | { kind: 'event'; event: SealedEvent }
  | { kind: 'unreadable'; source: ServiceName; raw: string; reason: string };

/**
 * Deals with an arrival for good: handled, known to be handled, or parked. It throws only where nothing could be
 * recorded; the log then delivers the same arrival again, for as long as it takes.
 */
export type Deliver = (arrival: Arrival) => Promise<void>;

export interface Subscription {
  /** The consumer group. Members of a group share the work; each event reaches at least one of them. */
  group: string;
  /** The schema of the group: where its checkpoints lie. */
  pool: Pool;
  sources: readonly ServiceName[];
  deliver: Deliver;
  /** How many emails are dealt with side by side; the events of one email stay in order. Default 16. */
  concurrency?: number;
}

export interface Progress {
  /** Events known to wait, those in hand included. */
  behind: number;
  /** The last moment something was finished, or nothing was left to do. */
  lastProgressAt: Date;
}

export interface Running {
  progress(): Promise<Progress>;
  /** Stops taking, lets what is in hand finish, keeps what was reached. */
  close(): Promise<void>;
}

/**
 * The log that carries events from the service that appended them to the services that decide upon them:
 * at least once, in order for each email. Two adapters pass one contract suite (event-log.contract.ts).
 */
export interface EventLog {
  /** Makes what a service appends visible to the log's consumers. */
  publish(publication: { service: ServiceName; pool: Pool }): Promise<Running>;
  subscribe(subscription: Subscription): Promise<Running>;
  close(): Promise<void>;
}
