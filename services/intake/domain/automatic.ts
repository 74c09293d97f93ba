// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';

/**
 * Whether a mail says of itself that a program or a list sent it (RFC 3834 §2 and §5, RFC 2919, RFC 2369): what answers it
 * would go to many, or to nobody.
 */
export const isAutomatic = (header: Header): boolean =>
  SIGNS.some(([name, value]) => header.getAll(name).some((each) => value.test(each.trim())));

const SIGNS: readonly (readonly [name: string, value: RegExp])[] = [
  ['Auto-Submitted', /^(?!no\b)./i],
  ['Precedence', /^(list|bulk|junk)\b/i],
  ['List-Id', /./],
  ['List-Post', /./],
];
