// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** A time that somebody asks for. */
export const Moment = z.iso
  .datetime({
    offset: true,
    error: 'is a time with its zone, such as 2026-01-31T08:00:00Z',
    // What follows can not read what is none.
    abort: true,
  })
  // Of UTC it may be of another year, which RFC 3339 has no digits for.
  .refine(
    (text) => /^\d{4}-/.test(new Date(text).toISOString()),
    'is a time from the year 0 to 9999, of UTC',
  );
