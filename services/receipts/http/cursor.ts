// SPDX-License-Identifier: Apache-2.0
import { EmailId } from '@securemail/contracts';
import { cursorOf, cursorTime, readCursor as readPosition } from '@securemail/service';
import { z } from 'zod';

const Position = z.tuple([cursorTime, EmailId]);

/** The place behind an email in a list, as an opaque word. */
export const cursorAfter = ({ at, emailId }: { at: Date; emailId: EmailId }): string =>
  cursorOf([at.toISOString(), emailId]);

/** @throws Problem `invalid-cursor` */
export function readCursor(cursor: string): { at: Date; emailId: EmailId } {
  const [at, emailId] = readPosition(cursor, Position);
  return { at: new Date(at), emailId };
}
