// SPDX-License-Identifier: Apache-2.0
import type { SmtpPhase, SmtpReply } from '@securemail/contracts';

const REPLY = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/;

/** Reads a server's reply: its code (RFC 5321 §4.2) and, where it gives one, the enhanced code (RFC 3463). */
export function readReply(text: string | undefined): { reply: SmtpReply; text: string } | null {
  const [, code, enhancedCode] = REPLY.exec(text ?? '') ?? [];
  if (text === undefined || code === undefined) return null;
  return { reply: { code: Number(code), enhancedCode: enhancedCode ?? null }, text: text.slice(0, 500) };
}

/** 5xx: for good. Everything else a server can say instead of yes is for later, and so is 552 at RCPT TO. */
export const isPermanent = (phase: SmtpPhase, reply: SmtpReply): boolean =>
  reply.code >= 500 && reply.code < 600 && !mayBeTooMany(phase, reply);

/** RFC 5321 §4.5.3.1.10: too many recipients for one transaction; older servers say 552 where 452 is meant. */
export const mayBeTooMany = (phase: SmtpPhase, { code }: SmtpReply): boolean =>
  phase === 'rcpt-to' && (code === 452 || code === 552);
