// SPDX-License-Identifier: Apache-2.0
import { EmailId } from '@securemail/contracts';
import { cursorOf, readCursor as readPosition } from '@securemail/service';
import { z } from 'zod';

const Position = z.tuple([z.iso.datetime(), EmailId]);

/** The place behind an email in a list, as an opaque word. */
export const cursorAfter = ({ acceptedAt, emailId }: { acceptedAt: Date; emailId: EmailId }): string =>
  cursorOf([acceptedAt.toISOString(), emailId]);

/** @throws Problem `invalid-cursor` */
export function readCursor(cursor: string): { acceptedAt: Date; emailId: EmailId } {
  const [acceptedAt, emailId] = readPosition(cursor, Position);
  return { acceptedAt: new Date(acceptedAt), emailId };
}
