// SPDX-License-Identifier: Apache-2.0
import { EmailId } from '@securemail/contracts';
import { Problem } from '@securemail/service';
import { z } from 'zod';

const Position = z.tuple([z.iso.datetime(), EmailId]);

/** The place behind an email in a list, as an opaque word. */
export const cursorAfter = ({ acceptedAt, emailId }: { acceptedAt: Date; emailId: EmailId }): string =>
  Buffer.from(JSON.stringify([acceptedAt.toISOString(), emailId])).toString('base64url');

/** @throws Problem `invalid-cursor` */
export function readCursor(cursor: string): { acceptedAt: Date; emailId: EmailId } {
  try {
    const [acceptedAt, emailId] = Position.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    return { acceptedAt: new Date(acceptedAt), emailId };
  } catch {
    throw new Problem('invalid-cursor', 'Take the cursor unchanged from "next" of the page before.');
  }
}
