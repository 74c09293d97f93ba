// SPDX-License-Identifier: Apache-2.0

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TRACE = /^[0-9a-f]{32}$/i;

/** What somebody typed who looks for an email: its own id, or a parameter of the list. */
export function soughtIn(
  typed: string,
): { emailId: string } | { parameter: 'address' | 'messageId' | 'traceId'; text: string } | null {
  const text = typed.trim();
  if (text === '') return null;
  if (UUID.test(text)) return { emailId: text.toLowerCase() };
  if (TRACE.test(text)) return { parameter: 'traceId', text };
  if (text.startsWith('<')) return { parameter: 'messageId', text };
  return { parameter: 'address', text };
}
