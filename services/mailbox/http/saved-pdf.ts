// SPDX-License-Identifier: Apache-2.0
import { Language } from '@securemail/contracts';
import type { Tenant } from '@securemail/service';
import type { Response } from 'express';
import { z } from 'zod';
import { messagePdf, type SavedMessage } from '../adapters/message-pdf.ts';
import { savedAs } from '../domain/saved-as.ts';
import { SAVED } from './saved.ts';

/** Of whoever saves it; without it, the organisation's. */
export const PdfQuery = z.strictObject({ language: Language.optional() });

export const personText = ({ name, address }: { name: string; address: string | null }): string =>
  name === '' ? (address ?? '') : address === null ? name : `${name} <${address}>`;

/** Sends a message as a PDF that is saved under its subject. */
export async function sendPdf(
  { tenant, ...message }: Omit<SavedMessage, 'organisation'> & { tenant: Tenant | undefined },
  asked: Language | undefined,
  response: Response,
): Promise<void> {
  const language = asked ?? tenant?.language ?? 'en';
  const organisation = tenant?.name ?? '';
  const pdf = await messagePdf({ ...message, organisation }, { language, savedAt: new Date() });
  const contentType = 'application/pdf';
  response.set({ ...SAVED, 'Content-Length': String(pdf.length) });
  response.attachment(savedAs({ filename: `${message.subject || 'message'}.pdf`, contentType, ordinal: 1 }));
  response.type(contentType).end(pdf);
}
