// SPDX-License-Identifier: Apache-2.0
import type { Words } from './words.ts';

const ASK_FIRST = 'Spørg modtageren, før du sender den igen.';
const BROKE = 'forbindelsen blev afbrudt, før modtagerens side bekræftede';
const asSentences = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);
const inBrackets = (text: string | null) => (text === null || text === '' ? '' : ` (${text})`);

export const DANISH: Words = {
  headlines: {
    sent: { subject: 'Sendt sikkert', line: 'Din mail blev sendt sikkert til alle.' },
    'partly-sent': {
      subject: 'Delvist sendt',
      line: 'Din mail blev sendt sikkert til nogle af modtagerne, men ikke til andre.',
    },
    'partly-perhaps-sent': {
      subject: 'Delvist sendt',
      line: 'Din mail blev sendt sikkert til nogle af modtagerne; for de andre vides det ikke for alle, om den nåede frem.',
    },
    'perhaps-sent': { subject: 'Måske sendt', line: 'Det vides ikke, om din mail nåede frem.' },
    'not-sent': { subject: 'Ikke sendt', line: 'Din mail blev ikke sendt.' },
    'still-held': {
      subject: 'Stadig tilbageholdt',
      line: 'Din mail holdes stadig tilbage for de modtagere, hvor det står nedenfor.',
    },
    'still-perhaps-sent': {
      subject: 'Stadig uvist',
      line: 'Det vides stadig ikke, om din mail nåede frem, og ingen har endnu besluttet, om den skal sendes igen.',
    },
    'under-way': {
      subject: 'Stadig undervejs',
      line: 'Din mail er stadig undervejs til nogle af modtagerne. Vi bliver ved med at prøve og fortæller, hvordan det ender.',
    },
    'partly-held': {
      subject: 'Delvist tilbageholdt',
      line: 'Din mail holdes tilbage for nogle af modtagerne; til andre er den stadig undervejs. Vi fortæller, hvordan det ender.',
    },
    'partly-not-sent': {
      subject: 'Delvist ikke sendt',
      line: 'Til nogle af modtagerne blev din mail ikke sendt; til andre er den stadig undervejs. Vi fortæller, hvordan det ender.',
    },
    'partly-unknown': {
      subject: 'Delvist uvist',
      line: 'For nogle af modtagerne vides det ikke, om din mail nåede frem; til andre er den stadig undervejs. Vi fortæller, hvordan det ender.',
    },
    'deadline-missed': {
      subject: 'Forsinket',
      line: 'Din mail nåede ikke ud til alle modtagere inden for den lovede tid. Vi bliver ved med at prøve og fortæller, hvordan det ender.',
    },
    'not-delivered': {
      subject: 'Ikke leveret',
      line: 'En mail udefra kunne ikke leveres til alle sine modtagere her. Ingen andre har fået besked.',
    },
    withdrawn: {
      subject: 'Trukket tilbage',
      line: 'Din mail er trukket tilbage fra SecureMailBox, hvor det er nævnt nedenfor.',
    },
    'read-by-another': {
      subject: 'Læst af en anden',
      line: 'Din mail blev åbnet i SecureMailBox af en, som derefter sagde, at den ikke var til vedkommende. Den er nu lukket, hvor det står nedenfor; det, der er læst eller gemt forinden, forbliver det.',
    },
    declined: {
      subject: 'Ikke til den, der læser der',
      line: 'Din mail lå i SecureMailBox, og den, der læser på adressen, siger, at den ikke er til vedkommende. Den blev ikke åbnet og er nu lukket.',
    },
    digest: { subject: 'Sendt sikkert', line: 'Disse af dine mails blev sendt sikkert til alle.' },
    'digest-not-all': {
      subject: 'IKKE alt er sendt',
      line: 'Af disse af dine mails nåede nogle alligevel IKKE frem til alle: De står først. De andre blev sendt sikkert.',
    },
  },
  methods: {
    internal: 'den blev inden for din organisations mailservere, over krypterede forbindelser',
    'smime-personal': 'signeret og krypteret med S/MIME til modtageren',
    'smime-domain': 'signeret og krypteret med S/MIME til modtagerens organisation',
    tls: 'over en krypteret forbindelse til modtagerens mailserver, hvis identitet blev kontrolleret',
    mailbox: 'den ligger krypteret i SecureMailBox, hvor kun modtageren kan læse den',
  },
  failures: {
    'host-not-found': 'adressens domæne findes ikke',
    withdrawn: 'afsenderen trak den tilbage fra SecureMailBox',
    'reported-later': 'modtagerens mailserver tog imod den og meldte senere, at den ikke kunne leveres',
    'null-mx': 'adressens domæne modtager ikke mail',
    'too-large-for-server': 'mailen er større, end modtagerens mailserver tager imod',
    '8bit-not-supported': 'modtagerens mailserver tager kun imod ren ASCII, og mailen må ikke ændres',
    'smtputf8-not-supported':
      'modtagerens mailserver tager ikke imod adresser med bogstaver uden for ASCII, såsom æ',
  },
  ours: {
    'tls-not-verified': 'modtagerens mailserver beviser ikke, at den er den rigtige',
    'tls-not-offered': 'modtagerens mailserver tilbyder ingen krypteret forbindelse',
    'tls-failed': 'der kunne ikke oprettes en forbindelse til modtagerens mailserver, som er sikker nok',
    'tls-not-enforceable': 'intet fortæller længere, hvordan modtagerens mailserver kan bevise, hvem den er',
    'tls-lookup-failed': 'det kunne ikke findes ud af, hvordan modtagerens mailserver beviser, hvem den er',
    'authorities-unreadable': 'vores indstillinger for modtagerens mailserver kan ikke læses',
    'route-unknown': 'vores indstillinger nævner ikke længere nogen mailserver for denne modtager',
  },
  sent: (when, how, twice) =>
    `Sendt den ${when}${how === null ? '' : `: ${how}`}.${twice ? ' Et tidligere forsøg kan også være nået frem, så mailen kan ligge der mere end én gang.' : ''}`,
  takeBack: 'Træk den tilbage',
  inMailbox: ({ deposited, notified, until, twice }) =>
    `Den har ligget i SecureMailBox siden den ${deposited}, hvor kun modtageren kan læse den, indtil den ${until}. En mail, der fortæller det, blev sendt den ${notified}${twice ? ', måske mere end én gang' : ''}.`,
  withdrawn: (when, wasOpened) =>
    `Trukket tilbage ${when}. ${wasOpened ? 'Den var åbnet forinden.' : 'Den var ikke åbnet.'}`,
  declined: (when, opened, advice) =>
    opened === null
      ? `Lukket ${when}: den, der læser på denne adresse, siger i SecureMailBox, at beskeden ikke er til vedkommende. Den var ikke åbnet. ${advice}`
      : `Læst af en anden: den blev åbnet ${opened}, og den, der gjorde det, sagde ${when}, at den ikke var til vedkommende. Den kan ikke læses i SecureMailBox mere; det, der er læst eller gemt forinden, forbliver det. ${advice}`,
  opened: (when) => `Modtageren åbnede den ${when}.`,
  notNotified: (why) => `mailen, der fortæller, at den ligger i SecureMailBox, kunne ikke leveres: ${why}`,
  refused: (reply) => `modtagerens mailserver afviste den${inBrackets(reply)}`,
  bounced: (why, advice) => `Ikke sendt: ${why}. ${advice}`,
  expired: (why, advice) =>
    why === null
      ? `Ikke sendt: modtagerens mailserver kunne ikke nås så længe, at vi gav op. ${advice}`
      : `Ikke sendt: ${why}, og det så længe, at vi gav op. ${advice}`,
  overBefore: (until) =>
    `Ikke sendt: den skulle kunne læses i SecureMailBox indtil den ${until}, og det var forbi, før modtageren kunne få besked. Send den igen med et senere udløb.`,
  held: (why, until) =>
    `Holdt tilbage, ikke sendt: ${why}. Den er gemt sikkert; din administrator kan frigive den, når det er løst, eller rette adressen.${until === null ? '' : ` Indtil den ${until}, derefter opgives den.`}`,
  holdEnded: (advice) => `Ikke sendt: den blev holdt tilbage, og ingen tog stilling i tide. ${advice}`,
  unknownEnded: `Måske sendt: ${BROKE}, og ingen tog i tide stilling til, om den skulle sendes igen. ${ASK_FIRST}`,
  advice: {
    arrivedBefore:
      'Et tidligere forsøg kan være nået frem alligevel: spørg modtageren, før du sender mailen igen.',
    checkAddress: 'Tjek adressen, eller spørg modtageren.',
    sendLater: 'Send mailen igen senere.',
    sendOnceSecure: 'Send den igen, når der er en sikker vej.',
    tellAdministrator: 'Det kan kun din administrator rette: giv besked dertil.',
    askAdministrator:
      'Din administrator kan se på det sammen med modtagerens organisation: giv besked dertil.',
    goesByItself: (emailId) =>
      `Mailens historik (GET /v1/emails/${emailId}/events) viser, hvilken server det er. Når det er løst, sendes den af sig selv.`,
    lookIntoServer: (emailId) =>
      `Mailens historik (GET /v1/emails/${emailId}/events) viser, hvilken server det var, og hvad den sagde. Bed afsenderen, som ikke har fået besked, sende den igen, når det er løst.`,
    haveItSentAgain: (emailId) =>
      `Mailens historik (GET /v1/emails/${emailId}/events) viser, hvad der stod i vejen. Bed afsenderen, som ikke har fået besked, sende den igen, når det er løst.`,
  },
  released: (by, reason) =>
    asSentences(`Frigivet af ${by ?? 'din administrator'}${reason === null ? '' : `: ${reason}`}`),
  heldAgain: 'Derefter blev den holdt tilbage igen.',
  correctedAway: 'Der blev ikke sendt noget til denne adresse: Den blev først rettet til en anden.',
  corrected: (address, given, isSent) =>
    `${isSent ? 'Sendt' : 'Adresseret'} til ${address} i stedet for ${given}.`,
  rejected: (by, reason, perhaps) =>
    perhaps
      ? `Måske sendt: ${BROKE}. ${by ?? 'Din administrator'} besluttede ikke at sende den igen${inBrackets(reason)}. ${ASK_FIRST}`
      : `Ikke sendt: det besluttede ${by ?? 'din administrator'}${inBrackets(reason)}.`,
  unknown: (often, again, until) =>
    `Måske sendt: ${BROKE}${often ? ', hver gang vi prøvede' : ''}. ${again ? 'Vi prøver igen, så mailen kan nå frem mere end én gang.' : `Spørg modtageren; din administrator kan sende den igen.${until === null ? '' : ` Indtil den ${until}, derefter bliver det ved det.`}`}`,
  deferred: (reply) =>
    `Ikke sendt endnu: modtagerens mailserver kunne ikke tage imod den nu${inBrackets(reply)}. Vi bliver ved med at prøve.`,
  withheld: (why, advice) =>
    `Ikke sendt endnu: ${why}, så mailen bliver her. Vi bliver ved med at prøve og fortæller, hvordan det ender. ${advice}`,
  underWay: 'Undervejs.',
  blindCopy: 'blind kopi',
  noSubject: '(intet emne)',
  hiddenSubject: '(emnet vises ikke)',
  sentBy: (from) =>
    `Den blev sendt af ${from}; adressen eller mailen selv siger, at der står en liste eller et program bag, og derfor får du besked.`,
  cameFrom: (from) =>
    `Den siger, at den er fra ${from ?? 'ingen'}. Afsenderen har ikke fået besked, for enhver kan bruge adressen.`,
  attached: 'Din mail er vedhæftet.',
  notAttached:
    'Din mail er ikke vedhæftet: din postkasse videresender ud af din organisation, hvor andre kan komme til at læse den.',
  proven: 'Det vedhæftede bevis viser, at det er sådan, det blev registreret; en revisor kan efterprøve det.',
  handedIn: (when, emailId) => `Indleveret den ${when}. Mail-id ${emailId}.`,
  andMore: (count) => `Og ${count} mere.`,
  listedAlone: 'Det gælder de modtagere, som kvitteringen nævner, og ingen andre.',
  locale: 'da-DK',
};
