// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { RecipientId } from './ids.ts';

/** What stops people from what they get wrong, each by a fact of its own. */
export const GUARDS = [
  /** Mail on a secure thread that nobody asked to protect. */
  'secure-thread',
  /** Somebody outside joins a thread that was internal. */
  'new-outsider',
  /** The content meets one of the tenant's rules, or could not be looked into. */
  'sensitive-content',
  /** A mailbox of an own recipient forwards outside. */
  'forwards-outside',
  /** A mailbox forwards mail of a secure thread outside by itself. */
  'auto-forwarded',
] as const;
export const GuardName = z.enum(GUARDS);
export type GuardName = z.infer<typeof GuardName>;

/** Refused: not taken. Protect: sent securely, whoever asked or not. Allow: it goes its way, and is told of. */
export const GuardAction = z.enum(['refuse', 'protect', 'allow']);
export type GuardAction = z.infer<typeof GuardAction>;

/** What one guard found in a mail, and what the tenant wants then. */
export const GuardFinding = z.object({
  guard: GuardName,
  action: GuardAction,
  /** Whom it is about: who is new, whose mailbox forwards; empty where it is about the mail. */
  recipientIds: z.array(RecipientId),
  /** Names of the tenant's rules that the content meets. */
  rules: z.array(z.string()),
  /** Why parts of the content could not be looked into. */
  unread: z.array(z.string()),
});
export type GuardFinding = z.infer<typeof GuardFinding>;
