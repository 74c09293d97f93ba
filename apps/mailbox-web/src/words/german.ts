// SPDX-License-Identifier: Apache-2.0
import type { Words } from './words.ts';

export const GERMAN: Words = {
  language: 'de',
  chooseLanguage: 'Sprache',
  skipToContent: 'Zum Inhalt springen',
  signOut: 'Abmelden',
  signOutUnkept:
    'Was Sie zuletzt geschrieben haben, kann gerade nicht gespeichert werden und ginge verloren. Warten Sie, oder kopieren Sie es; wenn Sie noch einmal auf „Abmelden“ drücken, geben Sie es auf.',
  signedOut: {
    title: 'Sie sind abgemeldet',
    text: 'Niemand kann Ihre Nachrichten in diesem Browser noch lesen. Sie können die Seite schließen.',
  },
  otherPerson: {
    title: 'Jetzt ist jemand anderes angemeldet',
    text: 'In diesem Browser ist eine andere Person angemeldet, deshalb werden Ihre Nachrichten hier nicht mehr angezeigt. Melden Sie sich wieder an, um fortzufahren.',
  },
  unkept: {
    title: 'Was Sie geschrieben haben und noch nicht gespeichert ist',
    text: 'Es steht nur auf dieser Seite. Lassen Sie die Seite offen, und melden Sie sich wieder an, hier oder in einem anderen Tab: Dann wird es gespeichert. Oder kopieren Sie es.',
    onceProven:
      'Es steht nur auf dieser Seite. Lassen Sie die Seite offen, und weisen Sie sich aus, wie es oben steht, hier oder in einem anderen Tab: Dann wird es gespeichert. Oder kopieren Sie es.',
  },
  loading: 'Einen Augenblick …',
  late: 'Diese Seite antwortet noch nicht: Ein Teil von ihr kann nicht geladen werden oder braucht lange. Es wird von selbst wieder versucht. Prüfen Sie, ob Sie online sind, oder laden Sie die Seite neu.',
  noScript:
    'SecureMailBox benötigt JavaScript. Schalten Sie es in Ihrem Browser ein, und laden Sie die Seite neu.',
  noCookies:
    'SecureMailBox braucht Cookies, an denen Ihr Browser erkannt wird, während Sie lesen. Erlauben Sie sie für diese Website in den Einstellungen Ihres Browsers, und laden Sie die Seite neu.',
  tryAgain: 'Noch einmal versuchen',
  link: {
    title: (organisation) => `Eine sichere Nachricht von ${organisation}`,
    explain: (until) =>
      `Um sie zu lesen, zeigen Sie, dass die E-Mail-Adresse Ihnen gehört: Wir senden einen Code an die Adresse, an der Sie die E-Mail mit diesem Link erhalten haben. Die Nachricht kann bis zum ${until} gelesen werden.`,
    sendCode: 'Code senden',
  },
  address: {
    title: (organisation) => `Nachrichten von ${organisation}`,
    explain:
      'Geben Sie die E-Mail-Adresse ein, an der Sie eine Nachricht erhalten haben. Wir senden einen Code dorthin, mit dem Sie zeigen, dass sie Ihnen gehört.',
    label: 'Ihre E-Mail-Adresse',
    wrong: 'Geben Sie eine vollständige E-Mail-Adresse ein, etwa name@example.org.',
    sendCode: 'Code senden',
    again: 'Eine Nachricht schreiben',
    againText: 'Sie können auch schreiben, ohne dass Ihnen jemand geschrieben hat.',
  },
  code: {
    title: 'Code eingeben',
    sent: 'Wir haben Ihnen eine E-Mail mit einem sechsstelligen Code gesendet. Das kann eine Minute dauern; sehen Sie auch im Spam-Ordner nach.',
    sentIfKnown:
      'Wenn hier etwas für diese Adresse liegt, eine Nachricht oder etwas, das Sie selbst zu schreiben begonnen hatten, ist eine E-Mail mit einem sechsstelligen Code zu ihr unterwegs. Es kann eine Minute dauern; sehen Sie auch im Spam-Ordner nach.',
    to: 'Er geht an:',
    until: (moment) => `Der neueste Code gilt bis ${moment}.`,
    back: 'Zurück',
    otherAddress: 'Eine andere Adresse angeben',
    label: 'Sechsstelliger Code',
    wrong: (triesLeft) =>
      triesLeft === 1
        ? 'Das ist nicht der Code. Sie haben noch einen Versuch.'
        : `Das ist nicht der Code. Sie haben noch ${triesLeft} Versuche.`,
    notSix: 'Der Code hat sechs Ziffern.',
    ended: 'Der Code gilt nicht mehr. Lassen Sie sich einen neuen senden.',
    signIn: 'Weiter',
    sendAnother: 'Neuen Code senden',
    sentAnother: 'Ein neuer Code ist unterwegs. Nur der neueste gilt.',
  },
  ending: {
    title: 'Bald abgemeldet',
    text: (time) => `Zu Ihrer Sicherheit werden Sie um ${time} Uhr abgemeldet, wenn Sie hier nichts tun.`,
    fixed: (time) =>
      `Zu Ihrer Sicherheit werden Sie um ${time} Uhr abgemeldet und können sich dann wieder anmelden. Beenden Sie, was Sie schreiben, oder warten Sie, bis es gespeichert ist.`,
    stay: 'Angemeldet bleiben',
    stayed: 'Sie bleiben angemeldet.',
  },
  messages: {
    title: 'Ihre Nachrichten',
    none: 'Es gibt nichts, was jetzt gelesen werden kann.',
    more: 'Ältere Nachrichten anzeigen',
    from: 'Von',
    last: 'Zuletzt geschrieben',
    to: 'An',
    write: 'Eine neue Nachricht schreiben',
    until: 'Lesbar bis zum',
    unread: (count) => (count === 1 ? 'Eine noch nicht gelesen' : `${count} noch nicht gelesen`),
    noSubject: '(kein Betreff)',
    answerAlone: 'Ihre Antwort: Die Nachricht ist nicht mehr da',
  },
  message: {
    back: 'Alle Nachrichten',
    from: 'Von',
    to: 'An',
    cc: 'Kopie an',
    received: 'Erhalten',
    until: 'Lesbar bis zum',
    content: 'Die Nachricht',
    parts: 'Anhänge',
    showText: 'Als reinen Text anzeigen',
    showFormatted: 'Mit Formatierung anzeigen',
    save: (filename, size) => `${filename} (${size})`,
    saveWhole: 'Ganze Nachricht speichern (.eml)',
    savePdf: 'Text als PDF speichern',
    empty: 'Die Nachricht hat keinen Text.',
    tooMuch:
      'Die Formatierung dieser Nachricht ist zu umfangreich, um sicher angezeigt zu werden; Sie sehen daher nur den Text. Um alles zu sehen, speichern Sie die ganze Nachricht und öffnen Sie sie in einem Mailprogramm.',
    outside:
      'Links in der Nachricht führen zu anderen Seiten. Bilder von anderen Seiten werden nicht gezeigt.',
  },
  conversation: {
    answeredGone:
      'Worauf Sie hier geantwortet haben, ist nicht mehr da: Die Zeit ist abgelaufen, der Absender hat es zurückgezogen, oder Sie haben es geschlossen. Was Sie selbst geschrieben haben, bleibt hier, bis es abläuft.',
    title: 'In dieser Unterhaltung',
    thisOne: 'Die Nachricht oben',
    yours: (moment) => `Ihre Antwort, ${moment}`,
    theirs: (names) => `Antwort von ${names}`,
    save: 'Speichern (.eml)',
    savePdf: 'Speichern (.pdf)',
    savePdfOf: (moment) => `Speichern (.pdf): was Sie geschrieben haben, ${moment}`,
    saveOf: (moment) => `Speichern (.eml): was Sie geschrieben haben, ${moment}`,
    leftOut: 'Das ist zu lang, um hier gezeigt zu werden. Speichern Sie es, um es zu lesen.',
    letter: (contact, moment) => `Sie an „${contact}“, ${moment}`,
  },
  reply: {
    title: 'Antworten',
    begin: 'Eine Antwort schreiben',
    text: 'Ihre Antwort',
    send: 'Antwort senden',
    sent: 'Ihre Antwort ist gesendet.',
  },
  left: {
    title: 'Die Antwort, die Sie begonnen hatten',
    text: 'Als Antwort kann sie nicht mehr gesendet werden, aber sie ist nicht verloren: Sie bleibt einen Tag lang gespeichert, nachdem Sie sie zuletzt geändert haben. Senden Sie sie als neue Nachricht, oder kopieren Sie sie.',
    copy: 'Sie kann nicht mehr gesendet werden, aber sie ist nicht verloren: Sie bleibt einen Tag lang gespeichert, nachdem Sie sie zuletzt geändert haben. Kopieren Sie, was Sie davon brauchen.',
    toLetter: 'Als neue Nachricht weiterschreiben',
    taken:
      'Sie schreiben schon an einer anderen neuen Nachricht. Senden oder verwerfen Sie diese zuerst, oder kopieren Sie diesen Text hinein:',
    notLoaded:
      'Falls Sie eine Antwort begonnen hatten, kann sie im Augenblick nicht gezeigt werden. Sie bleibt einen Tag lang gespeichert.',
    letter: (moment) => `Mit der Nachricht fortfahren, die Sie begonnen hatten, ${moment}`,
    begun: (moment) => `Mit der Antwort fortfahren, die Sie begonnen hatten, ${moment}`,
    listed: (moment) => `Eine Antwort, die Sie begonnen hatten, ${moment}: Die Nachricht ist nicht mehr da`,
  },
  writing: {
    files: 'Dateien anhängen',
    added: 'Angehängte Dateien',
    mostFiles: (count, size) => `Höchstens ${count} Dateien, zusammen ${size}.`,
    adding: (name) => `${name} wird angehängt`,
    nextFiles: 'Dateien, die warten',
    isNext: (name) => `${name} wartet, bis die vorigen angehängt sind`,
    queued: (names) => `Danach angehängt: ${names.join(', ')}`,
    goneUp: (name, percent) => `${name}: ${percent} Prozent sind übertragen`,
    waiting: (name) =>
      `Die Verbindung ist unterbrochen. ${name} wird von selbst weiter übertragen, sobald sie wieder da ist.`,
    stop: (name) => `${name} anhalten`,
    isBegun: (name, percent) =>
      `${name}: ${percent} Prozent sind übertragen. Wählen Sie dieselbe Datei noch einmal, um fortzufahren.`,
    checking: (name) => `${name} wird auf Schadsoftware geprüft`,
    checkDelayed: (name) =>
      `${name} kann gerade nicht auf Schadsoftware geprüft werden. Das wird von selbst noch einmal versucht; was Sie geschrieben haben, bleibt einen Tag lang gespeichert.`,
    notChecked:
      'Eine Datei wird noch auf Schadsoftware geprüft. Senden Sie, sobald das geschehen ist, oder entfernen Sie die Datei.',
    harmful: (name) => `${name} wird nicht angenommen: In der Datei wurde Schadsoftware gefunden.`,
    removeHarmful:
      'Eine Datei wird nicht angenommen, weil Schadsoftware in ihr gefunden wurde. Entfernen Sie sie, und senden Sie dann.',
    unscannable: (name) =>
      `${name} wird nicht angenommen: Die Datei kann nicht auf Schadsoftware geprüft werden, weil sie zu groß ist, zu oft verpackt wurde oder ein Passwort hat. Senden Sie den Inhalt als einzelne Dateien und ohne Passwort.`,
    removeUnscannable:
      'Eine Datei wird nicht angenommen, denn sie kann nicht auf Schadsoftware geprüft werden. Entfernen Sie sie, und senden Sie dann.',
    notWhole:
      'Eine Datei ist nicht ganz übertragen. Wählen Sie sie noch einmal, um fortzufahren, oder entfernen Sie sie, und senden Sie dann.',
    remove: (name) => `${name} entfernen`,
    fileRefused: (name) =>
      `${name} wird nicht angenommen: Es könnte ein Programm sein. Senden Sie es zum Beispiel als PDF.`,
    fileTooLarge: (name, size, most) =>
      `${name} ist nicht angehängt: Die Datei hat ${size}, und alle Dateien einer Nachricht dürfen zusammen ${most} haben. Verkleinern Sie sie, oder fragen Sie, wie Sie sie sonst abgeben können.`,
    filesTooLarge: (name, most) =>
      `${name} ist nicht angehängt: Mit dieser Datei hätten die Dateien zusammen mehr als ${most}. Senden Sie erst diese Nachricht, und hängen Sie die Datei an eine weitere an.`,
    tooManyFiles: (name, most) =>
      `${name} ist nicht angehängt: Eine Nachricht fasst ${most} Dateien. Senden Sie erst diese Nachricht, und hängen Sie die Datei an eine weitere an.`,
    fileNotAdded: (name) =>
      `${name} konnte nicht angehängt werden. Prüfen Sie, ob Sie online sind, und wählen Sie die Datei noch einmal: Es geht dort weiter, wo es aufgehört hat.`,
    fileNotRemoved: (name) => `${name} konnte nicht entfernt werden. Versuchen Sie es noch einmal.`,
    kept: 'Gespeichert. Sie können binnen eines Tages weiterschreiben, auch auf einem anderen Gerät.',
    notKept:
      'Was Sie zuletzt geschrieben haben, ist noch nicht gespeichert: SecureMailBox ist nicht erreichbar. Lassen Sie die Seite offen.',
    empty: 'Schreiben Sie etwas, oder hängen Sie eine Datei an.',
    notSent:
      'SecureMailBox hat nicht bestätigt, dass es gesendet ist. Prüfen Sie, ob Sie online sind, und senden Sie es unverändert noch einmal: Es wird nur einmal gesendet.',
    tooMany:
      'Sie haben binnen einer Stunde sehr viel gesendet. Warten Sie etwas, und versuchen Sie es dann noch einmal.',
    tooMuch: 'Das ist zu viel auf einmal. Senden Sie es ohne den Rest, und schreiben Sie dann noch einmal.',
    signedOut:
      'Sie wurden abgemeldet. Lassen Sie diese Seite offen, melden Sie sich auf einer anderen an, und senden Sie dann hier, was Sie geschrieben haben.',
    beingSent:
      'Es wird gerade von anderswo gesendet. Warten Sie zwei Minuten, und versuchen Sie es noch einmal.',
    changed:
      'Es wurde inzwischen auf einer anderen Seite oder einem anderen Gerät geändert. Nichts ist verloren: Unten sehen Sie, was dort steht; wählen Sie, womit Sie weitermachen.',
    there: 'Auf der anderen Seite oder dem anderen Gerät',
    noFiles: 'Jetzt ist keine Datei angehängt.',
    withFiles:
      'Diese Dateien sind jetzt angehängt und gehen mit dem, was Sie senden; Sie können sie vorher entfernen:',
    goOnThere: 'Mit dem weitermachen, was dort steht',
    goOnHere: 'Mit dem weitermachen, was hier steht',
    count: (count, most) => `${count} von ${most} Zeichen`,
    tooLong: (most) =>
      `Das ist zu lang: höchstens ${most} Zeichen. Nichts wurde abgeschnitten. Kürzen Sie es, oder senden Sie den Rest für sich.`,
    tooLongToSend:
      'Es ist länger als das, was gespeichert und gesendet werden kann. Lassen Sie diese Seite offen, bis Sie es gekürzt haben.',
    refused:
      'SecureMailBox nimmt das so nicht an. Lassen Sie diese Seite offen, und kopieren Sie Ihren Text, bevor Sie etwas anderes tun.',
    subjectRefused:
      'SecureMailBox nimmt den Betreff so nicht an und speichert deshalb nichts. Lassen Sie diese Seite offen, und schreiben Sie den Betreff neu, in einfachen Worten.',
    gone: 'Was Sie hier geschrieben haben, wurde verworfen oder von anderswo gesendet. Es steht nur auf dieser Seite: Kopieren Sie Ihren Text, bevor Sie sie verlassen.',
    throwAway: 'Verwerfen',
    throwAwaySure: 'Endgültig verwerfen',
    writeOn: 'Weiterschreiben',
    wait: 'Noch sind nicht alle Dateien angehängt. Senden Sie, sobald sie es sind.',
    isAdded: (name) => `${name} ist angehängt`,
    isRemoved: (name) => `${name} ist entfernt`,
  },
  letter: {
    title: (organisation) => `An ${organisation} schreiben`,
    recipient: 'Empfänger',
    choose: 'Wählen Sie, an wen Sie schreiben möchten.',
    search: 'In der Liste suchen',
    found: (count) =>
      count === 0
        ? 'Niemand passt. Suchen Sie nach einem anderen Wort, oder wählen Sie den letzten Eintrag.'
        : `${count} gefunden`,
    notChosen: 'Wählen Sie einen Empfänger.',
    next: 'Weiter',
    prove:
      'Schreiben Sie Ihre E-Mail-Adresse. Wir senden einen Code dorthin, mit dem Sie zeigen, dass sie Ihnen gehört. Wenn Ihre Nachricht beantwortet ist, erfahren Sie es ebenfalls dort.',
    you: (address) => `Sie schreiben als ${address}.`,
    other: 'Anderen Empfänger wählen',
    subject: 'Betreff',
    text: 'Ihre Nachricht',
    send: 'Nachricht senden',
    sentTitle: 'Ihre Nachricht ist gesendet',
    sent: (contact) =>
      `Sie ist auf dem Weg zu „${contact}“. Auch die Antwort wird hier liegen. Sobald sie da ist, bekommt Ihre E-Mail-Adresse einen Link, der zu ihr führt.`,
  },
  decline: {
    title: 'Nicht für Sie?',
    explain:
      'Wenn die Nachricht für jemand anderen bestimmt war, sagen Sie es. Sie wird dann geschlossen: Niemand kann sie hier mehr lesen, auch Sie nicht, und der Absender erfährt es.',
    begin: 'Sie ist nicht für mich',
    sure: 'Nachricht endgültig schließen',
    cancel: 'Offen lassen',
    done: {
      title: 'Die Nachricht ist geschlossen',
      text: 'Danke. Der Absender erfährt, dass sie nicht die richtige Person erreicht hat. Bitte vergessen Sie, was Sie gelesen haben.',
    },
  },
  sessions: {
    title: 'Wo Sie angemeldet sind',
    explain:
      'Wenn Sie ein Gerät verloren haben oder eines sehen, das nicht Ihres ist, melden Sie sich dort ab.',
    here: 'In diesem Browser',
    elsewhere: (moment) => `In einem anderen Browser, seit ${moment}`,
    used: (moment) => `Zuletzt benutzt: ${moment}`,
    end: 'Dort abmelden',
  },
  passkey: {
    explain: 'Haben Sie hier schon einen Passkey hinzugefügt? Dann brauchen Sie keinen Code.',
    signIn: 'Mit einem Passkey anmelden',
    refused:
      'Dieser Passkey öffnet das nicht. Vielleicht gehört er zu einer anderen Adresse oder wurde entfernt. Lassen Sie sich einen Code senden.',
    stopped:
      'Es wurde kein Passkey benutzt. Versuchen Sie es noch einmal oder lassen Sie sich einen Code senden.',
  },
  elsewhere: {
    signIn: (provider) => `Mit ${provider} anmelden`,
    refused: {
      title: 'Sie sind nicht angemeldet',
      text: 'Uns wurde nicht bestätigt, dass die E-Mail-Adresse, an die die Nachricht ging, Ihre ist. Vielleicht haben Sie abgebrochen, oder man kennt Sie dort unter einer anderen Adresse. Sie können sich auch mit einem Code anmelden, den wir per E-Mail senden; manche Nachrichten verlangen mehr, bevor sie gezeigt werden.',
    },
    away: 'Man kennt Sie dort, aber SecureMailBox konnte Sie in diesem Augenblick nicht anmelden. Es ist nichts verloren: Warten Sie ein wenig, und melden Sie sich noch einmal an.',
    providerAway:
      'Die Stelle, bei der Sie sich ausgewiesen haben, antwortet uns zurzeit nicht. Es ist nichts verloren: Warten Sie ein wenig, und melden Sie sich dort noch einmal an. Sie können sich auch mit einem Code anmelden, den wir per E-Mail senden; manche Nachrichten verlangen mehr, bevor sie gezeigt werden.',
    byCode: 'Mit einem Code anmelden',
    otherTab: (provider) =>
      `Was Sie geschrieben haben, ist noch nicht gespeichert und steht nur auf dieser Seite. Lassen Sie sie offen: ${provider} öffnet sich in einem anderen Tab.`,
    openOtherTab: (provider) => `${provider} in einem anderen Tab öffnen`,
  },
  moreProof: {
    title: 'Eine geschützte Nachricht',
    explain: (organisation) =>
      `${organisation} schützt diese Nachricht besonders. Bevor Sie sie lesen können, weisen Sie sich bitte noch einmal aus.`,
    explainOwn: (organisation) =>
      `${organisation} schützt besonders, worauf Sie hier zu antworten begonnen haben. Bevor Sie lesen können, was Sie geschrieben haben, weisen Sie sich bitte noch einmal aus.`,
    provider: (provider) => `Melden Sie sich mit ${provider} an. Danach kommen Sie auf diese Seite zurück.`,
    refused: (provider) =>
      `${provider} hat nicht bestätigt, dass die E-Mail-Adresse, an die die Nachricht ging, Ihre ist. Vielleicht haben Sie abgebrochen, oder man kennt Sie dort unter einer anderen Adresse. Sie können es noch einmal versuchen.`,
    away: (provider) =>
      `${provider} ist zurzeit nicht zu erreichen. Es ist nichts verloren: Warten Sie ein wenig, und versuchen Sie es noch einmal.`,
    notOffered: (organisation) =>
      `Das ist hier zurzeit nicht möglich. Bitte fragen Sie ${organisation}, wie Sie die Nachricht bekommen können.`,
  },
  textMessage: {
    explain: 'Wir senden einen Code als SMS an die Mobilnummer, die die Organisation für Sie notiert hat.',
    send: 'Code als SMS senden',
    sent: (number) => `Ein Code ist unterwegs an die Nummer ${number}.`,
    label: 'Der Code in der SMS',
    go: 'Nachricht anzeigen',
    again: 'Noch eine SMS senden',
    unknown: (organisation) =>
      `${organisation} hat für Sie keine Mobilnummer notiert. Bitte rufen Sie dort an oder gehen Sie hin und lassen Sie sie notieren. Laden Sie danach diese Seite neu.`,
    notSent: (organisation) =>
      `Die SMS konnte nicht gesendet werden. Versuchen Sie es später noch einmal oder fragen Sie ${organisation}.`,
  },
  password: {
    signIn: 'Mit einem Passwort anmelden',
    label: 'Ihr Passwort',
    missing: 'Schreiben Sie Ihr Passwort.',
    go: 'Anmelden',
    wrong:
      'Das ist nicht das Passwort. Wenn Sie hier keines gesetzt haben, lassen Sie sich einen Code senden.',
    tooMany: 'Zu viele Passwörter waren falsch. Lassen Sie sich stattdessen einen Code senden.',
  },
  credentials: {
    password: 'Passwort',
    passwordTitle: 'Ein Passwort setzen',
    passwordAgain: 'Das Passwort ändern',
    passwordHint: 'Mindestens 12 Zeichen. Gut sind mehrere Wörter, die nichts miteinander zu tun haben.',
    passwordLabel: 'Neues Passwort',
    passwordLength: 'Es muss 12 bis 128 Zeichen haben.',
    passwordGuessed: 'Das ist leicht zu erraten. Fügen Sie Wörter hinzu oder nehmen Sie andere.',
    passwordGo: 'Dieses Passwort behalten',
    passwordSet: 'Das Passwort ist gesetzt. Wir teilen es Ihnen auch per E-Mail mit.',
    passwordNotSet: 'Das Passwort wurde nicht gesetzt. Versuchen Sie es noch einmal.',
    title: 'Wie Sie sich anmelden',
    explain:
      'Ein Code per E-Mail genügt immer. Wenn Sie oft hier sind, fügen Sie einen Passkey hinzu: Dann melden Sie sich an, wie Sie Ihr Gerät entsperren, mit Finger, Gesicht oder PIN.',
    passkey: (name) => `Passkey „${name}“`,
    since: (moment) => `Hinzugefügt: ${moment}`,
    used: (moment) => `Zuletzt benutzt: ${moment}`,
    notUsed: 'Noch nicht benutzt',
    remove: (name) => `„${name}“ entfernen`,
    addTitle: 'Einen Passkey hinzufügen',
    name: 'Wie Sie dieses Gerät nennen',
    nameMissing: 'Schreiben Sie einen Namen, zum Beispiel „Mein Telefon“.',
    add: 'Passkey hinzufügen',
    added: 'Der Passkey ist hinzugefügt. Wir teilen es Ihnen auch per E-Mail mit.',
    removed: 'Entfernt. Wir teilen es Ihnen auch per E-Mail mit.',
    tooMany: 'Es sind schon zehn Passkeys. Entfernen Sie zuerst einen.',
    alreadyThere: 'Dieses Gerät hat hier schon einen Passkey für Sie.',
    notAdded: 'Es wurde kein Passkey hinzugefügt. Versuchen Sie es noch einmal.',
    notRemoved: 'Das konnte nicht entfernt werden. Versuchen Sie es noch einmal.',
    anew: 'Um etwas hinzuzufügen, melden Sie sich ab und mit einem Code wieder an: In den zehn Minuten danach geht es.',
    cannot: 'Dieser Browser kennt keine Passkeys.',
  },
  takeBack: {
    title: 'Eine Nachricht zurückziehen',
    explain: (since, until) =>
      `Sie haben sie geschrieben. Sie liegt seit ${since} in SecureMailBox und ist dort bis ${until} lesbar. Wenn Sie sie zurückgezogen haben, kann sie dort niemand mehr lesen; was vorher gelesen oder gespeichert wurde, bleibt es.`,
    opened: (moment) => `Sie wurde ${moment} geöffnet.`,
    notOpened: 'Sie wurde nicht geöffnet.',
    begin: 'Zurückziehen',
    sure: 'Endgültig zurückziehen',
    cancel: 'Liegen lassen',
    done: 'Die Nachricht ist zurückgezogen',
    doneSince: (moment) =>
      `Sie wurde ${moment} zurückgezogen. Darüber erhalten Sie auch eine Quittung per E-Mail.`,
    over: 'Es gibt nichts mehr zurückzuziehen',
    declined: (moment) =>
      `Die Nachricht wurde ${moment} geschlossen: Wer unter der Adresse liest, sagt, dass sie nicht für ihn ist. Niemand kann sie in SecureMailBox mehr lesen; was vorher gelesen oder gespeichert wurde, bleibt es.`,
    ended: (moment) =>
      `Die Nachricht endete ${moment}. Niemand kann sie in SecureMailBox mehr lesen; was vorher gelesen oder gespeichert wurde, bleibt es.`,
  },
  problems: {
    linkNotFound: {
      title: 'Dieser Link führt nirgendwohin',
      text: 'Vielleicht wurde er abgeschnitten. Öffnen Sie ihn noch einmal aus der E-Mail, oder kopieren Sie ihn bis ganz ans Ende.',
    },
    ended: {
      title: 'Die Nachricht ist nicht mehr da',
      text: 'Ihre Zeit ist abgelaufen, der Absender hat sie zurückgezogen, oder sie wurde gelöscht. Bitten Sie den Absender, sie noch einmal zu senden.',
      signIn:
        'Falls Sie eine Antwort begonnen hatten: Sie bleibt einen Tag lang gespeichert, und Sie sehen sie, sobald Sie angemeldet sind.',
    },
    notSignedIn: {
      title: 'Sie sind nicht angemeldet',
      text: 'Zu Ihrer Sicherheit werden Sie nach einiger Zeit abgemeldet. Folgen Sie noch einmal dem Link in der E-Mail, oder melden Sie sich mit Ihrer E-Mail-Adresse an.',
      writing:
        'Zu Ihrer Sicherheit werden Sie nach einiger Zeit abgemeldet. Was von Ihrer Nachricht gespeichert ist, bleibt einen Tag lang da: Melden Sie sich mit Ihrer E-Mail-Adresse an, und schreiben Sie weiter.',
      byAddress: 'Mit der E-Mail-Adresse anmelden',
    },
    nobody: {
      title: 'Hier kann niemandem geschrieben werden',
      text: 'Die Organisation nimmt hier keine Nachrichten an, oder der Empfänger steht nicht mehr auf ihrer Liste. Laden Sie die Seite neu, um die Liste zu sehen.',
    },
    notFound: {
      title: 'Hier ist nichts',
      text: 'Die Nachricht gehört nicht zu Ihren, oder diese Seite gibt es nicht.',
    },
    tooMany: {
      title: 'Es wurden zu viele Codes angefordert',
      text: 'Warten Sie eine Stunde, und versuchen Sie es dann noch einmal.',
      byLink:
        'Wenn Sie eine E-Mail mit einem Link von der Organisation haben, funktioniert der Link auch jetzt.',
    },
    unreachable: {
      title: 'SecureMailBox ist gerade nicht erreichbar',
      text: 'Es ist nichts verloren. Prüfen Sie, ob Sie online sind, und versuchen Sie es noch einmal.',
    },
  },
};
