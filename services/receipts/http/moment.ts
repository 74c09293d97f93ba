// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** A time that somebody asks for. */
export const Moment = z.iso.datetime({
  offset: true,
  error: 'is a time with its zone, such as 2026-01-31T08:00:00Z',
});
