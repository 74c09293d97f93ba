// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** Who is signed in proves more, to read one of these, or to go on with the letter that he has under way. */
export const ProofPlace = z.union(
  [
    z.strictObject({ message: z.uuid() }),
    z.strictObject({ conversation: z.uuid() }),
    z.strictObject({ to: z.literal('write') }),
  ],
  { error: 'one of `message`, `conversation` and `to`' },
);
