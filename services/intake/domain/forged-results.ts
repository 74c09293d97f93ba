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

/** By whatever leniency a reader may read it: comments, quotes and spaces count for nothing, and neither does a version. */
function bears(value: string, authservId: string): boolean {
  const said = withoutComments(value)
    .toLowerCase()
    .replaceAll(/["\\\s]/g, '');
  return (
    said.startsWith(authservId) &&
    !/^[a-z0-9.-]/.test(said.slice(authservId.length).replace(/^\.?\d+(?=;|$)/, ''))
  );
}

function withoutComments(text: string): string {
  let depth = 0;
  let rest = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) rest += character;
  }
  return rest;
}
