// SPDX-License-Identifier: Apache-2.0
import type { HoldReason, Obstacle } from './events/crypto.ts';
import type { Language } from './language.ts';

const ENGLISH: Record<Obstacle, string> = {
  'not-an-own-domain': 'the address is outside your organisation',
  'no-certificate': 'no certificate is known',
  'certificate-expired': 'the certificate has expired',
  'certificate-not-yet-valid': 'the certificate is not valid yet',
  'certificate-untrusted': 'the certificate was not issued by anybody your organisation trusts',
  'certificate-unsuitable': 'the certificate is not made for encrypting mail to this address',
  'certificate-revoked': 'the certificate was revoked by who issued it',
  'certificate-conflicting': 'several certificates are known that contradict each other',
  'certificate-lookup-failed': 'the directory that may know a certificate did not answer',
  'no-signing-key': 'there is no key to sign for you or your organisation',
  'domain-not-found': 'the domain of the address does not exist, or takes no mail',
  'tls-not-enforceable': 'nothing tells how the recipient’s mail server would prove who it is',
  'tls-lookup-failed': 'it could not be found out how the recipient’s mail server proves who it is',
  'method-forbidden': 'your organisation does not use it',
  'no-secure-method': 'there is no secure way to reach this recipient yet',
  'content-unreadable': 'the stored message could not be read',
  'protection-failed': 'the message could not be signed or encrypted',
  'mailbox-not-available':
    'no certificate and no verified TLS leads to this recipient, and your organisation has no SecureMailBox: ask the recipient for a signed mail, which brings a certificate along, or your administrator to import one or to agree on TLS with the recipient’s organisation',
  'written-in-mailbox': 'the recipient wrote in SecureMailBox, and what answers that lies there',
};

const DANISH: Record<Obstacle, string> = {
  'not-an-own-domain': 'adressen er uden for din organisation',
  'no-certificate': 'der kendes ikke noget certifikat',
  'certificate-expired': 'certifikatet er udløbet',
  'certificate-not-yet-valid': 'certifikatet er ikke gyldigt endnu',
  'certificate-untrusted': 'certifikatet er ikke udstedt af nogen, som din organisation har tillid til',
  'certificate-unsuitable': 'certifikatet er ikke lavet til at kryptere mail til denne adresse',
  'certificate-revoked': 'certifikatet er spærret af udstederen',
  'certificate-conflicting': 'der kendes flere certifikater, som modsiger hinanden',
  'certificate-lookup-failed': 'det register, der måske kender et certifikat, svarede ikke',
  'no-signing-key': 'der er ingen nøgle at signere med for dig eller din organisation',
  'domain-not-found': 'adressens domæne findes ikke eller modtager ikke mail',
  'tls-not-enforceable': 'intet fortæller, hvordan modtagerens mailserver kan bevise, hvem den er',
  'tls-lookup-failed': 'det kunne ikke findes ud af, hvordan modtagerens mailserver beviser, hvem den er',
  'method-forbidden': 'din organisation bruger det ikke',
  'no-secure-method': 'der er endnu ingen sikker vej til denne modtager',
  'content-unreadable': 'den gemte mail kunne ikke læses',
  'protection-failed': 'mailen kunne ikke signeres eller krypteres',
  'mailbox-not-available':
    'intet certifikat og ingen verificeret TLS fører til denne modtager, og din organisation har ikke SecureMailBox: bed modtageren om en signeret mail, som bringer et certifikat med, eller din administrator om at importere et eller aftale TLS med modtagerens organisation',
  'written-in-mailbox': 'modtageren skrev i SecureMailBox, og svaret ligger samme sted',
};

const GERMAN: Record<Obstacle, string> = {
  'not-an-own-domain': 'die Adresse liegt außerhalb Ihrer Organisation',
  'no-certificate': 'es ist kein Zertifikat bekannt',
  'certificate-expired': 'das Zertifikat ist abgelaufen',
  'certificate-not-yet-valid': 'das Zertifikat ist noch nicht gültig',
  'certificate-untrusted': 'das Zertifikat stammt von niemandem, dem Ihre Organisation vertraut',
  'certificate-unsuitable': 'das Zertifikat ist nicht dafür gemacht, Mails an diese Adresse zu verschlüsseln',
  'certificate-revoked': 'das Zertifikat wurde von seinem Aussteller gesperrt',
  'certificate-conflicting': 'es sind mehrere Zertifikate bekannt, die sich widersprechen',
  'certificate-lookup-failed': 'das Verzeichnis, das ein Zertifikat kennen könnte, hat nicht geantwortet',
  'no-signing-key': 'es gibt keinen Schlüssel, um für Sie oder Ihre Organisation zu signieren',
  'domain-not-found': 'die Domain der Adresse existiert nicht oder nimmt keine Mails an',
  'tls-not-enforceable': 'nichts sagt, wie der Mailserver des Empfängers beweisen könnte, wer er ist',
  'tls-lookup-failed':
    'es ließ sich nicht herausfinden, wie der Mailserver des Empfängers beweist, wer er ist',
  'method-forbidden': 'Ihre Organisation verwendet es nicht',
  'no-secure-method': 'es gibt noch keinen sicheren Weg zu diesem Empfänger',
  'content-unreadable': 'die gespeicherte Mail konnte nicht gelesen werden',
  'protection-failed': 'die Mail konnte nicht signiert oder verschlüsselt werden',
  'mailbox-not-available':
    'kein Zertifikat und kein überprüftes TLS führt zu diesem Empfänger, und Ihre Organisation hat kein SecureMailBox: bitten Sie den Empfänger um eine signierte Mail, die ein Zertifikat mitbringt, oder Ihren Administrator, eines zu importieren oder mit der Organisation des Empfängers TLS zu vereinbaren',
  'written-in-mailbox': 'der Empfänger hat in SecureMailBox geschrieben, und die Antwort liegt dort',
};

const LANGUAGES: Record<Language, Record<Obstacle, string>> = { en: ENGLISH, da: DANISH, de: GERMAN };

/** An obstacle in words that a sender understands, as a part of a sentence. */
export const obstacleText = (obstacle: Obstacle, language: Language): string => LANGUAGES[language][obstacle];

/** What holds an email, and is no obstacle to a method. */
const HELD_FOR: Record<Exclude<HoldReason, Obstacle>, Record<Language, string>> = {
  'outcome-unknown': {
    en: 'the connection broke while the mail was sent: nobody knows whether it arrived',
    da: 'forbindelsen blev afbrudt, mens mailen blev sendt: ingen ved, om den kom frem',
    de: 'die Verbindung brach ab, während die Mail gesendet wurde: niemand weiß, ob sie ankam',
  },
  'forwards-outside': {
    en: 'it was written in SecureMailBox, and the mailbox that it is for forwards outside your organisation',
    da: 'den er skrevet i SecureMailBox, og postkassen, som den er til, videresender ud af din organisation',
    de: 'sie wurde in SecureMailBox geschrieben, und das Postfach, für das sie ist, leitet aus Ihrer Organisation weiter',
  },
};

/** Why somebody is held, for who decides about it, or is told of it; as a part of a sentence. */
export const holdReasonText = (because: HoldReason | Obstacle, language: Language): string =>
  because === 'outcome-unknown' || because === 'forwards-outside'
    ? HELD_FOR[because][language]
    : obstacleText(because, language);
