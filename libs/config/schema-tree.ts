// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** The JSON Schema of what may be written, as far as it is read here. */
export interface SchemaNode {
  type?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  allOf?: SchemaNode[];
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  format?: string;
  minItems?: number;
  /** Set by `secret()`. */
  secret?: boolean;
}

export const schemaTreeOf = (schema: z.ZodType): SchemaNode =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;

/** The shapes a value may have: the node itself, or each alternative of a union. */
export function alternatives(node: SchemaNode): SchemaNode[] {
  const branches = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return branches.length === 0 ? [node] : branches.flatMap(alternatives);
}

/** The names of the settings in a group. */
export const keysOf = (node: SchemaNode): string[] => [
  ...new Set(alternatives(node).flatMap((each) => Object.keys(each.properties ?? {}))),
];

/** What the schema says of one setting of a group or one entry of a list; undefined where it knows none. */
export function childOf(node: SchemaNode, part: PropertyKey): SchemaNode | undefined {
  const found = alternatives(node).flatMap((each) => {
    if (typeof part === 'number') return each.items ?? [];
    const rest = typeof each.additionalProperties === 'object' ? each.additionalProperties : undefined;
    return each.properties?.[String(part)] ?? rest ?? [];
  });
  return found.length > 1 ? { anyOf: found } : found[0];
}

export function nodeAt(root: SchemaNode, path: readonly PropertyKey[]): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((node, part) => node && childOf(node, part), root);
}

/** True where a text may stand, and no group with a setting `file` of its own. */
export const isText = (node: SchemaNode): boolean =>
  alternatives(node).some(({ type }) => type === 'string') && !keysOf(node).includes('file');

/** True where a text is never printed. */
export const isSecret = (node: SchemaNode): boolean =>
  node.secret === true || alternatives(node).some(({ secret }) => secret === true);

/** True where the schema leaves open what stands there, as it does for the section of another service. */
export const isOpen = (node: SchemaNode): boolean =>
  alternatives(node).some((each) => each.type === undefined && each.enum === undefined && !('const' in each));

/** What would be right, as a noun phrase. */
export function describe(node: SchemaNode): string {
  return [...new Set(alternatives(node).map(describeOne))].join(' or ');
}

function describeOne(node: SchemaNode): string {
  if (node.enum !== undefined) return oneOf(node.enum);
  if ('const' in node) return oneOf([node.const]);
  switch (node.type) {
    case 'integer':
      return `a whole number${range(node)}`;
    case 'number':
      return `a number${range(node)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      if (node.format !== undefined && Object.hasOwn(FORMATS, node.format)) return FORMATS[node.format] ?? '';
      return (node.minLength ?? 0) > 1 ? `a text of at least ${node.minLength ?? 0} characters` : 'a text';
    case 'array':
      return (node.minItems ?? 0) > 0 ? `a list of at least ${node.minItems ?? 0}` : 'a list';
    case 'object': {
      const keys = Object.keys(node.properties ?? {});
      return keys.length === 0 ? 'a group of settings' : `a group of settings (${keys.join(', ')})`;
    }
    case 'null':
      return 'nothing';
    case undefined:
    default:
      return 'something else';
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'a network of IPv4 such as 192.0.2.0/24',
  cidrv6: 'a network of IPv6 such as 2001:db8::/32',
};

const oneOf = (values: readonly unknown[]): string =>
  (values.length > 1 ? 'one of ' : '') + values.map((value) => JSON.stringify(value)).join(', ');

function range({ minimum, exclusiveMinimum, maximum }: SchemaNode): string {
  const from = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1);
  const least = from === undefined || from <= Number.MIN_SAFE_INTEGER ? undefined : from;
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  if (least !== undefined) return ` of at least ${least}`;
  return most === undefined ? '' : ` of at most ${most}`;
}
