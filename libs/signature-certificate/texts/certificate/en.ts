// SPDX-License-Identifier: Apache-2.0
import type { Texts } from './texts.ts';

export const ENGLISH: Texts = {
  title: 'Signature certificate',
  sent: {
    internal: {
      headline: 'This mail was sent securely.',
      explanation:
        'It stays inside the organisation and reaches its own mail servers over an encrypted connection whose other end is verified.',
    },
    'smime-personal': {
      headline: 'This mail was sent securely.',
      explanation: 'It is signed and encrypted. Only the recipient can read it.',
    },
    'smime-domain': {
      headline: 'This mail was sent securely.',
      explanation:
        'It is signed and encrypted for the recipient’s organisation, which gives it to the recipient.',
    },
    tls: {
      headline: 'This mail was sent securely.',
      explanation:
        'It is only given over an encrypted connection to mail servers that have proven that they are the recipient’s.',
    },
    mailbox: {
      headline: 'This mail was sent securely.',
      explanation:
        'It lies encrypted in SecureMailBox, where the recipient reads it once he has shown that the address is his.',
    },
  },
  verdict: {
    valid: {
      headline: 'The signature is valid.',
      explanation: 'The sender is who the mail says, and nobody changed it on the way.',
    },
    'valid-but': {
      headline: 'The signature is valid, with reservations.',
      explanation: 'Read the reservations below before you rely on it.',
    },
    invalid: {
      headline: 'The signature is NOT valid.',
      explanation:
        'The mail may be by somebody else, or may have been changed. Ask the sender in another way.',
    },
    'not-signed': {
      headline: 'The mail is not signed.',
      explanation: 'Nothing proves who wrote it.',
    },
  },
  arrival: {
    smime: { headline: 'It came encrypted.', explanation: 'Nobody could read it on the way.' },
    tls: {
      headline: 'It came over an encrypted connection.',
      explanation:
        'Who only listened between the last mail server and us could not read it. Whether somebody stood in between is not known, nor what was before.',
    },
    mailbox: {
      headline: 'It was written in SecureMailBox.',
      explanation:
        'Over an encrypted connection, by somebody who had shown with a code, mailed to the address, that it is his.',
    },
    insecure: {
      headline: 'It came INSECURELY.',
      explanation: 'Others may have read it on the way.',
    },
  },
  unopenedHeadline: 'The mail could NOT be opened.',
  unopened: {
    'other-keys': {
      explanation: 'It is encrypted for other keys than those that are here for you.',
      toDo: 'Ask the sender to encrypt for one of the keys that were tried: he has its certificate once he has a signed mail from you or your organisation. Or show this to your administrators: where they have the key that the mail was encrypted for, it can be imported, and such mail opens from then on.',
    },
    'no-key': {
      explanation: 'It is encrypted, and there is no key here for you.',
      toDo: 'Show this to your administrators: they import or order a key for you or for your organisation. Then ask the sender to encrypt for that one and to send the mail again.',
    },
    'forwards-outside': {
      explanation:
        'It is encrypted, and your mailbox forwards to an address outside your organisation: opened, it would lie there readable.',
      toDo: 'End the forwarding, or ask your administrators to. Then ask the sender to send the mail again.',
    },
    damaged: {
      explanation:
        'It is encrypted for a key that is here, but does not decrypt: it was damaged or changed on its way.',
      toDo: 'Ask the sender to send it again.',
    },
    'too-many-layers': {
      explanation:
        'It is signed or encrypted in more layers, one within another, than are opened here: eight.',
      toDo: 'Ask the sender to sign and encrypt it once, and to send it again. Where it came by way of others, each of them may have added a layer: then ask him to send it directly.',
    },
    weak: {
      explanation: 'It is encrypted in a way that is too weak to be relied upon (3DES).',
      toDo: 'Ask the sender to have his mail program encrypt with AES, and to send it again.',
    },
    doubtful: {
      explanation:
        'It could be decrypted, but nobody can tell whether it was changed on its way, and what might do harm in it could not be taken out.',
      toDo: 'Ask the sender to sign his mail, too, and to send it again.',
    },
    unreadable: {
      explanation: 'It is not built as such mail has to be, or in a way that is not known here.',
      toDo: 'Ask the sender to send it again, with another mail program if need be. Where it happens again, show this to your administrators.',
    },
  },
  headings: {
    unopened: 'Why it was not opened',
    overview: 'At a glance',
    way: 'Protection on the way',
    reservations: 'Reservations',
    details: 'Technical details',
    signature: 'Signature',
    encryption: 'Encryption',
    authentication: 'Checks of the sending domain',
    identification: 'Identification',
  },
  labels: {
    from: 'From',
    to: 'To',
    when: 'When',
    signature: 'Signature',
    signedBy: 'Signed by',
    claimedBy: 'Claims to be signed by',
    issuedBy: 'Checked and issued by',
    direction: 'Direction',
    algorithm: 'Algorithm',
    key: 'Key',
    signingTime: 'Time of signing (by the signer)',
    holder: 'Holder of the certificate',
    names: 'Addresses in the certificate',
    issuer: 'Issuer',
    serial: 'Serial number',
    fingerprint: 'SHA-256 fingerprint',
    validity: 'Validity',
    judgement: 'Certificate',
    revocation: 'Revocation',
    problems: 'Problems',
    contentEncryption: 'Content encryption',
    keyEncryption: 'Key encryption',
    recipientCertificates: 'Certificates of recipients (SHA-256)',
    emailId: 'Email id',
    messageId: 'Message-ID',
    digest: 'SHA-256 of the message',
    octets: 'Octets of the message',
    madeAt: 'Made at',
    reservationCodes: 'Codes of the reservations',
    encryptedFor: 'Encrypted for',
    keyIdentifier: 'Key identifier',
    keysTried: 'Keys that were tried',
    toDo: 'What to do',
  },
  direction: { outbound: 'sent', internal: 'sent inside the organisation', inbound: 'received' },
  station: {
    sender: 'Sender',
    'sender-server': 'Sender’s mail server',
    gateway: 'Secure@Mail',
    'own-server': 'The organisation’s mail server',
    'recipient-server': 'Recipient’s mail server',
    mailbox: 'SecureMailBox',
    recipient: 'Recipient',
  },
  protection: {
    smime: 'The mail itself is encrypted (S/MIME)',
    keptEncrypted: 'Stays encrypted inside Secure@Mail, and is read over HTTPS after signing in',
    none: 'Not protected',
    unknown: 'Not known',
    tls: 'Encrypted connection, %p, %c',
    tlsToCome: 'Encrypted connection, at least TLS 1.2, or it is not sent',
    verifiedBy: {
      pinned: 'other end verified as agreed',
      dane: 'other end verified by DANE',
      'mta-sts': 'other end verified by MTA-STS',
      enforced: 'other end is verified, or it is not sent',
      'own-servers': 'other end verified as an own server',
      client: 'the sender is logged in',
    },
    notVerified: 'other end not verified',
  },
  by: { person: 'the sender', organisation: 'the sender’s organisation', unknown: 'unknown' },
  judgement: {
    'made-here': 'the signer’s own, checked before signing',
    trusted: 'trusted and valid at that time',
    'certificate-expired': 'had expired',
    'certificate-not-yet-valid': 'was not valid yet',
    'certificate-untrusted': 'not issued by anybody the organisation trusts',
    'certificate-unsuitable': 'not made for signing such mail',
    'not-judged': 'not checked',
  },
  revocation: {
    good: 'not revoked when the mail was received',
    revoked: 'REVOKED',
    unknown: 'could not be found out',
    'not-offered': 'nobody could be asked: the certificate names nobody who knows',
    'not-asked': 'not asked',
  },
  verified: { true: 'mathematically correct', false: 'NOT correct' },
  reservation: {
    'certificate-missing': 'The certificate of the signer is missing.',
    'signature-wrong': 'The signature does not fit the certificate.',
    'content-changed': 'The content was changed after it was signed.',
    'digest-unknown': 'The signature uses a method that is not known.',
    'digest-not-announced': 'The signature was not announced as it should have been.',
    'algorithm-unknown': 'The signature uses an algorithm that is not known.',
    'algorithms-disagree': 'The signature contradicts itself about its algorithms.',
    'key-unsuitable': 'The key of the signer cannot make such a signature.',
    'key-usage': 'The certificate does not allow signing.',
    'signed-attributes-missing': 'What has to be signed along is missing from the signature.',
    'attribute-missing': 'Something that has to be in the signature is missing.',
    'attribute-repeated': 'Something stands twice in the signature.',
    'attribute-malformed': 'Something in the signature cannot be read.',
    'other-content-type': 'The mail calls its signed content something else than it is.',
    'other-signing-certificate': 'The signature names another certificate than the one that came along.',
    'signer-info-malformed': 'The signature cannot be read.',
    'weak-digest': 'The signature uses an outdated method (MD5 or SHA-1).',
    'weak-key': 'The key of the signer is too short.',
    'no-signer': 'The mail is packed as signed, but nobody signed it.',
    'signature-missing': 'The mail says it is signed, but the signature is missing.',
    'more-parts': 'There are parts in the mail that nobody signed.',
    'cut-off': 'The mail is cut off at its end.',
    'certificate-unreadable': 'A certificate in the mail cannot be read.',
    'other-smime-type': 'The mail calls its protection something else than it is.',
    rubbish: 'Something stands around the protected content.',
    'unauthenticated-encryption':
      'The encryption does not show whether the content was changed on the way, and no signature inside that holds covers all of it.',
    'weak-cipher': 'The mail is encrypted with an outdated method (3DES).',
    'no-single-from': 'The mail does not name exactly one sender.',
    'from-differs': 'The mail names another sender outside than inside its protection.',
    'from-not-signer': 'The signer is not the one that the mail names as its sender.',
    'sender-is-signer': 'Somebody signed who sent the mail for the one it is from.',
    'only-ciphertext-signed': 'Who signed need not have known the content.',
    'certificate-expired': 'The certificate of the signer had expired.',
    'certificate-not-yet-valid': 'The certificate of the signer was not valid yet.',
    'certificate-untrusted':
      'The certificate of the signer was not issued by anybody the organisation trusts.',
    'certificate-unsuitable': 'The certificate of the signer is not made for this.',
    'certificate-revoked': 'The certificate of the signer was revoked.',
    'revocation-unknown': 'It could not be found out whether the certificate of the signer was revoked.',
    'came-insecurely': 'The mail came without encryption.',
    'authentication-failed': 'The domain of the sender says that this mail is not from it.',
    'active-content-neutralised': 'Active content was disarmed before the mail was delivered.',
    'signature-taken-off':
      'The signature was checked here and taken off, as the signed content cannot be passed on unchanged with it.',
    'other-signature-certificate':
      'Another Signature certificate came with the mail, or something named like one. It does not count here.',
    'not-at-the-top':
      'Part of the mail is signed or encrypted by itself (S/MIME); so it becomes where a mailing list or another gateway puts a text beside it. That part was neither opened nor checked here: do not rely on its signature, and if you cannot read it, ask the sender to send it to you directly.',
    'attached-mail-protected':
      'A mail attached to this one is signed or encrypted by itself (S/MIME). It was passed on unchanged, and was neither opened nor checked here.',
    'not-opened': 'The mail could not be opened here and was delivered as it came.',
  },
  until: 'valid until %d',
  bits: '%n bits',
  more: 'and %n more',
  nobody: 'not stated',
  note: 'Made by Secure@Mail for %o. The same facts lie in this file in a form for machines, signed by the organisation.',
  proof:
    'To check it: securemail verify, with the mail or with this file. Subject and date of the mail are not part of it.',
};
