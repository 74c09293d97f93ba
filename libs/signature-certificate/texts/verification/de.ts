// SPDX-License-Identifier: Apache-2.0
import type { VerificationTexts } from './texts.ts';

export const GERMAN: VerificationTexts = {
  holds: {
    mail: 'STIMMT: Das Signaturzertifikat ist echt, und Text, Anhänge und Absenderadresse dieser Mail sind die, um die es geht; BETREFF UND DATUM SIND NICHT ERFASST. %d sagt: %s',
    pdf: 'STIMMT: Das Signaturzertifikat ist echt und unverändert. %d sagt: %s',
  },
  genuine: {
    mail: 'Das Signaturzertifikat ist echt, und Text, Anhänge und Absenderadresse dieser Mail sind die, um die es geht; BETREFF UND DATUM SIND NICHT ERFASST. %d sagt: %s',
    pdf: 'Das Signaturzertifikat ist echt und unverändert. %d sagt: %s',
  },
  problem: {
    'no-certificate': 'STIMMT NICHT: Darin ist kein Signaturzertifikat.',
    'no-certificate-of-this-mail':
      'STIMMT NICHT: Darin sind nur Signaturzertifikate anderer Mails und keines von dieser.',
    'no-certificate-of-organisation':
      'STIMMT NICHT: Es gibt dafür kein Signaturzertifikat der Organisation, nach der Sie fragen (--organisation).',
    'certificate-does-not-hold': 'STIMMT NICHT: Das Signaturzertifikat hat die Probleme unten.',
  },
  about: {
    'this-mail': 'Signaturzertifikat dieser Mail',
    'attached-mail': 'Signaturzertifikat einer angehängten Mail',
    'another-mail': 'Signaturzertifikat einer anderen Mail, die nicht hier ist',
    'not-compared': 'Signaturzertifikat allein, ohne seine Mail',
  },
  further: 'Ein weiteres Signaturzertifikat in dieser Mail, das nicht zählt',
  of: 'es nennt %d',
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
    'other-organisation': 'Die Mail ist aus einer Domain, für die der Unterzeichner nicht spricht.',
    'from-the-future': 'Es sagt, dass es später als jetzt erstellt wurde.',
    'document-changed':
      'Das Dokument ist nicht das signierte: Glauben Sie nicht, was seine Seiten zeigen. Was signiert wurde, steht unten.',
    'mail-changed':
      'Die Mail ist nicht Byte für Byte die, um die es geht: Sie wurde verändert, oder ein Mailserver hat sie in anderer Form gespeichert.',
    'not-the-whole-mail':
      'Es geht nur um einen Teil dieser Mail. Für das, was sonst darin ist, steht niemand ein.',
    'other-from': 'Die Mail nennt einen anderen Absender als das Zertifikat, oder keinen.',
    'other-message-id':
      'Die Mail hat eine andere Message-ID, als das Zertifikat sagt, oder keine: Es kann eine andere Mail sein.',
  },
  unverifiable: {
    'neither-mail-nor-pdf': 'Das ist weder eine Mail noch ein PDF-Dokument.',
    'too-large': 'Sie ist zu groß.',
    encrypted:
      'Diese Mail ist verschlüsselt. Prüfen Sie sie geöffnet, aus dem Mailprogramm gespeichert, oder geben Sie den Schlüssel an, der sie öffnet.',
    'not-opened': 'Der Schutz dieser Mail ließ sich nicht lesen.',
  },
  signedBy: 'Signiert von %s; Zertifikat ausgestellt von %i, SHA-256 %f',
  detail: 'Technische Einzelheit (englisch)',
  found: {
    signer:
      'Die Signatur ist in Ordnung, und der Schlüssel ist der der Organisation, wie jemand sagt, dem Sie vertrauen.',
    document: 'Das Dokument ist Byte für Byte das signierte.',
    mail: 'Der Inhalt der Mail ist Byte für Byte der, um den es geht, mit allem, was angehängt ist.',
  },
  says: 'Was signiert wurde',
  limits: {
    revocation: 'Ob ein Zertifikat gesperrt wurde, ist nicht abgefragt: Es wurde nichts geholt.',
    subject:
      'Betreff, Datum, Antwortadresse (Reply-To), absendendes Postfach (Sender) und die Namen neben den Adressen sind nicht signiert; an wen die Mail nach eigener Angabe geht, wurde nicht verglichen.',
    alone: 'Es wurde keine Mail verglichen: Geben Sie die Mail selbst an, um sie zu vergleichen.',
    anchors: 'Es ist keine vertrauenswürdige Stelle angegeben (--trust), also gibt es keine.',
    outermost:
      'Nur ein Zertifikat dieser Mail zählt: das äußerste, oder das äußerste der Organisation, nach der Sie fragen (--organisation); andere kann hineingelegt haben, wer sie gesendet hat.',
  },
};
