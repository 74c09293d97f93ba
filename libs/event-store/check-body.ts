// SPDX-License-Identifier: Apache-2.0
import {
  appendersOf,
  CATALOGUE,
  isUnstorable,
  type EventDefinition,
  type NewEvent,
  type ServiceName,
} from '@securemail/contracts';

/**
 * The body as its schema reads it, so that nothing is stored that the catalogue does not name.
 *
 * @throws Error for an event type of another service, and naming the paths, never the values, that do not fit.
 */
export function checkBody(
  event: NewEvent,
  service: ServiceName,
): { name: string; version: number; data: unknown; personal: unknown } {
  const definition: EventDefinition | undefined = Object.hasOwn(CATALOGUE, event.name)
    ? CATALOGUE[event.name]
    : undefined;
  if (definition === undefined)
    throw new Error(`no event type ${JSON.stringify(event.name)} in the catalogue`);
  if (!appendersOf(definition).includes(service)) {
    throw new Error(`${definition.name} is an event of ${definition.service}: ${service} must not append it`);
  }
  const data = definition.current.data.safeParse(event.data);
  const personal = definition.current.personal.safeParse(event.personal);
  const misfits = [
    ...(data.error?.issues ?? []).map((issue) => ['data', ...issue.path].join('.')),
    ...(personal.error?.issues ?? []).map((issue) => ['personal', ...issue.path].join('.')),
  ];
  if (misfits.length > 0) {
    throw new Error(
      `${definition.name} v${definition.version} does not fit its schema at ${misfits.join(', ')}`,
    );
  }
  if (isUnstorable(JSON.stringify(data.data))) {
    throw new Error(
      `${definition.name} has U+0000 or half a surrogate pair in its data: jsonb cannot hold that`,
    );
  }
  return { name: definition.name, version: definition.version, data: data.data, personal: personal.data };
}
