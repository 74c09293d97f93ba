// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ContentId } from './ids.ts';

/** A SHA-256 digest (FIPS 180-4) in lower-case hexadecimal. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

/** The claim check that travels in an event in place of the bytes: where they lie, how many, and their digest. */
export const ContentRef = z.object({
  contentId: ContentId,
  /** Octets. */
  size: z.int().nonnegative(),
  sha256: Sha256,
});
export type ContentRef = z.infer<typeof ContentRef>;
