// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent, ServiceName } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';

/** What comes out of the log: an event, or something that stands where an event should. */
export type Arrival =
  | { kind: 'event'; event: SealedEvent }
  | { kind: 'unreadable'; source: ServiceName; raw: string; reason: string };

/**
 * Deals with arrivals for good, those of one email in their order: handled, known to be handled, or parked. It throws
 * where something could not be recorded, or where it stopped because `signal` was given; the log then delivers all of
 * them again, for as long as it takes.
 */
export type Deliver = (arrivals: readonly Arrival[], delivery: Delivery) => Promise<void>;

export interface Delivery {
  /** Given when nothing more is to be begun. What is in hand is finished. */
  signal: AbortSignal;
  /** To be called whenever something was dealt with, so that much work does not look like standing still. */
  progressed: () => void;
}

export interface Subscription {
  /** The consumer group. Members of a group share the work; each event reaches at least one of them. */
  group: string;
  /** The schema of the group: where its checkpoints lie. */
  pool: Pool;
  sources: readonly ServiceName[];
  deliver: Deliver;
  /** How long events may gather so that they are delivered together, milliseconds. Default: hardly at all. */
  lingerMs?: number;
}

export interface Progress {
  /** Events known to wait, those in hand included. */
  behind: number;
  /** The last moment something was finished, or nothing was left to do. */
  lastProgressAt: Date;
}

export interface Running {
  /** Of what this process has to do with: what stands still here is mended by a restart of it. */
  progress(): Promise<Progress>;
  /** How many events wait for the whole group, whoever of it does the work; not there where `progress` knows. */
  lag?(): Promise<number>;
  /** Stops taking, lets what is in hand finish, keeps what was reached. */
  close(): Promise<void>;
}

/** A group, whoever of its members does the work. */
export type Group = Pick<Subscription, 'group' | 'pool' | 'sources'>;

/** How far a group is with what others appended. */
export interface Reach {
  /**
   * All that was appended before was dealt with (handled, or kept among the dead letters), but in the parts of the log in which
   * the group is behind. Null: it is not known.
   */
  until: Date | null;
  behind: ReadonlyMap<string, PartReach>;
}

/** The same of one part, such as the events of one service. */
export interface PartReach {
  until: Date | null;
  /** Another one whenever the group got on there. */
  place: string;
}

export interface GroupReach {
  /** To be called again and again; it knows little after the first look at a log into which much comes. */
  look(): Promise<Reach>;
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
  /** For who may only say that something did not happen once all was read that says that it did. */
  reachOf(group: Group): GroupReach;
  close(): Promise<void>;
}
