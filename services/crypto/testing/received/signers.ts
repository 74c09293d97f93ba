// SPDX-License-Identifier: Apache-2.0
import { httpFetcher, revocationChecker } from '@securemail/smime';
import type { ReceivedCast } from '../received-cast.ts';
import {
  anna,
  bo,
  detachedEntity,
  encryptedEntity,
  mail,
  opaqueEntity,
  TEXT,
  type ReceivedCase,
} from './case.ts';

type Revocable = keyof ReceivedCast['revocable'];

/** Mails whose signer is not, or not quite, to be believed; and ciphers of another age. */
export const BY_SIGNERS: readonly ReceivedCase[] = [
  signedBy('expired', 'invalid', ['certificate-expired']),
  signedBy('not-yet-valid', 'invalid', ['certificate-not-yet-valid']),
  signedBy('untrusted', 'invalid', ['certificate-untrusted']),
  {
    title: 'a certificate that may encrypt and not sign',
    shape: 'standard',
    make: mail(detachedEntity(TEXT, ({ encryptsOnly }) => encryptsOnly)),
    verdict: 'invalid',
    reservations: ['key-usage'],
  },
  {
    title: 'a certificate that may sign and not encrypt',
    shape: 'standard',
    make: mail(
      detachedEntity(TEXT, ({ issued }) => issued['sign-only']),
      from('sign-only@citizen.example'),
    ),
    verdict: 'valid',
    from: 'sign-only@citizen.example',
  },
  {
    title: 'the certificate held when it was signed, and is over now',
    shape: 'standard',
    make: mail(detachedEntity(TEXT)),
    given: { at: new Date(Date.now() + 400 * 24 * 60 * 60 * 1_000) },
    verdict: 'valid-but',
    reservations: ['certificate-expired'],
  },
  {
    title: 'the certificate held when it was received, and is over when it is opened at last',
    shape: 'standard',
    make: mail(detachedEntity(TEXT)),
    given: { at: new Date(Date.now() + 400 * 24 * 60 * 60 * 1_000), acceptedAt: new Date() },
    verdict: 'valid',
  },
  {
    title: 'the certificate does not come along, and is known here by its number',
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, bo, {}, '-nocerts')),
    verdict: 'valid',
  },
  {
    title: 'the certificate does not come along inside, and is known here by its key identifier',
    shape: 'by hand',
    make: mail(encryptedEntity(opaqueEntity(TEXT, bo, {}, '-nocerts', '-keyid'))),
    verdict: 'valid',
  },
  {
    title: 'the certificate of an organisation does not come along, and is known here',
    shape: 'by hand',
    make: mail(
      detachedEntity(TEXT, ({ issued }) => issued['hospital.example'], {}, '-nocerts'),
      { fields: { from: 'nurse@hospital.example' } },
    ),
    verdict: 'valid',
    from: 'nurse@hospital.example',
  },
  {
    title: 'the certificate does not come along, and is of somebody else than whom it is from',
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, ({ issued }) => issued.kim, {}, '-nocerts')),
    verdict: 'invalid',
    reservations: ['certificate-missing'],
  },
  {
    title: 'the certificate does not come along, and is not known here',
    shape: 'by hand',
    make: mail(
      detachedEntity(TEXT, ({ below }) => below, {}, '-nocerts'),
      {
        fields: { from: 'below@citizen.example' },
      },
    ),
    verdict: 'invalid',
    reservations: ['certificate-missing'],
    from: 'below@citizen.example',
  },
  {
    title: 'the authority between does not come along',
    shape: 'by hand',
    make: mail(
      detachedEntity(TEXT, ({ below }) => below),
      from('below@citizen.example'),
    ),
    verdict: 'invalid',
    reservations: ['certificate-untrusted'],
    from: 'below@citizen.example',
  },
  revocable('good-by-list', 'valid'),
  revocable('good-by-ocsp', 'valid'),
  revocable('revoked-by-list', 'invalid', ['certificate-revoked']),
  revocable('revoked-by-ocsp', 'invalid', ['certificate-revoked']),
  revocable('nobody-answers', 'valid-but', ['revocation-unknown']),
  {
    title: 'the organisation of the sender signed for him',
    shape: 'standard',
    make: mail(
      detachedEntity(TEXT, ({ issued }) => issued['hospital.example']),
      from('nurse@hospital.example'),
    ),
    verdict: 'valid',
    from: 'nurse@hospital.example',
  },
  {
    title: 'another organisation signed',
    shape: 'standard',
    make: mail(detachedEntity(TEXT, ({ issued }) => issued['hospital.example'])),
    verdict: 'valid-but',
    reservations: ['from-not-signer'],
  },
  {
    title: 'an organisation signed for a domain below its own',
    shape: 'standard',
    make: mail(
      detachedEntity(TEXT, ({ issued }) => issued['hospital.example']),
      from('x@ward.hospital.example'),
    ),
    verdict: 'valid-but',
    reservations: ['from-not-signer'],
    from: 'x@ward.hospital.example',
  },
  {
    title: 'DMARC fails, and the sender signed',
    shape: 'standard',
    make: mail(detachedEntity(TEXT)),
    given: { dmarc: 'fail' },
    verdict: 'valid',
  },
  {
    title: 'DMARC fails, and nobody signed',
    shape: 'standard',
    make: mail(TEXT),
    given: { dmarc: 'fail' },
    verdict: 'not-signed',
    reservations: ['authentication-failed'],
  },
  {
    title: 'SHA-1',
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, bo, {}, '-md', 'sha1')),
    verdict: 'invalid',
    reservations: ['weak-digest'],
  },
  {
    title: 'SHA-1, where a setting asks for it',
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, bo, { change: { micalg: 'sha1' } }, '-md', 'sha1')),
    given: { legacy: ['sha1'] },
    verdict: 'valid-but',
    reservations: ['weak-digest'],
  },
  {
    title: 'MD5',
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, bo, {}, '-md', 'md5')),
    verdict: 'invalid',
    reservations: ['weak-digest'],
  },
  {
    title: 'RSA of 1024 bits',
    shape: 'by hand',
    make: weak(),
    verdict: 'invalid',
    reservations: ['weak-key'],
    from: 'weak@citizen.example',
  },
  {
    title: '3DES',
    shape: 'by hand',
    make: mail(encryptedEntity(opaqueEntity(TEXT), anna, {}, '-des3')),
    verdict: 'not-signed',
    reservations: ['not-opened'],
    unopened: 'weak-algorithm',
    text: null,
  },
  {
    title: '3DES, where a setting asks for it',
    shape: 'by hand',
    make: mail(encryptedEntity(opaqueEntity(TEXT), anna, {}, '-des3')),
    given: { legacy: ['3des'] },
    verdict: 'valid-but',
    reservations: ['weak-cipher'],
  },
];

function from(address: string) {
  return { fields: { from: address } };
}

function weak() {
  const signed = detachedEntity(TEXT, (cast) => cast.weak, {}, '-certfile', 'between.pem');
  return mail(signed, from('weak@citizen.example'));
}

function signedBy(
  name: 'expired' | 'not-yet-valid' | 'untrusted',
  verdict: 'invalid',
  reservations: NonNullable<ReceivedCase['reservations']>,
): ReceivedCase {
  const address = `${name}@citizen.example`;
  return {
    title: `a certificate that is ${name.replaceAll('-', ' ')}`,
    shape: 'standard',
    make: mail(
      detachedEntity(TEXT, ({ issued }) => issued[name]),
      from(address),
    ),
    verdict,
    reservations,
    from: address,
  };
}

function revocable(
  name: Revocable,
  verdict: ReceivedCase['verdict'],
  reservations: NonNullable<ReceivedCase['reservations']> = [],
): ReceivedCase {
  const address = `${name}@citizen.example`;
  const revocation = revocationChecker({ fetcher: httpFetcher({ privateHosts: true }) });
  return {
    title: `its authority is asked: ${name.replaceAll('-', ' ')}`,
    shape: 'standard',
    make: mail(
      detachedEntity(TEXT, (cast) => cast.revocable[name]),
      from(address),
    ),
    given: { revocation },
    verdict,
    reservations,
    from: address,
  };
}
