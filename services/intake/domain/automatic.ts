// SPDX-License-Identifier: Apache-2.0
import type { DataOf } from '@securemail/contracts';
import type { Header } from '@securemail/mime';

type Automatic = DataOf<'EmailAccepted'>['automatic'];

/**
 * Whether a mail says of itself that a list (RFC 2919, RFC 2369, RFC 3834 §2) or a program (RFC 3834 §5) sent it: what
 * answers it would go to many, or to nobody.
 */
export const automaticOf = (header: Header): Automatic =>
  SIGNS.find(([name, value]) => header.getAll(name).some((each) => value.test(each.trim())))?.[2] ?? null;

const SIGNS: readonly (readonly [name: string, value: RegExp, by: NonNullable<Automatic>])[] = [
  ['List-Id', /./, 'list'],
  ['Mailing-List', /./, 'list'],
  ['List-Post', /./, 'list'],
  ['List-Subscribe', /./, 'list'],
  ['List-Owner', /./, 'list'],
  ['List-Archive', /./, 'list'],
  ['List-Help', /./, 'list'],
  ['Precedence', /^(list|bulk|junk)\b/i, 'list'],
  ['Auto-Submitted', /^(?!no\b)./i, 'program'],
  // Also in what a program sends to many one by one.
  ['List-Unsubscribe', /./, 'program'],
];
