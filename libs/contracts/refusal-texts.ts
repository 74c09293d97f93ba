// SPDX-License-Identifier: Apache-2.0
import type { Language } from './language.ts';

/** Why a mail was not taken from who sends it, where no guard has words for it. */
export type PlainRefusal = 'sender-not-allowed' | 'not-secure' | 'mail-loop';

/** What a person reads: what happened, and what to do. */
export interface RefusalText {
  title: string;
  text: string;
}

const ENGLISH: Record<PlainRefusal, RefusalText> = {
  'sender-not-allowed': {
    title: 'You may not send as this address',
    text: 'Choose an address of your own as sender, or ask your administrator to allow this one.',
  },
  'not-secure': {
    title: 'The mail was not marked to be sent securely',
    text: 'This organisation sends only mail through here that was asked to be sent securely. The mail was not sent. Press "Send securely" and send it again.',
  },
  'mail-loop': {
    title: 'The mail goes in circles',
    text: 'It has been here before, or at more than a hundred servers: a rule or a forwarding sends it back again and again. It was not sent. Ask your administrator to look at the rules of the mailbox and at the mail server’s routes.',
  },
};

const DANISH: Record<PlainRefusal, RefusalText> = {
  'sender-not-allowed': {
    title: 'Du må ikke sende fra denne adresse',
    text: 'Vælg en af dine egne adresser som afsender, eller bed din administrator om at give lov til denne.',
  },
  'not-secure': {
    title: 'Sikker afsendelse var ikke valgt',
    text: 'Din organisation sender kun mail herigennem, som skal sendes sikkert, og det var ikke valgt. Mailen blev ikke sendt. Tryk på "Send sikkert", og send den igen.',
  },
  'mail-loop': {
    title: 'Mailen går i ring',
    text: 'Den har været her før eller på mere end hundrede servere: en regel eller en videresendelse sender den tilbage igen og igen. Den blev ikke sendt. Bed din administrator om at se på postkassens regler og mailserverens ruter.',
  },
};

const GERMAN: Record<PlainRefusal, RefusalText> = {
  'sender-not-allowed': {
    title: 'Sie dürfen nicht unter dieser Adresse senden',
    text: 'Wählen Sie eine eigene Adresse als Absender, oder bitten Sie Ihren Administrator, diese zu erlauben.',
  },
  'not-secure': {
    title: 'Sicheres Senden war nicht gewählt',
    text: 'Ihre Organisation sendet hierüber nur Mails, die sicher gesendet werden sollen, und das war nicht gewählt. Die Mail wurde nicht gesendet. Klicken Sie auf "Sicher senden" und senden Sie sie erneut.',
  },
  'mail-loop': {
    title: 'Die Mail läuft im Kreis',
    text: 'Sie war schon einmal hier, oder auf mehr als hundert Servern: eine Regel oder eine Weiterleitung schickt sie immer wieder zurück. Sie wurde nicht gesendet. Bitten Sie Ihren Administrator, die Regeln des Postfachs und die Routen des Mailservers anzusehen.',
  },
};

const LANGUAGES: Record<Language, Record<PlainRefusal, RefusalText>> = {
  en: ENGLISH,
  da: DANISH,
  de: GERMAN,
};

export const refusalText = (reason: PlainRefusal, language: Language): RefusalText =>
  LANGUAGES[language][reason];
