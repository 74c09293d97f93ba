// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { DANISH } from './da.ts';
import { GERMAN } from './de.ts';
import { ENGLISH } from './en.ts';
import type { Texts } from './texts.ts';

export const TEXTS: Record<Language, Texts> = { en: ENGLISH, da: DANISH, de: GERMAN };
