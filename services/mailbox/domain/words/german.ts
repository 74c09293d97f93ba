// SPDX-License-Identifier: Apache-2.0
import { momentIn, type Words } from './words.ts';

export const GERMAN: Words = {
  notification: {
    subject: (organisation) => `Eine sichere Nachricht von ${organisation}`,
    before: (organisation) => [
      `${organisation} hat Ihnen geschrieben. Die Nachricht ist vertraulich und steht deshalb nicht in dieser E-Mail: Sie liegt in SecureMailBox, wo nur Sie sie lesen können.`,
      'Folgen Sie dem Link, um sie zu lesen. Wir senden dann einen Code an diese Adresse, mit dem Sie zeigen, dass sie Ihnen gehört.',
    ],
    link: 'Nachricht lesen',
    after: ({ organisation, site, until }) => [
      `Die Nachricht kann bis zum ${until} gelesen werden.`,
      `So prüfen Sie, dass diese E-Mail echt ist: Die Adresse des Links beginnt mit ${site}. Sie werden niemals nach dem Passwort Ihrer E-Mail oder Ihrer Bank, nach einer Zahlung oder einer Karte gefragt. Folgen Sie dem Link im Zweifel nicht: Rufen Sie ${organisation} unter einer Nummer an, die Sie anderswoher kennen.`,
      'Diese E-Mail hat ein Programm gesendet: Bitte antworten Sie nicht darauf.',
    ],
  },
  code: {
    subject: (organisation) => `Ihr Code für SecureMailBox von ${organisation}`,
    before: (organisation) => [
      `Jemand, wahrscheinlich Sie selbst, möchte sich in SecureMailBox von ${organisation} anmelden. Dies ist der Code:`,
    ],
    after: (minutes) => [
      `Er gilt ${minutes} Minuten, einmal, und nur in dem Browser, in dem er angefordert wurde.`,
      'Geben Sie ihn niemandem, auch nicht am Telefon. Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun: Ohne den Code kommt niemand hinein.',
    ],
  },
  notice: {
    subject: (organisation) => `Ihre Anmeldung in SecureMailBox von ${organisation} wurde geändert`,
    changed: {
      passkey: {
        added: (organisation) =>
          `Ein Passkey wurde hinzugefügt: SecureMailBox von ${organisation} lässt sich nun mit ihm statt mit einem Code öffnen.`,
        removed: (organisation) =>
          `Einer Ihrer Passkeys in SecureMailBox von ${organisation} wurde entfernt.`,
      },
      password: {
        added: (organisation) =>
          `Ein Passwort wurde gesetzt: SecureMailBox von ${organisation} lässt sich nun mit ihm statt mit einem Code öffnen.`,
        removed: (organisation) => `Ihr Passwort in SecureMailBox von ${organisation} wurde entfernt.`,
      },
    },
    after: ({ organisation, page }) => [
      `Wenn Sie es waren, müssen Sie nichts tun. Wenn nicht, kann jemand Ihre E-Mails lesen oder hat eines Ihrer Geräte benutzt: Ändern Sie das Passwort Ihres E-Mail-Kontos, melden Sie sich mit einem Code unter ${page} an und entfernen Sie dort, was nicht Ihres ist.`,
      `Im Zweifel rufen Sie ${organisation} unter einer Nummer an, die Sie anderweitig kennen. Diese E-Mail hat ein Programm gesendet: Bitte antworten Sie nicht darauf.`,
    ],
  },
  textMessage: (organisation, code) =>
    `${code} ist Ihr Code für die SecureMailBox von ${organisation}. Geben Sie ihn nie weiter.`,
  reply: (author, subject) =>
    `${author} hat dies in SecureMailBox geschrieben, als Antwort auf „${subject}“. Antworten Sie mit Sicher senden: Ihre Antwort liegt dann ebenfalls dort.`,
  letter: (author, contact) =>
    `${author} hat dies in SecureMailBox an „${contact}“ geschrieben und nachgewiesen, dass die Adresse die eigene ist. Antworten Sie mit „Sicher senden“.`,
  subject: (subject) => `Betreff: ${subject}`,
  moment: momentIn('de-DE'),
};
