// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { DANISH } from './da.ts';
import { GERMAN } from './de.ts';
import { ENGLISH } from './en.ts';
import type { VerificationTexts } from './texts.ts';

export const VERIFICATION_TEXTS: Record<Language, VerificationTexts> = {
  en: ENGLISH,
  da: DANISH,
  de: GERMAN,
};
