// SPDX-License-Identifier: Apache-2.0
import type { Texts } from './texts.ts';

export const DANISH: Texts = {
  title: 'Signaturcertifikat',
  sent: {
    internal: {
      headline: 'Denne mail er sendt sikkert.',
      explanation:
        'Den bliver i organisationen og når dens egne mailservere over en krypteret forbindelse, hvor modparten er verificeret.',
    },
    'smime-personal': {
      headline: 'Denne mail er sendt sikkert.',
      explanation: 'Den er signeret og krypteret. Kun modtageren kan læse den.',
    },
    'smime-domain': {
      headline: 'Denne mail er sendt sikkert.',
      explanation:
        'Den er signeret og krypteret til modtagerens organisation, som giver den videre til modtageren.',
    },
    tls: {
      headline: 'Denne mail er sendt sikkert.',
      explanation:
        'Den afleveres kun over en krypteret forbindelse til mailservere, som har bevist, at de er modtagerens.',
    },
    mailbox: {
      headline: 'Denne mail er sendt sikkert.',
      explanation:
        'Den ligger krypteret i SecureMailBox, hvor modtageren læser den, når han har vist, at adressen er hans.',
    },
  },
  verdict: {
    valid: {
      headline: 'Signaturen er gyldig.',
      explanation: 'Afsenderen er den, mailen oplyser, og ingen har ændret den undervejs.',
    },
    'valid-but': {
      headline: 'Signaturen er gyldig, men med forbehold.',
      explanation: 'Læs forbeholdene nedenfor, før du stoler på den.',
    },
    invalid: {
      headline: 'Signaturen er IKKE gyldig.',
      explanation: 'Mailen kan være fra en anden eller være ændret. Spørg afsenderen ad en anden vej.',
    },
    'not-signed': {
      headline: 'Mailen er ikke signeret.',
      explanation: 'Intet beviser, hvem der har skrevet den.',
    },
  },
  arrival: {
    smime: { headline: 'Den kom krypteret.', explanation: 'Ingen kunne læse den undervejs.' },
    tls: {
      headline: 'Den kom over en krypteret forbindelse.',
      explanation:
        'Hvem der blot lyttede mellem den sidste mailserver og os, kunne ikke læse den. Om nogen stillede sig imellem, vides ikke, og vejen før det kendes ikke.',
    },
    mailbox: {
      headline: 'Den er skrevet i SecureMailBox.',
      explanation:
        'Over en krypteret forbindelse, af en, der med en kode sendt til adressen har vist, at den er hans eller hendes.',
    },
    insecure: { headline: 'Den kom USIKKERT.', explanation: 'Andre kan have læst den undervejs.' },
  },
  unopenedHeadline: 'Mailen kunne IKKE åbnes.',
  unopened: {
    'other-keys': {
      explanation: 'Den er krypteret til andre nøgler end dem, der findes her til dig.',
      toDo: 'Bed afsenderen kryptere til en af de nøgler, der blev prøvet: certifikatet har afsenderen, når der er kommet en underskrevet mail fra dig eller din organisation. Eller vis dette til jeres administratorer: har de nøglen, som mailen er krypteret til, kan den indlæses, og så åbnes den slags mail fremover.',
    },
    'no-key': {
      explanation: 'Den er krypteret, og der findes ingen nøgle til dig her.',
      toDo: 'Vis dette til jeres administratorer: de indlæser eller bestiller en nøgle til dig eller din organisation. Bed derefter afsenderen kryptere til den og sende mailen igen.',
    },
    'forwards-outside': {
      explanation:
        'Den er krypteret, og din postkasse videresender til en adresse uden for din organisation: åbnet ville den ligge læselig dér.',
      toDo: 'Stop videresendelsen, eller bed jeres administratorer om det. Bed derefter afsenderen sende mailen igen.',
    },
    damaged: {
      explanation:
        'Den er krypteret til en nøgle, der findes her, men kan ikke dekrypteres: den er beskadiget eller ændret undervejs.',
      toDo: 'Bed afsenderen sende den igen.',
    },
    'too-many-layers': {
      explanation:
        'Den er underskrevet eller krypteret i flere lag, det ene i det andet, end der åbnes her: otte.',
      toDo: 'Bed afsenderen underskrive og kryptere den én gang og sende den igen. Er den kommet ad omveje, kan hver af dem have lagt et lag til: bed så afsenderen sende den direkte.',
    },
    weak: {
      explanation: 'Den er krypteret på en måde, der er for svag til at stole på (3DES).',
      toDo: 'Bed afsenderen lade sit mailprogram kryptere med AES og sende den igen.',
    },
    doubtful: {
      explanation:
        'Den kunne dekrypteres, men ingen kan se, om den er ændret undervejs, og det, der kan gøre skade i den, kunne ikke fjernes.',
      toDo: 'Bed afsenderen også underskrive sin mail og sende den igen.',
    },
    unreadable: {
      explanation:
        'Den er ikke opbygget, som den slags mail skal være, eller på en måde, der ikke kendes her.',
      toDo: 'Bed afsenderen sende den igen, om nødvendigt med et andet mailprogram. Sker det igen, så vis dette til jeres administratorer.',
    },
  },
  headings: {
    unopened: 'Hvorfor den ikke blev åbnet',
    overview: 'Overblik',
    way: 'Beskyttelse undervejs',
    reservations: 'Forbehold',
    details: 'Tekniske oplysninger',
    signature: 'Signatur',
    encryption: 'Kryptering',
    authentication: 'Kontrol af det afsendende domæne',
    identification: 'Identifikation',
  },
  labels: {
    from: 'Fra',
    to: 'Til',
    when: 'Hvornår',
    signature: 'Signatur',
    signedBy: 'Signeret af',
    claimedBy: 'Angiveligt signeret af',
    issuedBy: 'Kontrolleret og udstedt af',
    direction: 'Retning',
    algorithm: 'Algoritme',
    key: 'Nøgle',
    signingTime: 'Signeringstidspunkt (ifølge den, der har signeret)',
    holder: 'Certifikatets indehaver',
    names: 'Adresser i certifikatet',
    issuer: 'Udsteder',
    serial: 'Serienummer',
    fingerprint: 'SHA-256-fingeraftryk',
    validity: 'Gyldighed',
    judgement: 'Certifikat',
    revocation: 'Spærring',
    problems: 'Problemer',
    contentEncryption: 'Kryptering af indholdet',
    keyEncryption: 'Kryptering af nøglen',
    recipientCertificates: 'Modtagernes certifikater (SHA-256)',
    emailId: 'Mailens id',
    messageId: 'Message-ID',
    digest: 'Meddelelsens SHA-256',
    octets: 'Meddelelsens størrelse i bytes',
    madeAt: 'Udfærdiget',
    reservationCodes: 'Koder for forbeholdene',
    encryptedFor: 'Krypteret til',
    keyIdentifier: 'Nøgleidentifikation',
    keysTried: 'Nøgler, der blev prøvet',
    toDo: 'Hvad der skal gøres',
  },
  direction: { outbound: 'sendt', internal: 'sendt inden for organisationen', inbound: 'modtaget' },
  station: {
    sender: 'Afsender',
    'sender-server': 'Afsenderens mailserver',
    gateway: 'Secure@Mail',
    'own-server': 'Organisationens mailserver',
    'recipient-server': 'Modtagerens mailserver',
    mailbox: 'SecureMailBox',
    recipient: 'Modtager',
  },
  protection: {
    smime: 'Selve mailen er krypteret (S/MIME)',
    keptEncrypted: 'Forbliver krypteret i Secure@Mail og læses over HTTPS efter login',
    none: 'Ikke beskyttet',
    unknown: 'Ukendt',
    tls: 'Krypteret forbindelse, %p, %c',
    tlsToCome: 'Krypteret forbindelse, mindst TLS 1.2, ellers sendes den ikke',
    verifiedBy: {
      pinned: 'modparten er verificeret efter aftale',
      dane: 'modparten er verificeret med DANE',
      'mta-sts': 'modparten er verificeret med MTA-STS',
      enforced: 'modparten verificeres, ellers sendes den ikke',
      'own-servers': 'modparten er verificeret som egen server',
      client: 'afsenderen er logget ind',
    },
    notVerified: 'modparten er ikke verificeret',
  },
  by: { person: 'afsenderen', organisation: 'afsenderens organisation', unknown: 'ukendt' },
  judgement: {
    'made-here': 'den underskrivendes eget, kontrolleret før signering',
    trusted: 'betroet og gyldigt på det tidspunkt',
    'certificate-expired': 'var udløbet',
    'certificate-not-yet-valid': 'var endnu ikke gyldigt',
    'certificate-untrusted': 'ikke udstedt af nogen, organisationen har tillid til',
    'certificate-unsuitable': 'ikke lavet til at signere den slags mail',
    'not-judged': 'ikke kontrolleret',
  },
  revocation: {
    good: 'ikke spærret, da mailen blev modtaget',
    revoked: 'SPÆRRET',
    unknown: 'kunne ikke afklares',
    'not-offered': 'ingen kunne spørges: certifikatet nævner ingen, som ved det',
    'not-asked': 'ikke undersøgt',
  },
  verified: { true: 'matematisk korrekt', false: 'IKKE korrekt' },
  reservation: {
    'certificate-missing': 'Certifikatet for den, der har signeret, mangler.',
    'signature-wrong': 'Signaturen passer ikke til certifikatet.',
    'content-changed': 'Indholdet er ændret, efter at det blev signeret.',
    'digest-unknown': 'Signaturen bruger en metode, der ikke kendes.',
    'digest-not-announced': 'Signaturen er ikke varslet, som den skulle være.',
    'algorithm-unknown': 'Signaturen bruger en algoritme, der ikke kendes.',
    'algorithms-disagree': 'Signaturen modsiger sig selv om sine algoritmer.',
    'key-unsuitable': 'Nøglen kan ikke lave en sådan signatur.',
    'key-usage': 'Certifikatet må ikke bruges til at signere.',
    'signed-attributes-missing': 'Det, der skal signeres med, mangler i signaturen.',
    'attribute-missing': 'Noget, der skal stå i signaturen, mangler.',
    'attribute-repeated': 'Noget står to gange i signaturen.',
    'attribute-malformed': 'Noget i signaturen kan ikke læses.',
    'other-content-type': 'Mailen kalder sit signerede indhold noget andet, end det er.',
    'other-signing-certificate': 'Signaturen nævner et andet certifikat end det, der fulgte med.',
    'signer-info-malformed': 'Signaturen kan ikke læses.',
    'weak-digest': 'Signaturen bruger en forældet metode (MD5 eller SHA-1).',
    'weak-key': 'Nøglen, der er signeret med, er for kort.',
    'no-signer': 'Mailen er pakket som signeret, men ingen har signeret den.',
    'signature-missing': 'Mailen siger, at den er signeret, men signaturen mangler.',
    'more-parts': 'Der er dele i mailen, som ingen har signeret.',
    'cut-off': 'Mailen er skåret af i slutningen.',
    'certificate-unreadable': 'Et certifikat i mailen kan ikke læses.',
    'other-smime-type': 'Mailen kalder sin beskyttelse noget andet, end den er.',
    rubbish: 'Der står noget uden om det beskyttede indhold.',
    'unauthenticated-encryption':
      'Krypteringen viser ikke, om indholdet er ændret undervejs, og ingen signatur indeni, der holder, dækker det hele.',
    'weak-cipher': 'Mailen er krypteret med en forældet metode (3DES).',
    'no-single-from': 'Mailen nævner ikke præcis én afsender.',
    'from-differs': 'Mailen nævner en anden afsender uden på beskyttelsen end inden i.',
    'from-not-signer': 'Den, der har signeret, er ikke den, mailen nævner som afsender.',
    'sender-is-signer': 'Den, der har signeret, har sendt mailen for den, den er fra.',
    'only-ciphertext-signed': 'Den, der har signeret, behøver ikke at have kendt indholdet.',
    'certificate-expired': 'Certifikatet for den, der har signeret, var udløbet.',
    'certificate-not-yet-valid': 'Certifikatet for den, der har signeret, var endnu ikke gyldigt.',
    'certificate-untrusted':
      'Certifikatet for den, der har signeret, er ikke udstedt af nogen, organisationen har tillid til.',
    'certificate-unsuitable': 'Certifikatet for den, der har signeret, er ikke lavet til det.',
    'certificate-revoked': 'Certifikatet for den, der har signeret, var spærret.',
    'revocation-unknown': 'Det kunne ikke afklares, om certifikatet for den, der har signeret, var spærret.',
    'came-insecurely': 'Mailen kom uden kryptering.',
    'authentication-failed': 'Afsenderens domæne siger, at mailen ikke er derfra.',
    'active-content-neutralised': 'Aktivt indhold blev uskadeliggjort, før mailen blev leveret.',
    'signature-taken-off':
      'Underskriften er kontrolleret her og taget af, da det underskrevne indhold ikke kan gives uændret videre sammen med den.',
    'other-signature-certificate':
      'Der fulgte et andet signaturcertifikat med mailen, eller noget, der hedder sådan. Det gælder ikke her.',
    'not-at-the-top':
      'En del af mailen er signeret eller krypteret for sig (S/MIME); sådan bliver det, når en postliste eller en anden gateway lægger en tekst ved siden af. Den del er hverken åbnet eller kontrolleret her: Stol ikke på dens signatur, og bed afsenderen om at sende mailen direkte til dig, hvis du ikke kan læse den.',
    'attached-mail-protected':
      'En vedhæftet mail er signeret eller krypteret for sig (S/MIME). Den er sendt videre uændret og er hverken åbnet eller kontrolleret her.',
    'not-opened': 'Mailen kunne ikke åbnes her og blev leveret, som den kom.',
  },
  until: 'gyldig til %d',
  bits: '%n bit',
  more: 'og %n flere',
  nobody: 'ikke oplyst',
  note: 'Udfærdiget af Secure@Mail for %o. De samme oplysninger ligger i filen i en form til maskiner, signeret af organisationen.',
  proof:
    'Sådan kontrolleres det: securemail verify, med mailen eller med denne fil. Mailens emne og dato er ikke omfattet.',
};
