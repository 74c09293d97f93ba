// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/**
 * What one layer may say of settings: any part of them, each as it is in the whole; `null` takes a setting back to what
 * is inherited. Rules between several settings are not asked here, for the others may stand in another layer.
 */
export function layerSchema(schema: z.ZodObject): z.ZodType<Record<string, unknown>> {
  const shape = Object.entries<z.core.$ZodType>(schema.shape).map(([key, each]): [string, z.ZodType] => [
    key,
    part(each),
  ]);
  return z.strictObject(Object.fromEntries(shape));
}

function part(schema: z.core.$ZodType): z.ZodType {
  const bare = withoutDefault(schema);
  return inLayer(bare).nullable().optional();
}

function inLayer(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) return layerSchema(schema);
  if (schema instanceof z.ZodRecord) return z.record(schema.keyType as z.ZodString, part(schema.valueType));
  return schema as z.ZodType;
}

function withoutDefault(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
    return withoutDefault(schema.def.innerType);
  return schema;
}
