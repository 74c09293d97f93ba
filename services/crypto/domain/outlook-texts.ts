// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';

interface OutlookTexts {
  domainNotFound: string;
  mailboxNotFound: string;
  newInThread: string;
  /** Of an own mailbox that forwards outside, where that is refused. */
  forwardingRefused: Record<'always' | 'securely', string>;
  lookupFailed: string;
  /** @param days 0: less than one. */
  certificateExpiring: (days: number) => string;
}

/** Warnings about a recipient that no guard and no reason for holding has words for. */
export const OUTLOOK_TEXTS: Record<Language, OutlookTexts> = {
  en: {
    domainNotFound: 'The domain does not exist, or takes no mail: look whether the address is right.',
    mailboxNotFound: 'Your organisation has no mailbox with this address: look whether it is right.',
    forwardingRefused: {
      always:
        'It would be refused: this mailbox forwards outside your organisation, where others might read it. Ask for the forwarding to be ended, or write to somebody else.',
      securely:
        'Sent securely, it would be refused: this mailbox forwards outside your organisation, where others might read it. Ask for the forwarding to be ended, or write to somebody else.',
    },
    newInThread: 'This recipient is outside your organisation, and was not in this conversation before.',
    lookupFailed: 'It is not known yet; check again in a moment.',
    certificateExpiring: (days) =>
      `Its certificate ends ${days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`}.`,
  },
  da: {
    domainNotFound: 'Domænet findes ikke eller tager ikke imod mail: se efter, om adressen er rigtig.',
    mailboxNotFound: 'Din organisation har ingen postkasse med denne adresse: se efter, om den er rigtig.',
    forwardingRefused: {
      always:
        'Den ville blive afvist: postkassen videresender ud af din organisation, hvor andre kan komme til at læse den. Bed om at få videresendelsen slået fra, eller skriv til en anden.',
      securely:
        'Sendt sikkert ville den blive afvist: postkassen videresender ud af din organisation, hvor andre kan komme til at læse den. Bed om at få videresendelsen slået fra, eller skriv til en anden.',
    },
    newInThread: 'Modtageren er uden for din organisation og var ikke med i samtalen før.',
    lookupFailed: 'Det vides ikke endnu; prøv igen om et øjeblik.',
    certificateExpiring: (days) =>
      `Modtagerens certifikat udløber ${days === 0 ? 'i dag' : days === 1 ? 'i morgen' : `om ${days} dage`}.`,
  },
  de: {
    domainNotFound:
      'Die Domain gibt es nicht, oder sie nimmt keine Mail an: Prüfen Sie, ob die Adresse stimmt.',
    mailboxNotFound: 'Ihre Organisation hat kein Postfach mit dieser Adresse: Prüfen Sie, ob sie stimmt.',
    forwardingRefused: {
      always:
        'Sie würde abgelehnt: Dieses Postfach leitet aus Ihrer Organisation hinaus weiter, wo andere sie lesen könnten. Bitten Sie darum, die Weiterleitung zu beenden, oder schreiben Sie jemand anderem.',
      securely:
        'Sicher gesendet würde sie abgelehnt: Dieses Postfach leitet aus Ihrer Organisation hinaus weiter, wo andere sie lesen könnten. Bitten Sie darum, die Weiterleitung zu beenden, oder schreiben Sie jemand anderem.',
    },
    newInThread:
      'Dieser Empfänger ist außerhalb Ihrer Organisation und war bisher nicht in der Unterhaltung.',
    lookupFailed: 'Das ist noch nicht bekannt; versuchen Sie es gleich noch einmal.',
    certificateExpiring: (days) =>
      `Das Zertifikat des Empfängers endet ${days === 0 ? 'heute' : days === 1 ? 'morgen' : `in ${days} Tagen`}.`,
  },
};
