// SPDX-License-Identifier: Apache-2.0
import { Language } from '@securemail/contracts';
import type { Request } from 'express';

/** Set by the page for who chooses one (apps/mailbox-web/src/words/language.tsx). */
const CHOSEN = /(?:^|;\s*)__Host-securemail-language=([a-z]{2})(?:;|$)/;

/** In which language somebody gets a page: the one that he chose here before; else the first of his browser's that is one of ours. */
export function languageOf(request: Pick<Request, 'headers' | 'acceptsLanguages'>): Language {
  const chosen = Language.safeParse(CHOSEN.exec(request.headers.cookie ?? '')?.[1]);
  if (chosen.success) return chosen.data;
  return Language.safeParse(request.acceptsLanguages(...Language.options)).data ?? 'en';
}
