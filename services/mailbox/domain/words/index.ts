// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { DANISH } from './danish.ts';
import { ENGLISH } from './english.ts';
import { GERMAN } from './german.ts';
import type { Words } from './words.ts';

export const WORDS: Readonly<Record<Language, Words>> = { da: DANISH, de: GERMAN, en: ENGLISH };
