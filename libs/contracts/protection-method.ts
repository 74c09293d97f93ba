// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** How a mail may leave, strongest first. No other way out exists (docs/architecture.md). */
export const PROTECTION_METHODS = ['internal', 'smime-personal', 'smime-domain', 'tls'] as const;

export const ProtectionMethod = z.enum(PROTECTION_METHODS);
export type ProtectionMethod = z.infer<typeof ProtectionMethod>;
