// SPDX-License-Identifier: Apache-2.0

/**
 * Texts that were written when the rules were done, and looked at once: what they gave then stands in the README. They are
 * measured apart, and nothing is tuned to them.
 */
export const HELD_OUT_POSITIVES: readonly string[] = [
  'Kan I bekræfte at {cpr} er tilmeldt dagpenge fra {date}?',
  'Vi har talt med {name} ({child}) om skolestart.',
  'Ny beboer i bolig {small}: {name}, {cpr}, indflyttet {date}.',
  'Bed venligst {name} om at sende CPR igen, vi fik kun {bare} og det ligner en tastefejl.',
  'Dødsanmeldelse: {cpr}, {date}, plejehjem {street}.',
  'Navneændring godkendt for {name}, cpr {cpr}; gebyr {amount} kr.',
  'Navn: {name} Cpr: {bare} Stilling: pædagog Timer: {small}',
  'Forsikringssag {invoice}\nSkadelidte: {name}, {cpr}\nModpart: {plate}',
  'Høringssvar fra {name}, født {cpr}.',
  'Rejseafregning {date}: {name}, cpr {spaced}, kilometer {small}, konto {konto}',
  'Blodtype A+ ({cpr})',
  'Please add {cpr} to the payroll, first pay date {date}.',
  'Student {name}, CPR {bare}, ECTS {small}.',
  'Visumantrag für {name}, dänische CPR-Nr. {cpr}, Reisepass {code}.',
  'Afgørelse\n\n{name}\n{cpr}\n{street}\n\nDu får tilskud til briller.',
];

export const HELD_OUT_NEGATIVES: readonly string[] = [
  'Din reparation har nummer {like} og er klar {date}.',
  'Arrangement {like}: dørene åbner {time}.',
  'Vagtplan {small}: {time}-{time}, ring {phone} ved sygdom.',
  'Vinduet har mål 120x80, tegning {like}.',
  'Kvittering for abonnement {like}, næste træk {date}.',
  'Ladestander {like} er ude af drift.',
  'Jeg har lagt {like} kroner til side.',
  'Container {code}{like} ankommer {date}.',
  'Elevnummer {like} i biblioteket, lån {small}.',
  'Fejlkode 0x{like} i modul {small}.',
  'Domænet udløber {date}; handle {like}.',
  'Prøverør {like} mangler etiket.',
  'Lager: hylde {small}, palle {like}.',
  'Claim number {like}, adjuster phone {us}.',
  'Student ID {like}, locker {small}.',
  'Radio contest: text WIN to {like}.',
  'Depot {like-}, Depotauszug vom {date}.',
  'Ihre Anfrage {like} ist eingegangen.',
  'Lieferschein {like-} vom {date}.',
  'Rooms {small}, {small} and {small}; wifi code {like}.',
];
