// SPDX-License-Identifier: Apache-2.0

/** Made-up people, places and sentences around the texts of the corpus. */
export const FIRST_NAMES =
  'Anne Bo Camilla Dennis Else Frederik Grethe Henrik Ida Jørgen Kirsten Lærke Mads Nanna Ole Pernille Rasmus Sofie Tobias Ulla Viggo Åse Ali Fatima Jürgen Björn Emily Oliver'.split(
    ' ',
  );
export const LAST_NAMES =
  'Abildlund Brøndgård Citronskov Dueholm Elmekrog Fjordvang Græsbjerg Husumdal Ildvang Juelsbæk Kløverriis Lyngkær Møllehave Nørrekold Østervig'.split(
    ' ',
  );
export const STREETS = [
  'Æblevej',
  'Skovbakken',
  'Ny Havnegade',
  'Kirkestien',
  'Møllevangen',
  'Gartenweg',
  'Mill Lane',
];

/** What may stand before a text. */
export const OPENINGS = [
  '',
  '',
  '',
  'Hej\n\n',
  'Kære alle,\n\n',
  'Hi,\n\n',
  'Hallo zusammen,\n\n',
  'Tak for snakken i går.\n\n',
  'Som aftalt sender jeg oplysningerne her.\n\n',
  'Thanks for your call yesterday.\n\n',
  'Sendt fra min iPhone\n\n',
];

/** What may stand behind it; with placeholders. */
export const CLOSINGS = [
  '',
  '',
  '',
  '\n\nMed venlig hilsen\n{name}\nTlf. {phone}',
  '\n\nVenlig hilsen\n{name}\nKontorassistent\nCVR {cvr} | Tlf. {phone} | {street}',
  '\n\nMvh {name}\nMobil +45 {phone8}\nEAN {ean}',
  '\n\nKind regards\n{name}\nPhone {phone45}',
  '\n\nMit freundlichen Grüßen\n{name}\nTel. {german}',
  '\n\n-----Oprindelig meddelelse-----\nFra: {name}\nSendt: {date} {time}\nEmne: SV: Møde',
  '\n\nDenne mail er sendt {iso}',
];
