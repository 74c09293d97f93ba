// SPDX-License-Identifier: Apache-2.0
import type { Address, RecipientId } from '@securemail/contracts';

/** A message and those who are to have it, of one next hop. */
export interface Handover {
  /** Empty: the null return path of RFC 5321 §4.5.5. */
  mailFrom: Address | '';
  recipients: readonly { recipientId: RecipientId; address: Address }[];
  size: number;
  /** It is not encrypted itself: only a server that has proven who it is may have it. */
  mustVerify: boolean;
  /** Said to a server that offers 8BITMIME (RFC 6152); true also where it only may be. */
  use8BitMime: boolean;
  /** Whether an octet of it is not ASCII; may read it whole. */
  is8Bit: () => Promise<boolean>;
  open: () => AsyncIterable<Buffer>;
}
