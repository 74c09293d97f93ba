// SPDX-License-Identifier: Apache-2.0
import { cursorOf, readCursor as readPlace } from '@securemail/service';
import { z } from 'zod';
import { ENTRY_KINDS, SOURCES } from '../domain/entry.ts';
import type { Position } from '../listing.ts';

const Place = z.tuple([z.enum(ENTRY_KINDS), z.string(), z.string(), z.enum(SOURCES)]);

/** The place behind an entry in the list, as an opaque word. */
export const cursorAfter = ({ kind, name, sha256, source }: Position): string =>
  cursorOf([kind, name, sha256, source]);

/** @throws Problem `invalid-cursor` */
export function readCursor(cursor: string): Position {
  const [kind, name, sha256, source] = readPlace(cursor, Place);
  return { kind, name, sha256, source };
}
