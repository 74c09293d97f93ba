// SPDX-License-Identifier: Apache-2.0
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  createCertificateAuthority,
  expired,
  notYetValid,
  type CertificateAuthority,
  type Issued,
} from '@securemail/testing';

/** A certificate folder on disk, and who has a certificate or a key in it. */
export interface CertificateCast {
  folder: string;
  authority: CertificateAuthority;
  /** By the local part of the address, or by the domain. */
  issued: Record<Name, Issued>;
  write(name: string, content: string | Buffer): Promise<void>;
  remove(name: string): Promise<void>;
}

type Name = (typeof PEOPLE)[number] | (typeof SENDERS)[number] | (typeof ORGANISATIONS)[number] | 'renewed';

/** `…@citizen.example`; what is wrong with their certificate is their name. */
const PEOPLE = [
  'bo',
  'kim',
  'expired',
  'not-yet-valid',
  'untrusted',
  'sign-only',
  'doctor',
  'nurse',
] as const;
/** `…@demo.example`, with keys of their own; Anna's under a password. */
const SENDERS = ['anna', 'lapsed'] as const;
const ORGANISATIONS = [
  'demo.example',
  'no-personal.example',
  'no-domain.example',
  'hospital.example',
  'lapsed.example',
  'misnamed.example',
] as const;
const PASSWORD = 'open sesame';

/** Fills a folder as services/crypto/README.md describes it. Nobody has a certificate at `nowhere.example`. */
export async function createCertificateCast(folder: string): Promise<CertificateCast> {
  const [authority, stranger] = await Promise.all([
    createCertificateAuthority({ name: 'Trusted' }),
    createCertificateAuthority({ name: 'Stranger' }),
  ]);
  const write = async (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };
  const issued: Partial<Record<Name, Issued>> = {};

  const issuePerson = async (name: (typeof PEOPLE)[number]) => {
    const issuer = name === 'untrusted' ? stranger : authority;
    const domain = name === 'doctor' || name === 'nurse' ? 'hospital.example' : 'citizen.example';
    const person = await issuer.issuePerson({
      email: `${name}@${domain}`,
      name,
      ...(name === 'expired' || name === 'doctor' ? { validity: expired() } : {}),
      ...(name === 'not-yet-valid' ? { validity: notYetValid() } : {}),
      ...(name === 'sign-only' ? { keyUsage: ['digitalSignature'] as const } : {}),
    });
    issued[name] = person;
    await write(`people/${name}.pem`, person.certificatePem);
  };
  const issueSender = async (name: (typeof SENDERS)[number]) => {
    const validity = name === 'lapsed' ? { validity: expired() } : {};
    const sender = await authority.issuePerson({ email: `${name}@demo.example`, name, ...validity });
    issued[name] = sender;
    await write(`keys/people/${name}.p12`, sender.pkcs12(name === 'anna' ? PASSWORD : ''));
  };
  const issueOrganisation = async (domain: (typeof ORGANISATIONS)[number]) => {
    const organisation = await authority.issueOrganisation({
      domain: domain === 'misnamed.example' ? 'else.example' : domain,
      name: domain,
      ...(domain === 'lapsed.example' ? { validity: expired() } : {}),
    });
    issued[domain] = organisation;
    await write(`organisations/${domain}.pem`, organisation.certificatePem);
    if (domain === 'demo.example' || domain.startsWith('no-'))
      await write(`keys/organisations/${domain}.p12`, organisation.pkcs12(''));
  };

  await write('authorities/trusted.pem', authority.certificatePem);
  await Promise.all([
    ...PEOPLE.map(issuePerson),
    ...SENDERS.map(issueSender),
    ...ORGANISATIONS.map(issueOrganisation),
  ]);
  await write('keys/people/anna.p12.password', `${PASSWORD}\n`);
  const renewal = await Promise.all([
    authority.issuePerson({ email: 'renewed@citizen.example', name: 'before', validity: expired() }),
    authority.issuePerson({ email: 'renewed@citizen.example', name: 'after' }),
  ]);
  issued.renewed = renewal[1];
  await write('people/renewed.pem', renewal.map(({ certificatePem }) => certificatePem).join(''));
  return {
    folder,
    authority,
    issued: issued as Record<Name, Issued>,
    write,
    remove: (name) => rm(join(folder, name)),
  };
}
