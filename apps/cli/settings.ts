// SPDX-License-Identifier: Apache-2.0
import { CryptoSettings } from '@securemail/crypto';
import { DeliverySettings } from '@securemail/delivery';
import { IntakeSettings } from '@securemail/intake';
import { MailboxSettings } from '@securemail/mailbox';
import { ReceiptsSettings } from '@securemail/receipts';
import { PlatformSettings } from '@securemail/service';
import type { z } from 'zod';

/** The whole configuration file: every service's section at once, with the defaults it has alone. */
export const AllSettings = PlatformSettings.extend({
  intake: IntakeSettings.default(() => IntakeSettings.parse({})),
  crypto: CryptoSettings,
  delivery: DeliverySettings.default(() => DeliverySettings.parse({})),
  mailbox: MailboxSettings.default(() => MailboxSettings.parse({})),
  receipts: ReceiptsSettings.default(() => ReceiptsSettings.parse({})),
});
export type AllSettings = z.output<typeof AllSettings>;
