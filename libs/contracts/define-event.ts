// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';

export const SERVICES = ['intake', 'crypto', 'delivery', 'mailbox', 'receipts'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** One version of an event type, as it was released: it never changes again. */
export interface EventVersion<Data extends z.ZodType, Personal extends z.ZodType> {
  /** What anyone may read for ever. */
  data: Data;
  /** What names a person: encrypted under the email's own data key, gone once that key is destroyed. */
  personal: Personal;
}

/** Reads an event body of an older version as the next one. Pure, total, and kept for ever. */
export type Upcaster = (body: { data: unknown; personal: unknown }) => { data: unknown; personal: unknown };

export interface EventDefinition<
  Name extends string = string,
  Data extends z.ZodType = z.ZodType,
  Personal extends z.ZodType = z.ZodType,
> {
  name: Name;
  /** The only service that may append it; `each`: whichever it happens in. */
  service: ServiceName | 'each';
  /** One sentence for docs/events.md. */
  meaning: string;
  /** The version that is written today; older ones are read through {@link upcasters}. */
  version: number;
  current: EventVersion<Data, Personal>;
  /** `upcasters[n - 1]` reads version n as version n + 1. */
  upcasters: readonly Upcaster[];
}

/** The services that may append it. */
export const appendersOf = ({ service }: Pick<EventDefinition, 'service'>): readonly ServiceName[] =>
  service === 'each' ? SERVICES : [service];

/** Declares an event type; refuses a definition whose chain of upcasters does not reach its version. */
export function defineEvent<Name extends string, Data extends z.ZodType, Personal extends z.ZodType>(
  definition: EventDefinition<Name, Data, Personal>,
): EventDefinition<Name, Data, Personal> {
  if (definition.upcasters.length !== definition.version - 1) {
    throw new Error(
      `${definition.name} is at version ${definition.version}: it needs ${definition.version - 1} upcasters, has ${definition.upcasters.length}`,
    );
  }
  return definition;
}
