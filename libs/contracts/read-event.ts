// SPDX-License-Identifier: Apache-2.0
import { CATALOGUE, isEventName } from './catalogue.ts';
import type { EventDefinition, Upcaster } from './define-event.ts';
import type { DomainEvent, SealedEvent } from './event.ts';

/** The body of an event does not fit its type: a poison event, never a transient fault. */
export class UnreadableEventError extends Error {
  override name = 'UnreadableEventError';
}

/** The catalogue here does not have that type or that version: a newer release wrote it. */
export class UnknownEventError extends UnreadableEventError {
  override name = 'UnknownEventError';
}

/** Brings a body of an older version up to the current one. */
export function upcast(
  definition: Pick<EventDefinition, 'name' | 'version' | 'upcasters'>,
  version: number,
  body: { data: unknown; personal: unknown },
): { data: unknown; personal: unknown } {
  if (version < 1 || version > definition.version) {
    throw new UnknownEventError(
      `${definition.name} has no version ${version} here (newest: ${definition.version})`,
    );
  }
  return definition.upcasters
    .slice(version - 1)
    .reduce((older: { data: unknown; personal: unknown }, next: Upcaster) => next(older), body);
}

/**
 * Reads a stored event in its current version.
 *
 * @param personal the decrypted personal part; `undefined` where the email's data key was destroyed.
 * @throws UnknownEventError for a type or version that this release does not know.
 * @throws UnreadableEventError for a body that does not fit its schema. Messages name paths, never values.
 */
export function readEvent(sealed: SealedEvent, personal: unknown): DomainEvent {
  if (!isEventName(sealed.name))
    throw new UnknownEventError(`no event type ${JSON.stringify(sealed.name)} here`);
  const definition: EventDefinition = CATALOGUE[sealed.name];
  const erased = personal === undefined;
  const body = upcast(definition, sealed.version, { data: sealed.data, personal: erased ? null : personal });
  const data = definition.current.data.safeParse(body.data);
  if (!data.success) throw unreadable(sealed, 'data', data.error.issues);
  const read = erased ? null : definition.current.personal.safeParse(body.personal);
  if (read !== null && !read.success) throw unreadable(sealed, 'personal', read.error.issues);
  return {
    ...sealed,
    version: definition.version,
    data: data.data,
    personal: read === null ? null : read.data,
    erased,
  } as DomainEvent;
}

function unreadable(
  event: SealedEvent,
  part: string,
  issues: readonly { path: PropertyKey[]; code?: string }[],
) {
  const paths = issues.map((issue) => [part, ...issue.path].join('.') + ` (${issue.code ?? 'invalid'})`);
  return new UnreadableEventError(
    `${event.name} v${event.version} ${event.id} does not fit its schema: ${paths.join(', ')}`,
  );
}
