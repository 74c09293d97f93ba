// SPDX-License-Identifier: Apache-2.0
import type { Texts } from './texts.ts';

export const GERMAN: Texts = {
  title: 'Signaturzertifikat',
  sent: {
    internal: {
      headline: 'Diese Mail wurde sicher gesendet.',
      explanation:
        'Sie bleibt in der Organisation und erreicht deren eigene Mailserver über eine verschlüsselte Verbindung, deren Gegenseite geprüft ist.',
    },
    'smime-personal': {
      headline: 'Diese Mail wurde sicher gesendet.',
      explanation: 'Sie ist signiert und verschlüsselt. Nur wer sie empfangen soll, kann sie lesen.',
    },
    'smime-domain': {
      headline: 'Diese Mail wurde sicher gesendet.',
      explanation:
        'Sie ist signiert und für die Organisation des Empfängers verschlüsselt, die sie ihm weitergibt.',
    },
    tls: {
      headline: 'Diese Mail wurde sicher gesendet.',
      explanation:
        'Sie wird nur über eine verschlüsselte Verbindung an Mailserver übergeben, die nachweisen, dass sie die des Empfängers sind.',
    },
    mailbox: {
      headline: 'Diese Mail wurde sicher gesendet.',
      explanation:
        'Sie liegt verschlüsselt in SecureMailBox, wo der Empfänger sie liest, sobald er gezeigt hat, dass die Adresse ihm gehört.',
    },
  },
  verdict: {
    valid: {
      headline: 'Die Signatur ist gültig.',
      explanation: 'Der Absender ist der, den die Mail nennt, und niemand hat sie unterwegs verändert.',
    },
    'valid-but': {
      headline: 'Die Signatur ist gültig, mit Vorbehalten.',
      explanation: 'Lesen Sie die Vorbehalte unten, bevor Sie sich darauf verlassen.',
    },
    invalid: {
      headline: 'Die Signatur ist NICHT gültig.',
      explanation:
        'Die Mail kann von jemand anderem stammen oder verändert worden sein. Fragen Sie den Absender auf anderem Weg.',
    },
    'not-signed': {
      headline: 'Die Mail ist nicht signiert.',
      explanation: 'Nichts belegt, wer sie geschrieben hat.',
    },
  },
  arrival: {
    smime: { headline: 'Sie kam verschlüsselt an.', explanation: 'Niemand konnte sie unterwegs lesen.' },
    tls: {
      headline: 'Sie kam über eine verschlüsselte Verbindung.',
      explanation:
        'Wer zwischen dem letzten Mailserver und uns nur mithörte, konnte sie nicht lesen. Ob sich jemand dazwischengestellt hat und was davor war, ist nicht bekannt.',
    },
    mailbox: {
      headline: 'Sie wurde in SecureMailBox geschrieben.',
      explanation:
        'Über eine verschlüsselte Verbindung, von jemandem, der mit einem an die Adresse gesandten Code gezeigt hat, dass sie ihm gehört.',
    },
    insecure: {
      headline: 'Sie kam UNSICHER an.',
      explanation: 'Andere können sie unterwegs gelesen haben.',
    },
  },
  unopenedHeadline: 'Die Mail konnte NICHT geöffnet werden.',
  unopened: {
    'other-keys': {
      explanation: 'Sie ist für andere Schlüssel verschlüsselt als die, die hier für Sie liegen.',
      toDo: 'Bitten Sie den Absender, für einen der versuchten Schlüssel zu verschlüsseln: Das Zertifikat hat er, sobald er eine signierte Mail von Ihnen oder Ihrer Organisation hat. Oder zeigen Sie dies Ihren Administratoren: Haben sie den Schlüssel, für den die Mail verschlüsselt ist, kann er eingelesen werden; dann öffnen sich solche Mails künftig.',
    },
    'no-key': {
      explanation: 'Sie ist verschlüsselt, und hier liegt kein Schlüssel für Sie.',
      toDo: 'Zeigen Sie dies Ihren Administratoren: Sie lesen einen Schlüssel für Sie oder Ihre Organisation ein oder beantragen einen. Bitten Sie dann den Absender, für diesen zu verschlüsseln und die Mail noch einmal zu senden.',
    },
    'forwards-outside': {
      explanation:
        'Sie ist verschlüsselt, und Ihr Postfach leitet an eine Adresse außerhalb Ihrer Organisation weiter: Geöffnet läge sie dort lesbar.',
      toDo: 'Beenden Sie die Weiterleitung, oder bitten Sie Ihre Administratoren darum. Bitten Sie dann den Absender, die Mail noch einmal zu senden.',
    },
    damaged: {
      explanation:
        'Sie ist für einen Schlüssel verschlüsselt, der hier liegt, lässt sich aber nicht entschlüsseln: Sie wurde unterwegs beschädigt oder verändert.',
      toDo: 'Bitten Sie den Absender, sie noch einmal zu senden.',
    },
    'too-many-layers': {
      explanation:
        'Sie ist in mehr Schichten signiert oder verschlüsselt, eine in der anderen, als hier geöffnet werden: acht.',
      toDo: 'Bitten Sie den Absender, sie einmal zu signieren und zu verschlüsseln und noch einmal zu senden. Kam sie über andere, kann jeder von ihnen eine Schicht hinzugefügt haben: Bitten Sie ihn dann, sie direkt zu senden.',
    },
    weak: {
      explanation:
        'Sie ist auf eine Weise verschlüsselt, die zu schwach ist, um sich auf sie zu verlassen (3DES).',
      toDo: 'Bitten Sie den Absender, sein Mailprogramm mit AES verschlüsseln zu lassen und die Mail noch einmal zu senden.',
    },
    doubtful: {
      explanation:
        'Sie ließ sich entschlüsseln, aber niemand kann sehen, ob sie unterwegs verändert wurde, und was in ihr schaden könnte, ließ sich nicht herausnehmen.',
      toDo: 'Bitten Sie den Absender, seine Mail auch zu signieren und noch einmal zu senden.',
    },
    unreadable: {
      explanation:
        'Sie ist nicht aufgebaut, wie solche Mail es sein muss, oder auf eine Weise, die hier nicht bekannt ist.',
      toDo: 'Bitten Sie den Absender, sie noch einmal zu senden, nötigenfalls mit einem anderen Mailprogramm. Geschieht es wieder, zeigen Sie dies Ihren Administratoren.',
    },
  },
  headings: {
    unopened: 'Warum sie nicht geöffnet wurde',
    overview: 'Auf einen Blick',
    way: 'Schutz auf dem Weg',
    reservations: 'Vorbehalte',
    details: 'Technische Angaben',
    signature: 'Signatur',
    encryption: 'Verschlüsselung',
    authentication: 'Prüfungen der sendenden Domain',
    identification: 'Kennungen',
  },
  labels: {
    from: 'Von',
    to: 'An',
    when: 'Wann',
    signature: 'Signatur',
    signedBy: 'Signiert von',
    claimedBy: 'Angeblich signiert von',
    issuedBy: 'Geprüft und ausgestellt von',
    direction: 'Richtung',
    algorithm: 'Algorithmus',
    key: 'Schlüssel',
    signingTime: 'Zeitpunkt der Signatur (laut Unterzeichner)',
    holder: 'Inhaber des Zertifikats',
    names: 'Adressen im Zertifikat',
    issuer: 'Aussteller',
    serial: 'Seriennummer',
    fingerprint: 'SHA-256-Fingerabdruck',
    validity: 'Gültigkeit',
    judgement: 'Zertifikat',
    revocation: 'Sperrung',
    problems: 'Probleme',
    contentEncryption: 'Verschlüsselung des Inhalts',
    keyEncryption: 'Verschlüsselung des Schlüssels',
    recipientCertificates: 'Zertifikate der Empfänger (SHA-256)',
    emailId: 'Kennung der Mail',
    messageId: 'Message-ID',
    digest: 'SHA-256 der Nachricht',
    octets: 'Größe der Nachricht in Bytes',
    madeAt: 'Erstellt',
    reservationCodes: 'Codes der Vorbehalte',
    encryptedFor: 'Verschlüsselt für',
    keyIdentifier: 'Schlüsselkennung',
    keysTried: 'Versuchte Schlüssel',
    toDo: 'Was zu tun ist',
  },
  direction: {
    outbound: 'gesendet',
    internal: 'innerhalb der Organisation gesendet',
    inbound: 'empfangen',
  },
  station: {
    sender: 'Absender',
    'sender-server': 'Mailserver des Absenders',
    gateway: 'Secure@Mail',
    'own-server': 'Mailserver der Organisation',
    'recipient-server': 'Mailserver des Empfängers',
    mailbox: 'SecureMailBox',
    recipient: 'Empfänger',
  },
  protection: {
    smime: 'Die Mail selbst ist verschlüsselt (S/MIME)',
    keptEncrypted: 'Bleibt verschlüsselt in Secure@Mail und wird nach dem Anmelden über HTTPS gelesen',
    none: 'Nicht geschützt',
    unknown: 'Nicht bekannt',
    tls: 'Verschlüsselte Verbindung, %p, %c',
    tlsToCome: 'Verschlüsselte Verbindung, mindestens TLS 1.2, sonst wird sie nicht gesendet',
    verifiedBy: {
      pinned: 'Gegenseite wie vereinbart geprüft',
      dane: 'Gegenseite durch DANE geprüft',
      'mta-sts': 'Gegenseite durch MTA-STS geprüft',
      enforced: 'Gegenseite wird geprüft, sonst wird nicht gesendet',
      'own-servers': 'Gegenseite als eigener Server geprüft',
      client: 'der Absender ist angemeldet',
    },
    notVerified: 'Gegenseite nicht geprüft',
  },
  by: { person: 'der Absender', organisation: 'die Organisation des Absenders', unknown: 'unbekannt' },
  judgement: {
    'made-here': 'das eigene des Unterzeichners, vor der Signatur geprüft',
    trusted: 'vertrauenswürdig und zu der Zeit gültig',
    'certificate-expired': 'war abgelaufen',
    'certificate-not-yet-valid': 'war noch nicht gültig',
    'certificate-untrusted': 'von niemandem ausgestellt, dem die Organisation vertraut',
    'certificate-unsuitable': 'nicht zum Signieren solcher Mails bestimmt',
    'not-judged': 'nicht geprüft',
  },
  revocation: {
    good: 'nicht gesperrt, als die Mail empfangen wurde',
    revoked: 'GESPERRT',
    unknown: 'ließ sich nicht klären',
    'not-offered': 'niemand konnte gefragt werden: das Zertifikat nennt niemanden, der es weiß',
    'not-asked': 'nicht abgefragt',
  },
  verified: { true: 'mathematisch richtig', false: 'NICHT richtig' },
  reservation: {
    'certificate-missing': 'Das Zertifikat des Unterzeichners fehlt.',
    'signature-wrong': 'Die Signatur passt nicht zum Zertifikat.',
    'content-changed': 'Der Inhalt wurde nach der Signatur verändert.',
    'digest-unknown': 'Die Signatur verwendet ein unbekanntes Verfahren.',
    'digest-not-announced': 'Die Signatur war nicht angekündigt, wie sie es sein müsste.',
    'algorithm-unknown': 'Die Signatur verwendet einen unbekannten Algorithmus.',
    'algorithms-disagree': 'Die Signatur widerspricht sich über ihre Algorithmen.',
    'key-unsuitable': 'Der Schlüssel kann keine solche Signatur erzeugen.',
    'key-usage': 'Das Zertifikat erlaubt kein Signieren.',
    'signed-attributes-missing': 'Was mitsigniert werden muss, fehlt in der Signatur.',
    'attribute-missing': 'Etwas, das in der Signatur stehen muss, fehlt.',
    'attribute-repeated': 'Etwas steht zweimal in der Signatur.',
    'attribute-malformed': 'Etwas in der Signatur ist nicht lesbar.',
    'other-content-type': 'Die Mail nennt ihren signierten Inhalt anders, als er ist.',
    'other-signing-certificate': 'Die Signatur nennt ein anderes Zertifikat als das mitgeschickte.',
    'signer-info-malformed': 'Die Signatur ist nicht lesbar.',
    'weak-digest': 'Die Signatur verwendet ein veraltetes Verfahren (MD5 oder SHA-1).',
    'weak-key': 'Der Schlüssel des Unterzeichners ist zu kurz.',
    'no-signer': 'Die Mail ist als signiert verpackt, aber niemand hat sie signiert.',
    'signature-missing': 'Die Mail gibt sich als signiert aus, aber die Signatur fehlt.',
    'more-parts': 'Es gibt Teile in der Mail, die niemand signiert hat.',
    'cut-off': 'Die Mail ist am Ende abgeschnitten.',
    'certificate-unreadable': 'Ein Zertifikat in der Mail ist nicht lesbar.',
    'other-smime-type': 'Die Mail nennt ihren Schutz anders, als er ist.',
    rubbish: 'Um den geschützten Inhalt herum steht noch etwas.',
    'unauthenticated-encryption':
      'Die Verschlüsselung zeigt nicht, ob der Inhalt unterwegs verändert wurde, und keine gültige Signatur darin deckt ihn ganz ab.',
    'weak-cipher': 'Die Mail ist mit einem veralteten Verfahren verschlüsselt (3DES).',
    'no-single-from': 'Die Mail nennt nicht genau einen Absender.',
    'from-differs': 'Die Mail nennt außen einen anderen Absender als in ihrem Schutz.',
    'from-not-signer': 'Der Unterzeichner ist nicht der, den die Mail als Absender nennt.',
    'sender-is-signer': 'Signiert hat, wer die Mail für den genannten Absender gesendet hat.',
    'only-ciphertext-signed': 'Wer signiert hat, muss den Inhalt nicht gekannt haben.',
    'certificate-expired': 'Das Zertifikat des Unterzeichners war abgelaufen.',
    'certificate-not-yet-valid': 'Das Zertifikat des Unterzeichners war noch nicht gültig.',
    'certificate-untrusted':
      'Das Zertifikat des Unterzeichners hat niemand ausgestellt, dem die Organisation vertraut.',
    'certificate-unsuitable': 'Das Zertifikat des Unterzeichners ist nicht dafür bestimmt.',
    'certificate-revoked': 'Das Zertifikat des Unterzeichners war gesperrt.',
    'revocation-unknown': 'Ob das Zertifikat des Unterzeichners gesperrt war, ließ sich nicht klären.',
    'came-insecurely': 'Die Mail kam ohne Verschlüsselung an.',
    'authentication-failed': 'Die Domain des Absenders sagt, dass diese Mail nicht von ihr ist.',
    'active-content-neutralised': 'Aktive Inhalte wurden vor der Zustellung entschärft.',
    'signature-taken-off':
      'Die Signatur wurde hier geprüft und abgenommen, da sich der signierte Inhalt mit ihr nicht unverändert weitergeben lässt.',
    'other-signature-certificate':
      'Mit der Mail kam ein anderes Signaturzertifikat oder etwas, das so heißt. Es zählt hier nicht.',
    'not-at-the-top':
      'Ein Teil der Mail ist für sich signiert oder verschlüsselt (S/MIME); dazu kommt es, wenn eine Mailingliste oder ein anderes Gateway einen Text danebenstellt. Dieser Teil wurde hier weder geöffnet noch geprüft: Verlassen Sie sich nicht auf seine Signatur, und bitten Sie den Absender, die Mail direkt an Sie zu senden, wenn Sie ihn nicht lesen können.',
    'attached-mail-protected':
      'Eine angehängte Mail ist selbst signiert oder verschlüsselt (S/MIME). Sie wurde unverändert weitergegeben und hier weder geöffnet noch geprüft.',
    'not-opened': 'Die Mail ließ sich hier nicht öffnen und wurde zugestellt, wie sie kam.',
  },
  until: 'gültig bis %d',
  bits: '%n Bit',
  more: 'und %n weitere',
  nobody: 'nicht angegeben',
  note: 'Erstellt von Secure@Mail für %o. Dieselben Angaben liegen in dieser Datei in einer Form für Maschinen, signiert von der Organisation.',
  proof:
    'Zum Prüfen: securemail verify, mit der Mail oder mit dieser Datei. Betreff und Datum der Mail gehören nicht dazu.',
};
