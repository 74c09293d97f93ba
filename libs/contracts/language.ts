// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** What people are addressed in (ISO 639-1). */
export const Language = z.enum(['en', 'da', 'de']);
export type Language = z.infer<typeof Language>;
