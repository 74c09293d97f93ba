// SPDX-License-Identifier: Apache-2.0
import { headerOf, type Header } from '@securemail/mime';

/**
 * Without the fields Authentication-Results that say they are ours (RFC 8601 §5): whoever trusts this gateway would
 * believe them. Those of others stay, for a filter in front writes such, too.
 */
export const withoutForgedResults = (header: Header, authservId: string): Header =>
  headerOf(
    header.fields.filter((field) => {
      const value = headerOf([field]).get('Authentication-Results');
      return value === undefined || !bears(value, authservId.toLowerCase());
    }),
  );

/**
 * By whatever leniency a reader may read it: comments, with what is escaped in them or not, quotes and spaces count for
 * nothing, and neither does a version. One with a comment that never ends may bear any name.
 */
const bears = (value: string, authservId: string): boolean =>
  [true, false].some((escapes) => {
    const said = withoutComments(value, escapes)
      ?.toLowerCase()
      .replaceAll(/["\\\s]/g, '');
    if (said === undefined) return value.toLowerCase().includes(authservId);
    return (
      said.startsWith(authservId) &&
      !/^[a-z0-9.-]/.test(said.slice(authservId.length).replace(/^\.?\d+(?=;|$)/, ''))
    );
  });

/**
 * @param escapes whether what stands behind a backslash is that character and no parenthesis (RFC 5322 §3.2.1).
 * @returns undefined where a comment does not end.
 */
function withoutComments(text: string, escapes: boolean): string | undefined {
  let depth = 0;
  let rest = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (escapes && character === '\\') at += 1;
    else if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) rest += character;
  }
  return depth === 0 ? rest : undefined;
}
