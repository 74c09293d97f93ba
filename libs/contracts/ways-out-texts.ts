// SPDX-License-Identifier: Apache-2.0
import type { HoldReason, Obstacle } from './events/crypto.ts';
import type { Language } from './language.ts';
import { holdReasonText } from './obstacle-texts.ts';
import type { ProtectionMethod } from './protection-method.ts';

interface Ways {
  /** BCP 47, for lists. */
  locale: string;
  askRecipient: string;
  /** @param to what, as the rest of the sentence. */
  askAdministrator: (to: string) => string;
  or: string;
  importOne: string;
  agreeOnTls: string;
  allow: (methods: string) => string;
}

const LANGUAGES: Record<Language, Ways> = {
  en: {
    locale: 'en-GB',
    askRecipient: 'ask the recipient for a signed mail, which brings a certificate along',
    askAdministrator: (to) => `ask your administrator ${to}`,
    or: ', or ',
    importOne: 'to import a certificate',
    agreeOnTls: 'to agree on TLS with the recipient’s organisation',
    allow: (methods) => `to allow you ${methods}`,
  },
  da: {
    locale: 'da-DK',
    askRecipient: 'bed modtageren om en signeret mail, som bringer et certifikat med',
    askAdministrator: (to) => `bed din administrator om at ${to}`,
    or: ', eller ',
    importOne: 'importere et certifikat',
    agreeOnTls: 'aftale TLS med modtagerens organisation',
    allow: (methods) => `give dig lov til ${methods}`,
  },
  de: {
    locale: 'de-DE',
    askRecipient: 'bitten Sie den Empfänger um eine signierte Mail, die ein Zertifikat mitbringt',
    askAdministrator: (to) => `bitten Sie Ihren Administrator, ${to}`,
    or: ', oder ',
    importOne: 'ein Zertifikat zu importieren',
    agreeOnTls: 'mit der Organisation des Empfängers TLS zu vereinbaren',
    allow: (methods) => `Ihnen ${methods} zu erlauben`,
  },
};

const NAMES: Record<ProtectionMethod, string | null> = {
  internal: null,
  'smime-personal': 'S/MIME',
  'smime-domain': 'S/MIME',
  tls: 'TLS',
  mailbox: 'SecureMailBox',
};

type PassedOver = readonly { method: ProtectionMethod; because: Obstacle }[];

/** What a sender can do where no method leads to a recipient, by what stands in the way of each; null where nothing is known. */
function waysOut(passedOver: PassedOver, language: Language): string | null {
  const { locale, askRecipient, askAdministrator, or, importOne, agreeOnTls, allow } = LANGUAGES[language];
  const list = (type: Intl.ListFormatType, parts: string[]) =>
    new Intl.ListFormat(locale, { type }).format(parts);
  const stands = (obstacle: Obstacle) => passedOver.some(({ because }) => because === obstacle);
  const forbidden = passedOver.flatMap(({ method, because }) =>
    because === 'method-forbidden' ? (NAMES[method] ?? []) : [],
  );
  const byAdministrator = [
    ...(stands('no-certificate') ? [importOne] : []),
    ...(stands('tls-not-enforceable') ? [agreeOnTls] : []),
    ...(forbidden.length > 0 ? [allow(list('conjunction', [...new Set(forbidden)]))] : []),
  ];
  const ways = [
    ...(stands('no-certificate') ? [askRecipient] : []),
    ...(byAdministrator.length > 0 ? [askAdministrator(list('disjunction', byAdministrator))] : []),
  ];
  return ways.length === 0 ? null : ways.join(or);
}

/** Why somebody is held, for the sender, and where that says nothing of it what would help; as a part of a sentence. */
export function heldText(because: HoldReason | Obstacle, passedOver: PassedOver, language: Language): string {
  const why = holdReasonText(because, language);
  const ways = because === 'no-secure-method' ? waysOut(passedOver, language) : null;
  return ways === null ? why : `${why}: ${ways}`;
}

const WOULD_BE_HELD: Record<Language, (why: string) => string> = {
  en: (why) => `It would be held until somebody decides: ${why}.`,
  da: (why) => `Den ville blive holdt tilbage, til nogen beslutter noget: ${why}.`,
  de: (why) => `Sie würde zurückgehalten, bis jemand entscheidet: ${why}.`,
};

/** What who writes a mail is told beforehand that would be held. */
export const wouldBeHeldText = (because: Obstacle, passedOver: PassedOver, language: Language): string =>
  WOULD_BE_HELD[language](heldText(because, passedOver, language));
