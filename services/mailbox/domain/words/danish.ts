// SPDX-License-Identifier: Apache-2.0
import { momentIn, type Words } from './words.ts';

export const DANISH: Words = {
  notification: {
    subject: (organisation) => `En sikker besked fra ${organisation}`,
    before: (organisation) => [
      `${organisation} har skrevet til dig. Beskeden er fortrolig og står derfor ikke i denne mail: Den ligger i SecureMailBox, hvor kun du kan læse den.`,
      'Følg linket for at læse den. Vi sender så en kode til denne adresse, så du kan vise, at den er din.',
    ],
    link: 'Læs beskeden',
    after: ({ organisation, site, until }) => [
      `Beskeden kan læses indtil den ${until}.`,
      `Sådan kan du se, at mailen er ægte: Linkets adresse begynder med ${site}. Du bliver aldrig bedt om adgangskoden til din mail eller din bank, en betaling eller et kort. Er du i tvivl, så følg ikke linket: Ring til ${organisation} på et nummer, du kender andetsteds fra.`,
      'Denne mail er sendt af et program: Svar venligst ikke på den.',
    ],
  },
  code: {
    subject: (organisation) => `Din kode til SecureMailBox hos ${organisation}`,
    before: (organisation) => [
      `Nogen, formentlig dig, vil logge ind i SecureMailBox hos ${organisation}. Koden er:`,
    ],
    after: (minutes) => [
      `Den gælder i ${minutes} minutter, én gang, og kun i den browser, hvor der blev bedt om den.`,
      'Giv den ikke til nogen, heller ikke i telefonen. Har du ikke bedt om den, skal du ikke gøre noget: Uden koden kommer ingen ind.',
    ],
  },
  notice: {
    subject: (organisation) => `Din måde at logge ind i SecureMailBox hos ${organisation} er ændret`,
    changed: {
      passkey: {
        added: (organisation) =>
          `En adgangsnøgle er tilføjet: SecureMailBox hos ${organisation} kan nu åbnes med den i stedet for en kode.`,
        removed: (organisation) => `En af dine adgangsnøgler i SecureMailBox hos ${organisation} er fjernet.`,
      },
      password: {
        added: (organisation) =>
          `En adgangskode er sat: SecureMailBox hos ${organisation} kan nu åbnes med den i stedet for en engangskode.`,
        removed: (organisation) => `Din adgangskode i SecureMailBox hos ${organisation} er fjernet.`,
      },
    },
    after: ({ organisation, page }) => [
      `Var det dig, skal du ikke gøre noget. Ellers kan en anden læse din mail eller har brugt en af dine enheder: Skift adgangskoden til din mail, log ind med en kode på ${page} og fjern dér det, der ikke er dit.`,
      `Er du i tvivl, så ring til ${organisation} på et nummer, du kender i forvejen. Denne mail er sendt af et program: Svar venligst ikke på den.`,
    ],
  },
  textMessage: (organisation, code) =>
    `${code} er din kode til SecureMailBox hos ${organisation}. Giv den aldrig videre.`,
  reply: (author, subject) =>
    `${author} har skrevet dette i SecureMailBox som svar på “${subject}”. Svar med Send sikkert: dit svar kommer også til at ligge der.`,
  letter: (author, contact) =>
    `${author} har skrevet dette i SecureMailBox til “${contact}” og har bevist, at adressen er vedkommendes egen. Svar med Send sikkert.`,
  subject: (subject) => `Emne: ${subject}`,
  moment: momentIn('da-DK'),
};
