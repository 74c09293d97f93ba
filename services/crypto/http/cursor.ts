// SPDX-License-Identifier: Apache-2.0
import { Problem } from '@securemail/service';
import { z } from 'zod';
import { ENTRY_KINDS, SOURCES } from '../domain/entry.ts';
import type { Position } from '../listing.ts';

const Place = z.tuple([z.enum(ENTRY_KINDS), z.string(), z.string(), z.enum(SOURCES)]);

/** The place behind an entry in the list, as an opaque word. */
export const cursorAfter = ({ kind, name, sha256, source }: Position): string =>
  Buffer.from(JSON.stringify([kind, name, sha256, source])).toString('base64url');

/** @throws Problem `invalid-cursor` */
export function readCursor(cursor: string): Position {
  try {
    const text = Buffer.from(cursor, 'base64url').toString('utf8');
    const [kind, name, sha256, source] = Place.parse(JSON.parse(text));
    return { kind, name, sha256, source };
  } catch {
    throw new Problem('invalid-cursor', 'Take the cursor unchanged from "next" of the page before.');
  }
}
