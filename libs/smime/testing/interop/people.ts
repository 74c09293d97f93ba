// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { children, readDer } from '../../asn1/der.ts';
import type { Certificate } from '../../index.ts';
import { issueByHand } from '../issue-by-hand.ts';
import { openssl, opensslWorkshop, type Identity, type OpensslWorkshop } from '../openssl-workshop.ts';
import type { PersonName } from './rows.ts';

export interface Person {
  readonly name: PersonName;
  readonly email: string;
  readonly certificate: Certificate;
  readonly key: KeyObject;
  /** PEM files. */
  readonly certificatePath: string;
  readonly keyPath: string;
  /** A PKCS#12 file with {@link PKCS12_PASSWORD}; null for ML-KEM, which hardly an `openssl` program writes into one. */
  readonly pkcs12Path: string | null;
}

export type People = ReadonlyMap<PersonName, Person>;

/** It guards nothing: the keys are made for one run of the tests. */
export const PKCS12_PASSWORD = 'interop';

const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const EXTENSIONS =
  'subjectKeyIdentifier=hash\nbasicConstraints=critical,CA:FALSE\n' +
  'keyUsage=digitalSignature,keyEncipherment,keyAgreement\nextendedKeyUsage=emailProtection\n';

/** Everyone has a certificate from one authority, so that a peer who trusts it has no other reason to refuse. */
export async function interopPeople(): Promise<{
  workshop: OpensslWorkshop;
  authority: Identity;
  people: People;
}> {
  const workshop = await opensslWorkshop();
  const authority = await workshop.authority('Root');
  const bySsl = async (name: PersonName, key: string[]): Promise<Person> => {
    const subject = `/O=Test/CN=${name}`;
    const names = `email:${emailOf(name)}`;
    const identity = await workshop.issue(authority, { subject, extensions: EXTENSIONS, names, key });
    return await personOf(workshop, name, identity.certificate, createPrivateKey(identity.keyPem));
  };
  const byHand = async (name: PersonName, type: 'x25519'): Promise<Person> => {
    const { publicKey, privateKey } = generateKeyPairSync(type);
    const issuer = { key: createPrivateKey(authority.keyPem), subject: subjectOf(authority.certificate) };
    const certificate = issueByHand(publicKey, { email: emailOf(name), person: name, issuer });
    return await personOf(workshop, name, certificate, privateKey);
  };
  const kem = (name: PersonName) => byHand(name, name.toLowerCase() as 'x25519');
  const all = await Promise.all([
    bySsl('RSA', workshop.RSA_2048),
    bySsl('another RSA', workshop.RSA_2048),
    bySsl('P-256', curve('P-256')),
    bySsl('P-384', curve('P-384')),
    bySsl('P-521', curve('P-521')),
    bySsl('Ed25519', ['-algorithm', 'ED25519']),
    byHand('X25519', 'x25519'),
    ...(['ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024'] as const).map(kem),
  ]);
  return { workshop, authority, people: new Map(all.map((person) => [person.name, person])) };
}

/** @throws where there is nobody of that name. */
export function personNamed(people: People, name: PersonName): Person {
  const person = people.get(name);
  if (person === undefined) throw new Error(`there is no ${name}`);
  return person;
}

const emailOf = (name: PersonName) => `${name.toLowerCase().replaceAll(' ', '-')}@a.example`;

/** The DER of its subject: the sixth field of a TBSCertificate that has a version (RFC 5280 §4.1). */
function subjectOf({ der }: Certificate): Buffer {
  const [tbs] = children(readDer(der));
  const subject = tbs === undefined ? undefined : children(tbs)[5];
  if (subject === undefined) throw new Error('the authority has no name');
  return subject.bytes;
}

async function personOf(
  workshop: OpensslWorkshop,
  name: PersonName,
  certificate: Certificate,
  key: KeyObject,
): Promise<Person> {
  const certificatePath = await workshop.write('person.pem', certificate.x509.toString());
  const keyPath = await workshop.write('person.key', key.export({ type: 'pkcs8', format: 'pem' }));
  const pkcs12Path = name.startsWith('ML-KEM') ? null : workshop.path('person.p12');
  const person = { name, email: emailOf(name), certificate, key, certificatePath, keyPath, pkcs12Path };
  await writePkcs12(person);
  return person;
}

/** Writes the PKCS#12 file of one who has one, each time with other salts. */
export async function writePkcs12({ name, certificatePath, keyPath, pkcs12Path }: Person): Promise<void> {
  if (pkcs12Path === null) return;
  // The old ciphers: gpgsm 2.2 and NSS read them all.
  const old = ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];
  await openssl(
    ...['pkcs12', '-export', '-in', certificatePath, '-inkey', keyPath, '-name', name, ...old],
    ...['-passout', `pass:${PKCS12_PASSWORD}`, '-out', pkcs12Path],
  );
}
