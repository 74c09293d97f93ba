// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { CATALOGUE } from './catalogue.ts';
import { SERVICES, type EventDefinition } from './define-event.ts';

/** The catalogue as a page of Markdown: docs/events.md is this, and CI fails when it is not. */
export function renderEvents(): string {
  const definitions: EventDefinition[] = Object.values(CATALOGUE);
  const sections = [...SERVICES, 'each' as const].flatMap((service) => [
    service === 'each' ? '## Each service' : `## ${service}`,
    ...definitions.filter((definition) => definition.service === service).map(renderEvent),
  ]);
  return [
    '# Events',
    '<!-- Written by `npm run docs` from libs/contracts. Do not edit. -->',
    'Every event is a CloudEvent (1.0, Kafka protocol binding, binary mode) whose subject and partition key are the `emailId`. ' +
      'Its *personal* part is encrypted under the data key of its email and cannot be read once that key is destroyed. ' +
      'A released version never changes; older ones are read through upcasters (libs/contracts).',
    ...sections,
    '',
  ].join('\n\n');
}

function renderEvent({ name, version, meaning, current }: EventDefinition): string {
  const personal = fieldsOf(current.personal, '🔒 ');
  const rows = [...fieldsOf(current.data, ''), ...personal];
  return [
    `### ${name} · v${version}`,
    meaning,
    ['| field | type |', '|---|---|', ...rows].join('\n'),
    `${personal.length === 0 ? '' : '🔒 personal, encrypted. '}Example: ` +
      `[${name}.v${version}.json](../libs/contracts/examples/${name}.v${version}.json)`,
  ].join('\n\n');
}

interface JsonSchema {
  type?: string;
  format?: string;
  enum?: string[];
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
}

function fieldsOf(schema: z.ZodType, prefix: string): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return Object.entries(properties).map(([name, field]) => `| ${prefix}\`${name}\` | ${typeText(field)} |`);
}

function typeText(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`;
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).map(
      ([name, field]) => `${name}: ${typeText(field)}`,
    );
    return `{ ${fields.join('; ')} }`;
  }
  return schema.format ?? schema.type ?? 'any';
}
