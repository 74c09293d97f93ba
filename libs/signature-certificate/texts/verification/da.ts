// SPDX-License-Identifier: Apache-2.0
import type { VerificationTexts } from './texts.ts';

export const DANISH: VerificationTexts = {
  holds: {
    mail: 'HOLDER: signaturcertifikatet er ægte, og mailens tekst, vedhæftede filer og afsenderadresse er dem, det handler om; EMNE OG DATO ER IKKE OMFATTET. %d siger: %s',
    pdf: 'HOLDER: signaturcertifikatet er ægte og uændret. %d siger: %s',
  },
  genuine: {
    mail: 'Signaturcertifikatet er ægte, og mailens tekst, vedhæftede filer og afsenderadresse er dem, det handler om; EMNE OG DATO ER IKKE OMFATTET. %d siger: %s',
    pdf: 'Signaturcertifikatet er ægte og uændret. %d siger: %s',
  },
  problem: {
    'no-certificate': 'HOLDER IKKE: der er intet signaturcertifikat i den.',
    'no-certificate-of-this-mail':
      'HOLDER IKKE: der er kun signaturcertifikater for andre mails i den, og intet for denne.',
    'no-certificate-of-organisation':
      'HOLDER IKKE: der er intet signaturcertifikat for det fra den organisation, du har spurgt efter (--organisation).',
    'certificate-does-not-hold': 'HOLDER IKKE: signaturcertifikatet har problemerne nedenfor.',
  },
  about: {
    'this-mail': 'Signaturcertifikat for denne mail',
    'attached-mail': 'Signaturcertifikat for en vedhæftet mail',
    'another-mail': 'Signaturcertifikat for en anden mail, som ikke er her',
    'not-compared': 'Signaturcertifikat alene, uden sin mail',
  },
  further: 'Endnu et signaturcertifikat i denne mail, som ikke gælder',
  of: 'det nævner %d',
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
    'other-organisation': 'Mailen er fra et domæne, som den, der har signeret det, ikke taler for.',
    'from-the-future': 'Det siger, at det er lavet senere end nu.',
    'document-changed':
      'Dokumentet er ikke det, der blev signeret: stol ikke på det, siderne viser. Det signerede står nedenfor.',
    'mail-changed':
      'Mailen er ikke byte for byte den, det handler om: den er ændret, eller en mailserver har gemt den i en anden form.',
    'not-the-whole-mail': 'Det handler kun om en del af mailen. Resten står ingen inde for.',
    'other-from': 'Mailen siger, at den er fra en anden, end certifikatet siger, eller ikke hvem den er fra.',
    'other-message-id':
      'Mailen har et andet Message-ID, end certifikatet siger, eller intet: det kan være en anden mail.',
  },
  unverifiable: {
    'neither-mail-nor-pdf': 'Det er hverken en mail eller et PDF-dokument.',
    'too-large': 'Den er for stor.',
    encrypted:
      'Mailen er krypteret. Kontrollér den, som den blev åbnet, gemt fra mailprogrammet, eller angiv nøglen, der åbner den.',
    'not-opened': 'Mailens beskyttelse kunne ikke læses.',
  },
  signedBy: 'Signeret af %s; certifikat udstedt af %i, SHA-256 %f',
  detail: 'Teknisk detalje (på engelsk)',
  found: {
    signer: 'Signaturen er i orden, og nøglen er organisationens, siger en, du har tillid til.',
    document: 'Dokumentet er byte for byte det, der blev signeret.',
    mail: 'Mailens indhold er byte for byte det, certifikatet handler om, med alt, hvad der er vedhæftet.',
  },
  says: 'Det, der blev signeret',
  limits: {
    revocation: 'Om et certifikat er spærret, er ikke undersøgt: intet blev hentet.',
    subject:
      'Emne, dato, svaradresse (Reply-To), afsendende postkasse (Sender) og navnene ved siden af adresserne er ikke signeret; hvem mailen siger, at den er til, er ikke sammenlignet.',
    alone: 'Ingen mail blev sammenlignet: angiv selve mailen for at sammenligne den.',
    anchors: 'Ingen udsteder er angivet som betroet (--trust), så ingen er det.',
    outermost:
      'Kun ét af mailens certifikater gælder: det yderste, eller det yderste fra den organisation, du spørger efter (--organisation); andre kan den, der sendte mailen, have lagt ind.',
  },
};
