// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import type { About, CertificateProblem, FileProblem, UnverifiableCode } from '../verify/finding.ts';

/** What `securemail verify` says. */
export interface VerificationTexts {
  holds: Record<'mail' | 'pdf', string>;
  problem: Record<FileProblem, string>;
  about: Record<About, string>;
  certificate: Record<'holds' | 'doesNotHold', string>;
  problems: Record<CertificateProblem, string>;
  unverifiable: Record<UnverifiableCode, string>;
  /** `%s` subject, `%i` issuer, `%f` fingerprint. */
  signedBy: string;
  /** What was found, where there is no problem. */
  found: Record<'signer' | 'document' | 'mail', string>;
  /** What it says, in words of the signed facts and not of the document. */
  says: string;
  /** What cannot be told. */
  limits: Record<'revocation' | 'subject' | 'alone' | 'anchors', string>;
}

const ENGLISH: VerificationTexts = {
  holds: {
    mail: 'HOLDS: the Signature certificate is genuine, and this is the mail that it is about.',
    pdf: 'HOLDS: this Signature certificate is genuine and unchanged.',
  },
  problem: {
    'no-certificate': 'DOES NOT HOLD: there is no Signature certificate in it.',
    'no-certificate-of-this-mail':
      'DOES NOT HOLD: what is in it are Signature certificates of other mails, and none of this one.',
    'certificate-does-not-hold': 'DOES NOT HOLD: its Signature certificate has the problems below.',
  },
  about: {
    'this-mail': 'Signature certificate of this mail',
    'attached-mail': 'Signature certificate of a mail that is attached',
    'another-mail': 'Signature certificate of another mail, which is not here',
    'not-compared': 'Signature certificate alone, without its mail',
  },
  certificate: { holds: 'holds', doesNotHold: 'DOES NOT HOLD' },
  problems: {
    'not-signed':
      'Nothing in it is signed: it is no Signature certificate, or a forged one. Do not believe it.',
    'signature-wrong': 'The signature over its facts is wrong. Do not believe it.',
    'other-version': 'It is signed, but says something that this version does not know.',
    several: 'There are several signed facts in it, and it cannot be told which it shows.',
    'certificate-expired': 'The certificate of who signed it had expired when it was made.',
    'certificate-not-yet-valid': 'The certificate of who signed it was not valid yet when it was made.',
    'certificate-untrusted': 'Nobody whom you trust (--trust) says whose key signed it.',
    'certificate-unsuitable':
      'The certificate of who signed it is not one for the organisation that it names.',
    'from-the-future': 'It says that it was made later than now.',
    'document-changed':
      'The document is not the one that was signed: do not believe what its pages show. What was signed stands below.',
    'mail-changed':
      'The mail is not, octet for octet, the one that it is about: it was changed, or a mail server stored it in another form.',
    'not-the-whole-mail':
      'It is only about a part of this mail. What else is in the mail, nobody vouches for.',
    'other-from': 'The mail says that it is from somebody else than the certificate says.',
  },
  unverifiable: {
    'neither-mail-nor-pdf': 'This is neither a mail nor a PDF document.',
    'too-large': 'It is too large.',
    encrypted:
      'This mail is encrypted. Verify it as it was opened, saved from the mail program, or give the key that opens it.',
    'not-opened': 'The protection of this mail could not be read.',
  },
  signedBy: 'Signed by %s; certificate issued by %i, SHA-256 %f',
  found: {
    signer:
      'The signature is good, and the key is that of the organisation, as somebody says whom you trust.',
    document: 'The document is the one that was signed, octet for octet.',
    mail: 'The mail is the one that it is about, octet for octet, with all that is attached to it.',
  },
  says: 'What was signed',
  limits: {
    revocation: 'Whether a certificate was revoked is not asked: nothing was fetched.',
    subject: 'Subject, date and the names beside addresses are not part of what was signed.',
    alone: 'No mail was compared: give the mail itself to compare it.',
    anchors: 'No authority was named to be trusted (--trust), so nobody is.',
  },
};

const DANISH: VerificationTexts = {
  holds: {
    mail: 'HOLDER: signaturcertifikatet er ægte, og mailen er den, det handler om.',
    pdf: 'HOLDER: signaturcertifikatet er ægte og uændret.',
  },
  problem: {
    'no-certificate': 'HOLDER IKKE: der er intet signaturcertifikat i den.',
    'no-certificate-of-this-mail':
      'HOLDER IKKE: der er kun signaturcertifikater for andre mails i den, og intet for denne.',
    'certificate-does-not-hold': 'HOLDER IKKE: signaturcertifikatet har problemerne nedenfor.',
  },
  about: {
    'this-mail': 'Signaturcertifikat for denne mail',
    'attached-mail': 'Signaturcertifikat for en vedhæftet mail',
    'another-mail': 'Signaturcertifikat for en anden mail, som ikke er her',
    'not-compared': 'Signaturcertifikat alene, uden sin mail',
  },
  certificate: { holds: 'holder', doesNotHold: 'HOLDER IKKE' },
  problems: {
    'not-signed':
      'Intet i det er signeret: det er ikke et signaturcertifikat, eller det er forfalsket. Stol ikke på det.',
    'signature-wrong': 'Signaturen over oplysningerne er forkert. Stol ikke på det.',
    'other-version': 'Det er signeret, men siger noget, som denne version ikke kender.',
    several: 'Der er flere signerede oplysninger i det, og det kan ikke afgøres, hvilke det viser.',
    'certificate-expired': 'Certifikatet for den, der har signeret det, var udløbet, da det blev lavet.',
    'certificate-not-yet-valid':
      'Certifikatet for den, der har signeret det, var endnu ikke gyldigt, da det blev lavet.',
    'certificate-untrusted': 'Ingen, du har tillid til (--trust), siger, hvis nøgle der har signeret det.',
    'certificate-unsuitable':
      'Certifikatet for den, der har signeret det, gælder ikke for den organisation, det nævner.',
    'from-the-future': 'Det siger, at det er lavet senere end nu.',
    'document-changed':
      'Dokumentet er ikke det, der blev signeret: stol ikke på det, siderne viser. Det signerede står nedenfor.',
    'mail-changed':
      'Mailen er ikke byte for byte den, det handler om: den er ændret, eller en mailserver har gemt den i en anden form.',
    'not-the-whole-mail': 'Det handler kun om en del af mailen. Resten står ingen inde for.',
    'other-from': 'Mailen siger, at den er fra en anden, end certifikatet siger.',
  },
  unverifiable: {
    'neither-mail-nor-pdf': 'Det er hverken en mail eller et PDF-dokument.',
    'too-large': 'Den er for stor.',
    encrypted:
      'Mailen er krypteret. Kontrollér den, som den blev åbnet, gemt fra mailprogrammet, eller angiv nøglen, der åbner den.',
    'not-opened': 'Mailens beskyttelse kunne ikke læses.',
  },
  signedBy: 'Signeret af %s; certifikat udstedt af %i, SHA-256 %f',
  found: {
    signer: 'Signaturen er i orden, og nøglen er organisationens, siger en, du har tillid til.',
    document: 'Dokumentet er byte for byte det, der blev signeret.',
    mail: 'Mailen er byte for byte den, det handler om, med alt, hvad der er vedhæftet.',
  },
  says: 'Det, der blev signeret',
  limits: {
    revocation: 'Om et certifikat er spærret, er ikke undersøgt: intet blev hentet.',
    subject: 'Emne, dato og navnene ved siden af adresserne er ikke signeret.',
    alone: 'Ingen mail blev sammenlignet: angiv selve mailen for at sammenligne den.',
    anchors: 'Ingen udsteder er angivet som betroet (--trust), så ingen er det.',
  },
};

const GERMAN: VerificationTexts = {
  holds: {
    mail: 'STIMMT: Das Signaturzertifikat ist echt, und die Mail ist die, um die es geht.',
    pdf: 'STIMMT: Das Signaturzertifikat ist echt und unverändert.',
  },
  problem: {
    'no-certificate': 'STIMMT NICHT: Darin ist kein Signaturzertifikat.',
    'no-certificate-of-this-mail':
      'STIMMT NICHT: Darin sind nur Signaturzertifikate anderer Mails und keines von dieser.',
    'certificate-does-not-hold': 'STIMMT NICHT: Das Signaturzertifikat hat die Probleme unten.',
  },
  about: {
    'this-mail': 'Signaturzertifikat dieser Mail',
    'attached-mail': 'Signaturzertifikat einer angehängten Mail',
    'another-mail': 'Signaturzertifikat einer anderen Mail, die nicht hier ist',
    'not-compared': 'Signaturzertifikat allein, ohne seine Mail',
  },
  certificate: { holds: 'stimmt', doesNotHold: 'STIMMT NICHT' },
  problems: {
    'not-signed':
      'Nichts darin ist signiert: Es ist kein Signaturzertifikat oder ein gefälschtes. Glauben Sie ihm nicht.',
    'signature-wrong': 'Die Signatur über seinen Angaben ist falsch. Glauben Sie ihm nicht.',
    'other-version': 'Es ist signiert, sagt aber etwas, das diese Version nicht kennt.',
    several: 'Es enthält mehrere signierte Angaben, und es ist nicht zu erkennen, welche es zeigt.',
    'certificate-expired': 'Das Zertifikat des Unterzeichners war abgelaufen, als es erstellt wurde.',
    'certificate-not-yet-valid':
      'Das Zertifikat des Unterzeichners war noch nicht gültig, als es erstellt wurde.',
    'certificate-untrusted': 'Niemand, dem Sie vertrauen (--trust), sagt, wessen Schlüssel es signiert hat.',
    'certificate-unsuitable':
      'Das Zertifikat des Unterzeichners gilt nicht für die Organisation, die es nennt.',
    'from-the-future': 'Es sagt, dass es später als jetzt erstellt wurde.',
    'document-changed':
      'Das Dokument ist nicht das signierte: Glauben Sie nicht, was seine Seiten zeigen. Was signiert wurde, steht unten.',
    'mail-changed':
      'Die Mail ist nicht Byte für Byte die, um die es geht: Sie wurde verändert, oder ein Mailserver hat sie in anderer Form gespeichert.',
    'not-the-whole-mail':
      'Es geht nur um einen Teil dieser Mail. Für das, was sonst darin ist, steht niemand ein.',
    'other-from': 'Die Mail nennt einen anderen Absender als das Zertifikat.',
  },
  unverifiable: {
    'neither-mail-nor-pdf': 'Das ist weder eine Mail noch ein PDF-Dokument.',
    'too-large': 'Sie ist zu groß.',
    encrypted:
      'Diese Mail ist verschlüsselt. Prüfen Sie sie geöffnet, aus dem Mailprogramm gespeichert, oder geben Sie den Schlüssel an, der sie öffnet.',
    'not-opened': 'Der Schutz dieser Mail ließ sich nicht lesen.',
  },
  signedBy: 'Signiert von %s; Zertifikat ausgestellt von %i, SHA-256 %f',
  found: {
    signer:
      'Die Signatur ist in Ordnung, und der Schlüssel ist der der Organisation, wie jemand sagt, dem Sie vertrauen.',
    document: 'Das Dokument ist Byte für Byte das signierte.',
    mail: 'Die Mail ist Byte für Byte die, um die es geht, mit allem, was angehängt ist.',
  },
  says: 'Was signiert wurde',
  limits: {
    revocation: 'Ob ein Zertifikat gesperrt wurde, ist nicht abgefragt: Es wurde nichts geholt.',
    subject: 'Betreff, Datum und die Namen neben den Adressen sind nicht signiert.',
    alone: 'Es wurde keine Mail verglichen: Geben Sie die Mail selbst an, um sie zu vergleichen.',
    anchors: 'Es ist keine vertrauenswürdige Stelle angegeben (--trust), also gibt es keine.',
  },
};

export const VERIFICATION_TEXTS: Record<Language, VerificationTexts> = {
  en: ENGLISH,
  da: DANISH,
  de: GERMAN,
};
