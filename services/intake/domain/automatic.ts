// SPDX-License-Identifier: Apache-2.0
import type { Address, DataOf } from '@securemail/contracts';
import { addressesOf, type Header } from '@securemail/mime';
import { isAutoForwarded } from './guards/auto-forwarded.ts';

type Automatic = DataOf<'EmailAccepted'>['automatic'];

/**
 * Whether a mail says of itself that a list (RFC 2919, RFC 2369, RFC 3834 §2) or a program (RFC 3834 §5) sent it: what
 * answers it would go to many, or to nobody. A mailbox's rule is a program, and so are we, whoever passes our mail on.
 */
export const automaticOf = (header: Header, gateway: Address): Automatic =>
  SIGNS.find(([name, value]) => header.getAll(name).some((each) => value.test(each.trim())))?.[2] ??
  (isAutoForwarded(header) || isFrom(header, gateway) ? 'program' : null);

const isFrom = (header: Header, gateway: Address): boolean =>
  addressesOf(header, 'From').some(({ address }) => address.toLowerCase() === gateway.toLowerCase());

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
