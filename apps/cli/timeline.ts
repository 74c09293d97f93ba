// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent } from '@securemail/contracts';

/** The little of an event that can be shown to anybody: what happened, to which recipients, how. */
export function summaryOf({ name, data }: Pick<SealedEvent, 'name' | 'data'>): string {
  const facts = data as Record<string, unknown>;
  const parts = [
    list(facts['recipientIds']),
    text(facts['protectedMessageId']),
    text(facts['method']),
    text(facts['because']),
    text(facts['secureBy']),
    guardsText(facts['guards']),
    text(facts['outcome']),
    text(facts['verdict']),
    text(facts['phase']),
    replyText(facts['reply']),
    tlsText(facts['tls']),
    text(facts['failure']),
  ].filter((part) => part !== '');
  return `${name.padEnd(22)} ${parts.join(' · ')}`;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : '');

function replyText(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('code' in value)) return '';
  const { code, enhancedCode } = value as { code: number; enhancedCode: string | null };
  return [String(code), enhancedCode ?? ''].join(' ').trim();
}

/** What guards found, and did. */
function guardsText(value: unknown): string {
  const findings = Array.isArray(value) ? (value as { guard: string; action: string }[]) : [];
  return findings.map(({ guard, action }) => `${guard}: ${action}`).join(' · ');
}

/** By what the other end was verified. */
function tlsText(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('policy' in value)) return '';
  const { protocol, policy } = value as { protocol: string; policy: string | null };
  return policy === null ? '' : `${protocol} verified by ${policy}`;
}
