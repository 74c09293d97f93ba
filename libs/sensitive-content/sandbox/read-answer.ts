// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { PLACES, UNREAD_REASONS } from '../domain/findings.ts';
import type { Answer } from './protocol.ts';

const findings = z.strictObject({
  found: z
    .array(z.strictObject({ rule: z.string(), where: z.enum(PLACES), count: z.number().int().positive() }))
    .max(1_000),
  unread: z
    .array(z.strictObject({ where: z.enum(['message', ...PLACES]), because: z.enum(UNREAD_REASONS) }))
    .max(1_000),
});

const answer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('findings'), findings, done: z.boolean() }),
]);

/**
 * Reads what a sandbox says. A mail may have taken it over, so it can say nothing but counts for rules that exist: no
 * text of a mail comes out by this way.
 *
 * @returns null where it is no answer.
 */
export function readAnswer(message: unknown, rules: ReadonlySet<string>): Answer | null {
  const read = answer.safeParse(message);
  if (!read.success) return null;
  if (read.data.kind === 'findings' && read.data.findings.found.some(({ rule }) => !rules.has(rule)))
    return null;
  return read.data;
}
