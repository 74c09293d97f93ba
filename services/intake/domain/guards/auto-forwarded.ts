// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';

/** Fields that only a rule or a setting of a mailbox writes, and what they hold then. */
const SIGNS: readonly (readonly [name: string, value: RegExp])[] = [
  // Exchange: an inbox rule, a mailbox's own forwarding, and its word for either.
  ['X-MS-Exchange-Inbox-Rules-Loop', /./],
  ['X-MS-Exchange-Generated-Message-Source', /^mailbox rules agent$/i],
  ['X-MS-Exchange-Organization-AutoForwarded', /^true$/i],
  ['X-MS-Exchange-Organization-Antispam-AutoForwarded', /^true$/i],
  ['X-MS-Exchange-ForwardingLoop', /./],
  // X.400 (RFC 2156 §5.1).
  ['Autoforwarded', /^true$/i],
  // What servers write for lack of a word in RFC 3834.
  ['Auto-Submitted', /^auto-forwarded\b/i],
  // Gmail.
  ['X-Forwarded-To', /@/],
  ['X-Forwarded-For', /@/],
  // Sieve: Dovecot Pigeonhole, Cyrus.
  ['X-Sieve-Redirected-From', /./],
  ['X-Sieve', /redirect/i],
  ['X-Autoforward', /^(yes|true|1)$/i],
];

/** Whether a mailbox passed a mail on by itself, as the header that its server wrote tells. */
export const isAutoForwarded = (header: Header): boolean =>
  SIGNS.some(([name, value]) => header.getAll(name).some((each) => value.test(each.trim())));
