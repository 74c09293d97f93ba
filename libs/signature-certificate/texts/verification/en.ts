// SPDX-License-Identifier: Apache-2.0
import type { VerificationTexts } from './texts.ts';

export const ENGLISH: VerificationTexts = {
  holds: {
    mail: 'HOLDS: the Signature certificate is genuine, and text, attachments and the sender’s address of this mail are those that it is about; SUBJECT AND DATE ARE NOT COVERED. %d says: %s',
    pdf: 'HOLDS: this Signature certificate is genuine and unchanged. %d says: %s',
  },
  genuine: {
    mail: 'The Signature certificate is genuine, and text, attachments and the sender’s address of this mail are those that it is about; SUBJECT AND DATE ARE NOT COVERED. %d says: %s',
    pdf: 'This Signature certificate is genuine and unchanged. %d says: %s',
  },
  problem: {
    'no-certificate': 'DOES NOT HOLD: there is no Signature certificate in it.',
    'no-certificate-of-this-mail':
      'DOES NOT HOLD: what is in it are Signature certificates of other mails, and none of this one.',
    'no-certificate-of-organisation':
      'DOES NOT HOLD: there is no Signature certificate for it of the organisation that you asked for (--organisation).',
    'certificate-does-not-hold': 'DOES NOT HOLD: its Signature certificate has the problems below.',
  },
  about: {
    'this-mail': 'Signature certificate of this mail',
    'attached-mail': 'Signature certificate of a mail that is attached',
    'another-mail': 'Signature certificate of another mail, which is not here',
    'not-compared': 'Signature certificate alone, without its mail',
  },
  further: 'A further Signature certificate in this mail, which does not count',
  of: 'it names %d',
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
    'other-organisation': 'The mail is from a domain that who signed it does not speak for.',
    'from-the-future': 'It says that it was made later than now.',
    'document-changed':
      'The document is not the one that was signed: do not believe what its pages show. What was signed stands below.',
    'mail-changed':
      'The mail is not, octet for octet, the one that it is about: it was changed, or a mail server stored it in another form.',
    'not-the-whole-mail':
      'It is only about a part of this mail. What else is in the mail, nobody vouches for.',
    'other-from': 'The mail says that it is from somebody else than the certificate says, or not from whom.',
    'other-message-id':
      'The mail has another Message-ID than the certificate says, or none: it may be another mail.',
  },
  unverifiable: {
    'neither-mail-nor-pdf': 'This is neither a mail nor a PDF document.',
    'too-large': 'It is too large.',
    encrypted:
      'This mail is encrypted. Verify it as it was opened, saved from the mail program, or give the key that opens it.',
    'not-opened': 'The protection of this mail could not be read.',
  },
  signedBy: 'Signed by %s; certificate issued by %i, SHA-256 %f',
  detail: 'Technical detail',
  found: {
    signer:
      'The signature is good, and the key is that of the organisation, as somebody says whom you trust.',
    document: 'The document is the one that was signed, octet for octet.',
    mail: 'The content of the mail is the one that it is about, octet for octet, with all that is attached to it.',
  },
  says: 'What was signed',
  limits: {
    revocation: 'Whether a certificate was revoked is not asked: nothing was fetched.',
    subject:
      'Subject, date, Reply-To, Sender and the names beside addresses are not part of what was signed; to whom the mail says that it is was not compared.',
    alone: 'No mail was compared: give the mail itself to compare it.',
    anchors: 'No authority was named to be trusted (--trust), so nobody is.',
    outermost:
      'Only one certificate of this mail counts: the outermost, or the outermost of the organisation that you ask for (--organisation); who sent the mail may have put others into it.',
  },
};
