// SPDX-License-Identifier: Apache-2.0
import type { Words } from './words.ts';

export const DANISH: Words = {
  language: 'da',
  chooseLanguage: 'Sprog',
  skipToContent: 'Gå til indholdet',
  signOut: 'Log ud',
  signOutUnkept:
    'Det, du har skrevet sidst, kan ikke gemmes lige nu og ville gå tabt. Vent, eller kopiér det; trykker du på “Log ud” igen, opgiver du det.',
  signedOut: {
    title: 'Du er logget ud',
    text: 'Ingen kan længere læse dine beskeder i denne browser. Du kan lukke siden.',
  },
  otherPerson: {
    title: 'Nu er en anden logget ind',
    text: 'I denne browser er en anden person logget ind, så dine beskeder vises ikke længere her. Log ind igen for at fortsætte.',
  },
  unkept: {
    title: 'Det, du har skrevet, og som ikke er gemt endnu',
    text: 'Det står kun på denne side. Lad siden være åben, og log ind igen, her eller i et andet faneblad: Så bliver det gemt. Eller kopiér det.',
    onceProven:
      'Det står kun på denne side. Lad siden være åben, og vis, hvem du er, som der står ovenfor, her eller i et andet faneblad: Så bliver det gemt. Eller kopiér det.',
  },
  loading: 'Et øjeblik …',
  late: 'Siden svarer ikke endnu: En del af den kan ikke hentes eller er længe om det. Den prøver igen af sig selv. Se, om du er på nettet, eller indlæs siden igen.',
  noScript: 'SecureMailBox kræver JavaScript. Slå det til i din browser, og indlæs siden igen.',
  noCookies:
    'SecureMailBox bruger cookies til at kende din browser, mens du læser. Tillad dem for dette websted i browserens indstillinger, og indlæs siden igen.',
  tryAgain: 'Prøv igen',
  link: {
    title: (organisation) => `En sikker besked fra ${organisation}`,
    explain: (until) =>
      `For at læse den skal du vise, at mailadressen er din: Vi sender en kode til den adresse, hvor du fik mailen med linket. Beskeden kan læses indtil den ${until}.`,
    sendCode: 'Send mig koden',
  },
  address: {
    title: (organisation) => `Beskeder fra ${organisation}`,
    explain:
      'Skriv den mailadresse, hvor du har fået en besked. Vi sender en kode dertil, så du kan vise, at den er din.',
    label: 'Din mailadresse',
    wrong: 'Skriv en hel mailadresse, for eksempel navn@example.org.',
    sendCode: 'Send mig en kode',
    again: 'Skriv en besked',
    againText: 'Du kan også skrive, uden at nogen har skrevet til dig.',
  },
  code: {
    title: 'Skriv koden',
    sent: 'Vi har sendt dig en mail med en kode på seks cifre. Det kan tage et minut; se også i mappen med uønsket mail.',
    sentIfKnown:
      'Hvis der ligger noget her til denne adresse, en besked eller noget, du selv var begyndt at skrive, er en mail med en kode på seks cifre på vej til den. Det kan tage et minut; se også i mappen med uønsket post.',
    to: 'Den sendes til:',
    until: (moment) => `Den nyeste kode gælder indtil ${moment}.`,
    back: 'Tilbage',
    otherAddress: 'Skriv en anden adresse',
    label: 'Kode på seks cifre',
    wrong: (triesLeft) =>
      triesLeft === 1
        ? 'Det er ikke koden. Du har ét forsøg til.'
        : `Det er ikke koden. Du har ${triesLeft} forsøg til.`,
    notSix: 'Koden har seks cifre.',
    ended: 'Koden gælder ikke længere. Få sendt en ny.',
    signIn: 'Fortsæt',
    sendAnother: 'Send en ny kode',
    sentAnother: 'En ny kode er på vej. Kun den nyeste gælder.',
  },
  ending: {
    title: 'Logges snart ud',
    text: (time) =>
      `Af hensyn til din sikkerhed bliver du logget ud kl. ${time}, hvis du ikke gør noget her.`,
    fixed: (time) =>
      `Af hensyn til din sikkerhed bliver du logget ud kl. ${time} og kan så logge ind igen. Gør det færdigt, du skriver, eller vent, til det er gemt.`,
    stay: 'Forbliv logget ind',
    stayed: 'Du er stadig logget ind.',
  },
  messages: {
    title: 'Dine beskeder',
    none: 'Her er ikke noget, der kan læses nu.',
    more: 'Vis ældre beskeder',
    from: 'Fra',
    last: 'Sidst skrevet',
    to: 'Til',
    write: 'Skriv en ny besked',
    until: 'Kan læses indtil den',
    unread: (count) => (count === 1 ? 'Én er ikke læst endnu' : `${count} er ikke læst endnu`),
    noSubject: '(intet emne)',
    answerAlone: 'Dit svar: Beskeden er væk',
  },
  message: {
    back: 'Alle beskeder',
    from: 'Fra',
    to: 'Til',
    cc: 'Kopi til',
    received: 'Modtaget',
    until: 'Kan læses indtil den',
    content: 'Beskeden',
    parts: 'Vedhæftede filer',
    showText: 'Vis som ren tekst',
    showFormatted: 'Vis med formatering',
    save: (filename, size) => `${filename} (${size})`,
    saveWhole: 'Gem hele beskeden (.eml)',
    savePdf: 'Gem teksten som PDF',
    empty: 'Beskeden har ingen tekst.',
    tooMuch:
      'Formateringen af beskeden er for omfattende til at kunne vises sikkert, så her er kun teksten. Gem hele beskeden og åbn den i et mailprogram for at se det hele.',
    outside: 'Links i beskeden fører til andre sider. Billeder fra andre sider vises ikke.',
  },
  conversation: {
    answeredGone:
      'Det, du svarede på her, er væk: Dens tid er udløbet, afsenderen har trukket den tilbage, eller du har lukket den. Det, du selv har skrevet, bliver her, til det udløber.',
    title: 'I denne samtale',
    thisOne: 'Beskeden ovenfor',
    yours: (moment) => `Dit svar, ${moment}`,
    theirs: (names) => `Svar fra ${names}`,
    save: 'Gem (.eml)',
    savePdf: 'Gem (.pdf)',
    savePdfOf: (moment) => `Gem (.pdf): hvad du skrev, ${moment}`,
    saveOf: (moment) => `Gem (.eml): hvad du skrev, ${moment}`,
    leftOut: 'Det er for langt til at blive vist her. Gem det for at læse det.',
    letter: (contact, moment) => `Du til “${contact}”, ${moment}`,
  },
  reply: {
    title: 'Svar',
    begin: 'Skriv et svar',
    text: 'Dit svar',
    send: 'Send svaret',
    sent: 'Dit svar er sendt.',
  },
  left: {
    title: 'Det svar, du var begyndt på',
    text: 'Det kan ikke længere sendes som svar, men det er ikke tabt: Det gemmes et døgn, efter at du sidst ændrede det. Send det som en ny besked, eller kopiér det.',
    copy: 'Det kan ikke længere sendes, men det er ikke tabt: Det gemmes et døgn, efter at du sidst ændrede det. Kopiér det, du har brug for.',
    toLetter: 'Fortsæt med det som en ny besked',
    taken:
      'Du er allerede i gang med en anden ny besked. Send eller kassér den først, eller kopiér denne tekst ind i den:',
    notLoaded: 'Hvis du var begyndt på et svar, kan det ikke vises lige nu. Det gemmes et døgn.',
    letter: (moment) => `Fortsæt med den besked, du var begyndt på, ${moment}`,
    begun: (moment) => `Fortsæt med det svar, du var begyndt på, ${moment}`,
    listed: (moment) => `Et svar, du var begyndt på, ${moment}: Beskeden er væk`,
  },
  writing: {
    files: 'Vedhæft filer',
    added: 'Vedhæftede filer',
    mostFiles: (count, size) => `Højst ${count} filer, ${size} tilsammen.`,
    adding: (name) => `${name} bliver vedhæftet`,
    nextFiles: 'Filer, der venter',
    isNext: (name) => `${name} venter, til de foregående er vedhæftet`,
    queued: (names) => `Vedhæftes bagefter: ${names.join(', ')}`,
    goneUp: (name, percent) => `${name}: ${percent} procent er overført`,
    waiting: (name) => `Forbindelsen er afbrudt. ${name} fortsætter af sig selv, når den er tilbage.`,
    stop: (name) => `Stop ${name}`,
    isBegun: (name, percent) =>
      `${name}: ${percent} procent er overført. Vælg den samme fil igen for at fortsætte.`,
    checking: (name) => `${name} bliver kontrolleret for skadelig software`,
    checkDelayed: (name) =>
      `${name} kan ikke kontrolleres for skadelig software lige nu. Det prøves igen af sig selv, og det, du har skrevet, er gemt i et døgn.`,
    notChecked:
      'En fil bliver stadig kontrolleret for skadelig software. Send, når det er sket, eller fjern filen.',
    harmful: (name) => `${name} modtages ikke: Der er fundet skadelig software i filen.`,
    removeHarmful: 'En fil modtages ikke, for der er fundet skadelig software i den. Fjern den, og send så.',
    unscannable: (name) =>
      `${name} modtages ikke: Filen kan ikke kontrolleres for skadelig software, fordi den er for stor, er pakket i for mange lag eller har en adgangskode. Send indholdet fil for fil og uden adgangskode.`,
    removeUnscannable:
      'En fil modtages ikke, for den kan ikke kontrolleres for skadelig software. Fjern den, og send så.',
    notWhole: 'En fil er ikke overført helt. Vælg den igen for at fortsætte, eller fjern den, og send så.',
    remove: (name) => `Fjern ${name}`,
    fileRefused: (name) =>
      `${name} modtages ikke, for den kan være et program. Send den for eksempel som PDF.`,
    fileTooLarge: (name, size, most) =>
      `${name} er ikke vedhæftet: Filen fylder ${size}, og alle filer i én besked må fylde ${most}. Gør den mindre, eller spørg, hvordan du ellers kan aflevere den.`,
    filesTooLarge: (name, most) =>
      `${name} er ikke vedhæftet: Med den ville filerne fylde mere end ${most} tilsammen. Send denne besked først, og vedhæft den i en ny.`,
    tooManyFiles: (name, most) =>
      `${name} er ikke vedhæftet: En besked kan have ${most} filer. Send denne besked først, og vedhæft den i en ny.`,
    fileNotAdded: (name) =>
      `${name} kunne ikke vedhæftes. Se, om du er på nettet, og vælg den igen: Den fortsætter, hvor den slap.`,
    fileNotRemoved: (name) => `${name} kunne ikke fjernes. Prøv igen.`,
    kept: 'Gemt. Du kan fortsætte inden for et døgn, også på en anden enhed.',
    notKept: 'Det sidste, du skrev, er ikke gemt endnu: SecureMailBox kan ikke nås. Lad siden være åben.',
    empty: 'Skriv noget, eller vedhæft en fil.',
    notSent:
      'SecureMailBox har ikke svaret, om det er sendt. Se, om du er på nettet, og send det igen uden at ændre det: Det sendes kun én gang.',
    tooMany: 'Du har sendt meget inden for en time. Vent lidt, og prøv igen.',
    tooMuch: 'Det er for meget på én gang. Send det uden resten, og skriv så igen.',
    signedOut:
      'Du er blevet logget ud. Lad denne side være åben, log ind på en anden, og send så det, du har skrevet, her.',
    beingSent: 'Det er ved at blive sendt et andet sted fra. Vent to minutter, og prøv igen.',
    changed:
      'Det er ændret på en anden side eller enhed imens. Intet er tabt: se nedenfor, hvad der står dér, og vælg, hvad du vil fortsætte med.',
    there: 'På den anden side eller enhed',
    noFiles: 'Ingen fil er vedhæftet nu.',
    withFiles: 'Disse filer er vedhæftet nu og følger med det, du sender; du kan fjerne dem først:',
    goOnThere: 'Fortsæt med det, der står dér',
    goOnHere: 'Fortsæt med det, der står her',
    count: (count, most) => `${count} af ${most} tegn`,
    tooLong: (most) =>
      `Det er for langt: højst ${most} tegn. Intet er skåret af. Gør det kortere, eller send resten for sig.`,
    tooLongToSend:
      'Det er længere end det, der kan gemmes og sendes. Lad siden være åben, til du har gjort det kortere.',
    refused:
      'SecureMailBox tager ikke imod det her, som det står. Lad siden være åben, og kopiér din tekst, før du gør andet.',
    subjectRefused:
      'SecureMailBox tager ikke imod emnet, som det står, og gemmer derfor intet. Lad siden være åben, og skriv emnet på ny med almindelige ord.',
    gone: 'Det, du har skrevet her, er kasseret eller sendt et andet sted fra. Det står kun på denne side: Kopiér din tekst, før du forlader den.',
    throwAway: 'Kassér det',
    throwAwaySure: 'Kassér det for altid',
    writeOn: 'Skriv videre',
    wait: 'Ikke alle filer er vedhæftet endnu. Send, når de er det.',
    isAdded: (name) => `${name} er vedhæftet`,
    isRemoved: (name) => `${name} er fjernet`,
  },
  letter: {
    title: (organisation) => `Skriv til ${organisation}`,
    recipient: 'Modtager',
    choose: 'Vælg, hvem du vil skrive til.',
    search: 'Søg i listen',
    found: (count) =>
      count === 0 ? 'Ingen passer. Søg efter et andet ord, eller vælg den sidste.' : `${count} fundet`,
    notChosen: 'Vælg en modtager.',
    next: 'Fortsæt',
    prove:
      'Skriv din mailadresse. Vi sender en kode til den, så du kan vise, at den er din. Når din besked er besvaret, giver vi også besked dér.',
    you: (address) => `Du skriver som ${address}.`,
    other: 'Vælg en anden modtager',
    subject: 'Emne',
    text: 'Din besked',
    send: 'Send beskeden',
    sentTitle: 'Din besked er sendt',
    sent: (contact) =>
      `Den er på vej til “${contact}”. Svaret kommer til at ligge her. Når det gør det, får din mailadresse et link dertil.`,
  },
  decline: {
    title: 'Ikke til dig?',
    explain:
      'Var beskeden ment til en anden, så sig det. Den bliver så lukket: Ingen kan læse den her mere, heller ikke du, og afsenderen får det at vide.',
    begin: 'Den er ikke til mig',
    sure: 'Luk beskeden for altid',
    cancel: 'Lad den være åben',
    done: {
      title: 'Beskeden er lukket',
      text: 'Tak. Afsenderen får at vide, at den ikke nåede den rette. Glem venligst, hvad du har læst.',
    },
  },
  sessions: {
    title: 'Hvor du er logget ind',
    explain: 'Har du mistet en enhed, eller ser du en, der ikke er din, så log ud dér.',
    here: 'I denne browser',
    elsewhere: (moment) => `I en anden browser, siden ${moment}`,
    used: (moment) => `Sidst brugt ${moment}`,
    end: 'Log ud dér',
  },
  passkey: {
    explain: 'Har du tidligere tilføjet en adgangsnøgle her? Så behøver du ingen kode.',
    signIn: 'Log ind med en adgangsnøgle',
    refused:
      'Denne adgangsnøgle åbner ikke. Måske hører den til en anden adresse, eller den er fjernet. Få sendt en kode.',
    stopped: 'Der blev ikke brugt nogen adgangsnøgle. Prøv igen, eller få sendt en kode.',
  },
  elsewhere: {
    signIn: (provider) => `Log ind med ${provider}`,
    refused: {
      title: 'Du er ikke logget ind',
      text: 'Vi har ikke fået at vide, at mailadressen, som beskeden er sendt til, er din. Måske vendte du om, eller du er kendt dér under en anden adresse. Du kan også logge ind med en kode, som vi sender på mail; nogle beskeder kræver mere end det, før de vises.',
    },
    away: 'Du er kendt dér, men SecureMailBox kunne ikke logge dig ind i det øjeblik. Intet er tabt: Vent lidt, og log ind igen.',
    providerAway:
      'Stedet, hvor du viste, hvem du er, svarer os ikke lige nu. Intet er tabt: Vent lidt, og log ind dér igen. Du kan også logge ind med en kode, som vi sender på mail; nogle beskeder kræver mere end det, før de vises.',
    byCode: 'Log ind med en kode',
    otherTab: (provider) =>
      `Det, du har skrevet, er ikke gemt endnu og står kun på denne side. Lad den være åben: ${provider} åbner i et andet faneblad.`,
    openOtherTab: (provider) => `Åbn ${provider} i et andet faneblad`,
  },
  moreProof: {
    title: 'En beskyttet besked',
    explain: (organisation) =>
      `${organisation} beskytter denne besked særligt. Før du kan læse den, skal du endnu en gang vise, at du er dig.`,
    explainOwn: (organisation) =>
      `${organisation} beskytter særligt det, som du begyndte at svare på her. Før du kan læse, hvad du har skrevet, skal du endnu en gang vise, at du er dig.`,
    provider: (provider) => `Log ind med ${provider}. Derefter kommer du tilbage til denne side.`,
    refused: (provider) =>
      `${provider} har ikke bekræftet, at mailadressen, som beskeden er sendt til, er din. Måske vendte du om, eller du er kendt dér under en anden adresse. Du kan prøve igen.`,
    away: (provider) => `${provider} kan ikke nås lige nu. Intet er tabt: Vent lidt, og prøv igen.`,
    notOffered: (organisation) =>
      `Det kan ikke lade sig gøre her lige nu. Spørg ${organisation}, hvordan du kan få beskeden.`,
  },
  textMessage: {
    explain: 'Vi sender en kode som sms til det mobilnummer, som organisationen har noteret for dig.',
    send: 'Send en kode som sms',
    sent: (number) => `En kode er på vej til nummeret ${number}.`,
    label: 'Koden i sms’en',
    go: 'Vis beskeden',
    again: 'Send en ny sms',
    unknown: (organisation) =>
      `${organisation} har ikke noteret noget mobilnummer for dig. Ring til dem eller mød op, og få det noteret. Indlæs derefter siden igen.`,
    notSent: (organisation) => `Sms’en kunne ikke sendes. Prøv igen om lidt, eller spørg ${organisation}.`,
  },
  password: {
    signIn: 'Log ind med en adgangskode',
    label: 'Din adgangskode',
    missing: 'Skriv din adgangskode.',
    go: 'Log ind',
    wrong: 'Det er ikke adgangskoden. Har du ikke sat en her, så få sendt en engangskode.',
    tooMany: 'For mange adgangskoder var forkerte. Få sendt en engangskode i stedet.',
  },
  credentials: {
    password: 'Adgangskode',
    passwordTitle: 'Sæt en adgangskode',
    passwordAgain: 'Skift adgangskoden',
    passwordHint: 'Mindst 12 tegn. Flere ord, der ikke har med hinanden at gøre, er gode.',
    passwordLabel: 'Ny adgangskode',
    passwordLength: 'Den skal have 12 til 128 tegn.',
    passwordGuessed: 'Den er let at gætte. Tilføj flere ord, eller tag nogle andre.',
    passwordGo: 'Gem adgangskoden',
    passwordSet: 'Adgangskoden er sat. Vi skriver det også til dig på mail.',
    passwordNotSet: 'Adgangskoden blev ikke sat. Prøv igen.',
    title: 'Sådan logger du ind',
    explain:
      'En kode på mail er altid nok. Kommer du ofte, kan du tilføje en adgangsnøgle (passkey): Så logger du ind, som du låser din enhed op, med finger, ansigt eller pinkode.',
    passkey: (name) => `Adgangsnøgle “${name}”`,
    since: (moment) => `Tilføjet ${moment}`,
    used: (moment) => `Sidst brugt ${moment}`,
    notUsed: 'Ikke brugt endnu',
    remove: (name) => `Fjern “${name}”`,
    addTitle: 'Tilføj en adgangsnøgle',
    name: 'Hvad du kalder denne enhed',
    nameMissing: 'Skriv et navn, for eksempel “Min telefon”.',
    add: 'Tilføj en adgangsnøgle',
    added: 'Adgangsnøglen er tilføjet. Vi skriver det også til dig på mail.',
    removed: 'Den er fjernet. Vi skriver det også til dig på mail.',
    tooMany: 'Der er ti adgangsnøgler. Fjern én først.',
    alreadyThere: 'Denne enhed har allerede en adgangsnøgle til dig her.',
    notAdded: 'Der blev ikke tilføjet nogen adgangsnøgle. Prøv igen.',
    notRemoved: 'Den kunne ikke fjernes. Prøv igen.',
    anew: 'Vil du tilføje noget, så log ud og ind igen med en kode: Det kan gøres i de første ti minutter derefter.',
    cannot: 'Denne browser kender ikke adgangsnøgler.',
  },
  takeBack: {
    title: 'Træk en besked tilbage',
    explain: (since, until) =>
      `Du har skrevet den. Den har ligget i SecureMailBox siden ${since} og kan læses dér indtil ${until}. Når du har trukket den tilbage, kan ingen læse den dér mere; det, der er læst eller gemt forinden, er det stadig.`,
    opened: (moment) => `Den blev åbnet ${moment}.`,
    notOpened: 'Den er ikke åbnet.',
    begin: 'Træk den tilbage',
    sure: 'Træk den tilbage for altid',
    cancel: 'Lad den ligge',
    done: 'Beskeden er trukket tilbage',
    doneSince: (moment) => `Den blev trukket tilbage ${moment}. Du får også en kvittering for det med mail.`,
    over: 'Der er ikke noget at trække tilbage',
    declined: (moment) =>
      `Beskeden blev lukket ${moment}: den, der læser på adressen, siger, at den ikke er til vedkommende. Ingen kan læse den i SecureMailBox mere; det, der er læst eller gemt før, forbliver det.`,
    ended: (moment) =>
      `Beskeden udløb ${moment}. Ingen kan læse den i SecureMailBox mere; det, der er læst eller gemt før, forbliver det.`,
  },
  problems: {
    linkNotFound: {
      title: 'Linket fører ingen steder hen',
      text: 'Måske er det skåret over. Åbn det fra mailen igen, eller kopiér det helt til enden.',
    },
    ended: {
      title: 'Beskeden er væk',
      text: 'Dens tid er udløbet, den er trukket tilbage af afsenderen, eller den er slettet. Bed afsenderen om at sende den igen.',
      signIn: 'Hvis du var begyndt på et svar, gemmes det et døgn, og det vises, når du er logget ind.',
    },
    notSignedIn: {
      title: 'Du er ikke logget ind',
      text: 'Af hensyn til din sikkerhed bliver du logget ud efter nogen tid. Følg linket i mailen igen, eller log ind med din mailadresse.',
      writing:
        'Af hensyn til din sikkerhed bliver du logget ud efter nogen tid. Det, der er gemt af din besked, ligger her et døgn: Log ind med din mailadresse, og fortsæt.',
      byAddress: 'Log ind med din mailadresse',
    },
    nobody: {
      title: 'Her kan man ikke skrive til nogen',
      text: 'Organisationen modtager ikke beskeder her, eller modtageren er ikke længere på listen. Indlæs siden igen for at se listen.',
    },
    notFound: { title: 'Her er ingenting', text: 'Beskeden er ikke blandt dine, eller siden findes ikke.' },
    tooMany: {
      title: 'Der er bedt om for mange koder',
      text: 'Vent en time, og prøv så igen.',
      byLink: 'Har du en mail med et link fra organisationen, virker linket også nu.',
    },
    unreachable: {
      title: 'SecureMailBox kan ikke nås lige nu',
      text: 'Intet er gået tabt. Se, om du er på nettet, og prøv igen.',
    },
  },
};
