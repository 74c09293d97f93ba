// SPDX-License-Identifier: Apache-2.0
import { HttpSettings, PlatformSettings } from '@securemail/service';
import { z } from 'zod';

export const ReceiptsSettings = z.strictObject({
  http: HttpSettings.optional(),
  /** How often settled and overdue emails are looked for, milliseconds. */
  watchMs: z.int().min(10).default(500),
});
export type ReceiptsSettings = z.infer<typeof ReceiptsSettings>;

export const Settings = PlatformSettings.extend({
  receipts: ReceiptsSettings.default(() => ReceiptsSettings.parse({})),
});
export type Settings = z.infer<typeof Settings>;

/** Injects the Watch. */
export const WATCH = Symbol('Watch');
