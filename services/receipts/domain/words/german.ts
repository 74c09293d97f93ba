// SPDX-License-Identifier: Apache-2.0
import type { Words } from './words.ts';

const ASK_FIRST = 'Fragen Sie beim Empfänger nach, bevor Sie sie erneut senden.';
const BROKE = 'Die Verbindung brach ab, bevor die Gegenseite bestätigte';
const asSentences = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);
const inBrackets = (text: string | null) => (text === null || text === '' ? '' : ` (${text})`);

export const GERMAN: Words = {
  headlines: {
    sent: { subject: 'Sicher gesendet', line: 'Ihre Mail wurde sicher an alle gesendet.' },
    'partly-sent': {
      subject: 'Teilweise gesendet',
      line: 'Ihre Mail wurde an einige der Empfänger sicher gesendet, an andere nicht.',
    },
    'partly-perhaps-sent': {
      subject: 'Teilweise gesendet',
      line: 'Ihre Mail wurde an einige der Empfänger sicher gesendet; ob sie die anderen erreicht hat, ist nicht bei allen bekannt.',
    },
    'perhaps-sent': {
      subject: 'Vielleicht gesendet',
      line: 'Es ist nicht bekannt, ob Ihre Mail angekommen ist.',
    },
    'not-sent': { subject: 'Nicht gesendet', line: 'Ihre Mail wurde nicht gesendet.' },
    'still-held': {
      subject: 'Weiterhin zurückgehalten',
      line: 'Ihre Mail wird weiterhin für die Empfänger zurückgehalten, bei denen es unten steht.',
    },
    'still-perhaps-sent': {
      subject: 'Weiterhin ungewiss',
      line: 'Es ist weiterhin nicht bekannt, ob Ihre Mail angekommen ist, und niemand hat bisher entschieden, ob sie erneut gesendet wird.',
    },
    'under-way': {
      subject: 'Noch unterwegs',
      line: 'Ihre Mail ist zu einigen der Empfänger noch unterwegs. Wir versuchen es weiter und sagen Ihnen, wie es ausgeht.',
    },
    'partly-held': {
      subject: 'Teilweise zurückgehalten',
      line: 'Ihre Mail wird für einige der Empfänger zurückgehalten; zu anderen ist sie noch unterwegs. Wir sagen Ihnen, wie es ausgeht.',
    },
    'partly-not-sent': {
      subject: 'Teilweise nicht gesendet',
      line: 'An einige der Empfänger wurde Ihre Mail nicht gesendet; zu anderen ist sie noch unterwegs. Wir sagen Ihnen, wie es ausgeht.',
    },
    'partly-unknown': {
      subject: 'Teilweise ungewiss',
      line: 'Bei einigen der Empfänger ist nicht bekannt, ob Ihre Mail angekommen ist; zu anderen ist sie noch unterwegs. Wir sagen Ihnen, wie es ausgeht.',
    },
    'deadline-missed': {
      subject: 'Verspätet',
      line: 'Ihre Mail hat nicht alle Empfänger in der zugesagten Zeit erreicht. Wir versuchen es weiter und sagen Ihnen, wie es ausgeht.',
    },
    'not-delivered': {
      subject: 'Nicht zugestellt',
      line: 'Eine Mail von außen konnte hier nicht allen Empfängern zugestellt werden. Sonst wurde niemand benachrichtigt.',
    },
    withdrawn: {
      subject: 'Zurückgezogen',
      line: 'Ihre Mail wurde aus SecureMailBox zurückgezogen, wo es unten steht.',
    },
    'read-by-another': {
      subject: 'Von jemand anderem gelesen',
      line: 'Ihre Mail wurde in SecureMailBox von jemandem geöffnet, der danach sagte, dass sie nicht für ihn ist. Sie ist jetzt geschlossen, wo das unten steht; was vorher gelesen oder gespeichert wurde, bleibt es.',
    },
    declined: {
      subject: 'Nicht für den Leser',
      line: 'Ihre Mail lag in SecureMailBox, und wer unter der Adresse liest, sagt, dass sie nicht für ihn ist. Sie wurde nicht geöffnet und ist jetzt geschlossen.',
    },
    digest: {
      subject: 'Sicher gesendet',
      line: 'Diese Mails von Ihnen wurden sicher an alle gesendet.',
    },
    'digest-not-all': {
      subject: 'NICHT alles gesendet',
      line: 'Von diesen Ihren Mails haben einige doch NICHT alle erreicht: Sie stehen zuerst. Die anderen wurden sicher gesendet.',
    },
  },
  methods: {
    internal: 'sie blieb innerhalb der Mailserver Ihrer Organisation, über verschlüsselte Verbindungen',
    'smime-personal': 'mit S/MIME signiert und für den Empfänger verschlüsselt',
    'smime-domain': 'mit S/MIME signiert und für die Organisation des Empfängers verschlüsselt',
    tls: 'über eine verschlüsselte Verbindung zum Mailserver des Empfängers, dessen Identität geprüft wurde',
    mailbox: 'sie liegt verschlüsselt in SecureMailBox, wo nur der Empfänger sie lesen kann',
  },
  failures: {
    'host-not-found': 'die Domain der Adresse existiert nicht',
    withdrawn: 'der Absender hat sie aus SecureMailBox zurückgezogen',
    'reported-later':
      'der Mailserver des Empfängers hat sie angenommen und später gemeldet, dass sie nicht zugestellt werden konnte',
    'null-mx': 'die Domain der Adresse nimmt keine Mails an',
    'too-large-for-server': 'die Mail ist größer, als der Mailserver des Empfängers annimmt',
    '8bit-not-supported':
      'der Mailserver des Empfängers nimmt nur reines ASCII an, und die Mail darf nicht verändert werden',
    'smtputf8-not-supported':
      'der Mailserver des Empfängers nimmt keine Adressen mit Buchstaben außerhalb von ASCII an, wie æ',
  },
  ours: {
    'tls-not-verified': 'der Mailserver des Empfängers beweist nicht, dass er der richtige ist',
    'tls-not-offered': 'der Mailserver des Empfängers bietet keine verschlüsselte Verbindung an',
    'tls-failed': 'zum Mailserver des Empfängers kam keine Verbindung zustande, die sicher genug ist',
    'tls-not-enforceable': 'nichts sagt mehr, wie der Mailserver des Empfängers beweisen könnte, wer er ist',
    'tls-lookup-failed':
      'es ließ sich nicht herausfinden, wie der Mailserver des Empfängers beweist, wer er ist',
    'authorities-unreadable':
      'unsere Einstellungen für den Mailserver des Empfängers lassen sich nicht lesen',
    'route-unknown': 'unsere Einstellungen nennen für diesen Empfänger keinen Mailserver mehr',
  },
  sent: (when, how, twice) =>
    `Gesendet am ${when}${how === null ? '' : `: ${how}`}.${twice ? ' Ein früherer Versuch kann auch angekommen sein, die Mail kann also mehrfach dort liegen.' : ''}`,
  takeBack: 'Zurückziehen',
  inMailbox: ({ deposited, notified, until, twice }) =>
    `Sie liegt seit dem ${deposited} in SecureMailBox, wo nur der Empfänger sie lesen kann, bis zum ${until}. Eine Mail, die darauf hinweist, wurde am ${notified} gesendet${twice ? ', vielleicht mehrmals' : ''}.`,
  withdrawn: (when, wasOpened) =>
    `Zurückgezogen am ${when}. ${wasOpened ? 'Sie war vorher geöffnet worden.' : 'Sie war nicht geöffnet worden.'}`,
  declined: (when, opened, advice) =>
    opened === null
      ? `Geschlossen am ${when}: Wer unter dieser Adresse liest, sagt in SecureMailBox, dass die Nachricht nicht für ihn ist. Sie war nicht geöffnet worden. ${advice}`
      : `Von jemand anderem gelesen: Sie wurde am ${opened} geöffnet, und wer das tat, sagte am ${when}, dass sie nicht für ihn ist. Sie kann in SecureMailBox nicht mehr gelesen werden; was vorher gelesen oder gespeichert wurde, bleibt es. ${advice}`,
  opened: (when) => `Der Empfänger hat sie am ${when} geöffnet.`,
  notNotified: (why) => `die Mail, die auf SecureMailBox hinweist, konnte nicht zugestellt werden: ${why}`,
  refused: (reply) => `der Mailserver des Empfängers hat sie abgelehnt${inBrackets(reply)}`,
  bounced: (why, advice) => `Nicht gesendet: ${why}. ${advice}`,
  expired: (why, advice) =>
    why === null
      ? `Nicht gesendet: Der Mailserver des Empfängers war so lange nicht erreichbar, dass wir aufgegeben haben. ${advice}`
      : `Nicht gesendet: ${why}, und das so lange, dass wir aufgegeben haben. ${advice}`,
  overBefore: (until) =>
    `Nicht gesendet: Sie sollte in SecureMailBox bis zum ${until} gelesen werden können, und das war vorbei, bevor es der Empfänger erfahren konnte. Senden Sie sie noch einmal mit einem späteren Ende.`,
  held: (why, until) =>
    `Zurückgehalten, nicht gesendet: ${why}. Sie ist sicher verwahrt; Ihr Administrator kann sie freigeben, wenn das behoben ist, oder die Adresse berichtigen.${until === null ? '' : ` Bis zum ${until}, danach wird sie aufgegeben.`}`,
  holdEnded: (advice) =>
    `Nicht gesendet: Sie wurde zurückgehalten, und niemand hat rechtzeitig entschieden. ${advice}`,
  unknownEnded: `Vielleicht gesendet: ${BROKE}, und niemand hat rechtzeitig entschieden, ob sie erneut gesendet wird. ${ASK_FIRST}`,
  advice: {
    arrivedBefore:
      'Ein früherer Versuch kann trotzdem angekommen sein: Fragen Sie beim Empfänger nach, bevor Sie erneut senden.',
    checkAddress: 'Prüfen Sie die Adresse oder fragen Sie beim Empfänger nach.',
    sendLater: 'Senden Sie die Mail später erneut.',
    sendOnceSecure: 'Senden Sie sie erneut, sobald es einen sicheren Weg gibt.',
    tellAdministrator: 'Das kann nur Ihr Administrator beheben: Bitte sagen Sie ihm Bescheid.',
    askAdministrator:
      'Ihr Administrator kann das mit der Organisation des Empfängers klären: Bitte sagen Sie ihm Bescheid.',
    goesByItself: (emailId) =>
      `Im Verlauf der Mail (GET /v1/emails/${emailId}/events) steht der Server. Sobald das behoben ist, geht sie von selbst.`,
    lookIntoServer: (emailId) =>
      `Im Verlauf der Mail (GET /v1/emails/${emailId}/events) stehen der Server und seine Antwort. Bitten Sie den Absender, der nicht benachrichtigt wurde, sie erneut zu senden, sobald das behoben ist.`,
    haveItSentAgain: (emailId) =>
      `Im Verlauf der Mail (GET /v1/emails/${emailId}/events) steht, was im Weg stand. Bitten Sie den Absender, der nicht benachrichtigt wurde, sie erneut zu senden, sobald das behoben ist.`,
  },
  released: (by, reason) =>
    asSentences(`Freigegeben von ${by ?? 'Ihrem Administrator'}${reason === null ? '' : `: ${reason}`}`),
  heldAgain: 'Danach wurde sie wieder zurückgehalten.',
  correctedAway: 'An diese Adresse wurde nichts gesendet: Sie wurde vorher in eine andere korrigiert.',
  corrected: (address, given, isSent) =>
    `${isSent ? 'Gesendet' : 'Gerichtet'} an ${address} statt an ${given}.`,
  rejected: (by, reason, perhaps) =>
    perhaps
      ? `Vielleicht gesendet: ${BROKE}. ${by ?? 'Ihr Administrator'} hat entschieden, sie nicht erneut zu senden${inBrackets(reason)}. ${ASK_FIRST}`
      : `Nicht gesendet: So hat ${by ?? 'Ihr Administrator'} entschieden${inBrackets(reason)}.`,
  unknown: (often, again, until) =>
    `Vielleicht gesendet: ${BROKE}${often ? ', bei jedem Versuch' : ''}. ${again ? 'Wir versuchen es erneut, sie kann also mehrfach ankommen.' : `Fragen Sie beim Empfänger nach; Ihr Administrator kann sie erneut senden.${until === null ? '' : ` Bis zum ${until}, danach bleibt es dabei.`}`}`,
  deferred: (reply) =>
    `Noch nicht gesendet: Der Mailserver des Empfängers konnte sie jetzt nicht annehmen${inBrackets(reply)}. Wir versuchen es weiter.`,
  withheld: (why, advice) =>
    `Noch nicht gesendet: ${why}, deshalb bleibt die Mail hier. Wir versuchen es weiter und sagen Ihnen, wie es ausgeht. ${advice}`,
  underWay: 'Unterwegs.',
  blindCopy: 'Blindkopie',
  noSubject: '(kein Betreff)',
  hiddenSubject: '(Betreff nicht angezeigt)',
  sentBy: (from) =>
    `Gesendet hat sie ${from}; die Adresse oder die Mail selbst sagt, dass eine Liste oder ein Programm dahintersteht, deshalb werden Sie benachrichtigt.`,
  cameFrom: (from) =>
    `Sie gibt an, von ${from ?? 'niemandem'} zu sein. Der Absender wurde nicht benachrichtigt, denn jeder kann diese Adresse benutzen.`,
  attached: 'Ihre Mail ist angehängt.',
  notAttached:
    'Ihre Mail ist nicht angehängt: Ihr Postfach leitet aus Ihrer Organisation hinaus weiter, wo andere sie lesen könnten.',
  proven: 'Der angehängte Beweis zeigt, dass es so aufgezeichnet wurde; wer prüft, kann ihn nachrechnen.',
  handedIn: (when, emailId) => `Eingeliefert am ${when}. Mail-ID ${emailId}.`,
  andMore: (count) => `Und ${count} weitere.`,
  listedAlone: 'Das gilt für die Empfänger, die diese Quittung aufführt, und für niemanden sonst.',
  locale: 'de-DE',
};
