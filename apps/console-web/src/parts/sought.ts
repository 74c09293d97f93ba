// SPDX-License-Identifier: Apache-2.0

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TRACE = /^[0-9a-f]{32}$/i;
/** As it stands in a mail: somebody's name, and the address behind it. */
const NAMED = /^[^<]+<([^<>]+)>$/;

/** An address and a Message-ID look alike. */
export type As = 'address' | 'messageId';

/** What somebody typed who looks for an email: its own id, or a parameter of the list. */
export function soughtIn(
  typed: string,
  as?: As,
): { emailId: string } | { parameter: As | 'traceId'; text: string } | null {
  const text = typed.trim().replace(/^mailto:/i, '');
  if (text === '') return null;
  if (as === 'address') return { parameter: as, text: text.replace(/^<|>$/g, '') };
  if (as === 'messageId') return { parameter: as, text };
  if (UUID.test(text)) return { emailId: text.toLowerCase() };
  if (TRACE.test(text)) return { parameter: 'traceId', text };
  const [, named] = NAMED.exec(text) ?? [];
  if (named !== undefined) return { parameter: 'address', text: named };
  return { parameter: text.startsWith('<') || !text.includes('@') ? 'messageId' : 'address', text };
}
