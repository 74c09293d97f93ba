// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';

/** What stands in a message that is saved as PDF, beside what was written. */
export interface SavedWords {
  /** Of the document, which shows nothing of what is in it. */
  title: (organisation: string) => string;
  noSubject: string;
  from: string;
  to: string;
  cc: string;
  received: string;
  sent: string;
  until: string;
  files: string;
  noText: string;
  cut: string;
  /** Where the font lacks letters. */
  squares: string;
  note: (saved: string) => string;
  moment: Intl.DateTimeFormat;
  /** Octets as people read them. */
  size: (octets: number) => string;
}

const momentIn = (locale: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long', timeZone: 'UTC' });
function sizeIn(locale: string): (octets: number) => string {
  const of = (unit: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 });
  const [bytes, kilobytes, megabytes] = [of('byte'), of('kilobyte'), of('megabyte')];
  return (octets) => {
    if (octets < 1_000) return bytes.format(octets);
    return octets < 1_000_000 ? kilobytes.format(octets / 1_000) : megabytes.format(octets / 1_000_000);
  };
}

export const SAVED_WORDS: Readonly<Record<Language, SavedWords>> = {
  en: {
    title: (organisation) => `Message in SecureMailBox of ${organisation}`,
    noSubject: 'Without a subject',
    from: 'From',
    to: 'To',
    cc: 'Copy to',
    received: 'Received',
    sent: 'Sent',
    until: 'Can be read in SecureMailBox until',
    files: 'Attached files',
    noText: 'There is no text in this message.',
    cut: 'The text is longer than this. All of it is in the message that you save as .eml.',
    squares:
      'Some letters can not be shown here: a square (□) stands for each. They are in the message that you save as .eml.',
    note: (saved) =>
      `Saved ${saved}. This document shows the text; formatting, pictures and files are in the message that you save as .eml.`,
    moment: momentIn('en-GB'),
    size: sizeIn('en-GB'),
  },
  da: {
    title: (organisation) => `Besked i SecureMailBox hos ${organisation}`,
    noSubject: 'Uden emne',
    from: 'Fra',
    to: 'Til',
    cc: 'Kopi til',
    received: 'Modtaget',
    sent: 'Sendt',
    until: 'Kan læses i SecureMailBox indtil',
    files: 'Vedhæftede filer',
    noText: 'Der er ingen tekst i beskeden.',
    cut: 'Teksten er længere end dette. Hele teksten er i beskeden, når du gemmer den som .eml.',
    squares:
      'Nogle tegn kan ikke vises her: et kvadrat (□) står for hvert af dem. De er i beskeden, når du gemmer den som .eml.',
    note: (saved) =>
      `Gemt ${saved}. Dokumentet viser teksten; formatering, billeder og filer er i beskeden, når du gemmer den som .eml.`,
    moment: momentIn('da-DK'),
    size: sizeIn('da-DK'),
  },
  de: {
    title: (organisation) => `Nachricht in SecureMailBox von ${organisation}`,
    noSubject: 'Ohne Betreff',
    from: 'Von',
    to: 'An',
    cc: 'Kopie an',
    received: 'Erhalten',
    sent: 'Gesendet',
    until: 'Kann in SecureMailBox gelesen werden bis',
    files: 'Angehängte Dateien',
    noText: 'Diese Nachricht enthält keinen Text.',
    cut: 'Der Text ist länger. Der ganze Text steht in der Nachricht, die Sie als .eml speichern.',
    squares:
      'Manche Zeichen lassen sich hier nicht zeigen: Für jedes steht ein Quadrat (□). Sie stehen in der Nachricht, die Sie als .eml speichern.',
    note: (saved) =>
      `Gespeichert ${saved}. Dieses Dokument zeigt den Text; Formatierung, Bilder und Dateien sind in der Nachricht, die Sie als .eml speichern.`,
    moment: momentIn('de-DE'),
    size: sizeIn('de-DE'),
  },
};
