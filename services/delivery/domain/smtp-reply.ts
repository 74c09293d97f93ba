// SPDX-License-Identifier: Apache-2.0
import type { SmtpReply } from '@securemail/contracts';

const REPLY = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/;

/** Reads a server's reply: its code (RFC 5321 §4.2) and, where it gives one, the enhanced code (RFC 3463). */
export function readReply(text: string | undefined): { reply: SmtpReply; text: string } | null {
  const [, code, enhancedCode] = REPLY.exec(text ?? '') ?? [];
  if (text === undefined || code === undefined) return null;
  return { reply: { code: Number(code), enhancedCode: enhancedCode ?? null }, text: text.slice(0, 500) };
}

/** 5xx: for good. Everything else a server can say instead of yes is for later. */
export const isPermanent = ({ code }: SmtpReply): boolean => code >= 500 && code < 600;
