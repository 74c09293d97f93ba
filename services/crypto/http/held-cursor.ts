// SPDX-License-Identifier: Apache-2.0
import { EmailId } from '@securemail/contracts';
import { cursorOf, cursorTime, readCursor } from '@securemail/service';
import { z } from 'zod';
import type { HeldEmail } from '../adapters/held-emails.ts';

const Position = z.tuple([cursorTime, EmailId]);

/** The place behind a held email in a list, as an opaque word. */
export const heldCursor = ({ heldSince, emailId }: Pick<HeldEmail, 'heldSince' | 'emailId'>): string =>
  cursorOf([heldSince.toISOString(), emailId]);

/** @throws Problem `invalid-cursor` */
export function readHeldCursor(cursor: string): Pick<HeldEmail, 'heldSince' | 'emailId'> {
  const [heldSince, emailId] = readCursor(cursor, Position);
  return { heldSince: new Date(heldSince), emailId };
}
