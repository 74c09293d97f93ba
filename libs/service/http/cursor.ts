// SPDX-License-Identifier: Apache-2.0
import { storable } from '@securemail/contracts';
import { z } from 'zod';
import { Problem } from './problem.ts';

/** A place in a list, as an opaque word. */
export const cursorOf = (position: unknown): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** A moment in a place: the database knows no year 0. */
export const cursorTime = z.iso.datetime().regex(/^(?!0000)/);

/** @throws Problem `invalid-cursor` */
export function readCursor<Position extends z.ZodType>(cursor: string, schema: Position): z.output<Position> {
  try {
    return schema.superRefine(storable).parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw unknownCursor();
  }
}

export const unknownCursor = () =>
  new Problem('invalid-cursor', 'Take the cursor unchanged from "next" of the page before.');
