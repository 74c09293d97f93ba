// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { Address } from '@securemail/contracts';
import {
  certificateOf,
  loadPkcs12,
  readCertificates,
  softwareSigner,
  type Certificate,
} from '@securemail/smime';
import { createCertificateAuthority, expired } from '@securemail/testing';
import { directoryOf, type Directory } from '../domain/directory.ts';
import { OWN, PARTNER } from './any-world.ts';

export const KIM = Address.parse('kim@citizen.example');

export interface AnyCast {
  /** Of the folder: with keys that sign, and without. */
  folder: { keys: Directory; keyless: Directory };
  /** Kim's, by an authority that is trusted, and by one that is not. */
  kim: { valid: Certificate; untrusted: Certificate };
}

export async function anyCast(): Promise<AnyCast> {
  const [trusted, stranger] = await Promise.all([
    createCertificateAuthority({ name: 'Trusted' }),
    createCertificateAuthority({ name: 'Stranger' }),
  ]);
  const read = (pem: string): Certificate => certificateOf(new X509Certificate(pem).raw);
  const person = async (name: string, more: object = {}, by = trusted) =>
    read((await by.issuePerson({ email: `${name}@citizen.example`, name, ...more })).certificatePem);
  const hospital = await trusted.issueOrganisation({ domain: 'hospital.example', name: 'Hospital' });
  const lapsed = await trusted.issueOrganisation({ domain: PARTNER, name: 'Lapsed', validity: expired() });
  const anna = await trusted.issuePerson({ email: `anna@${OWN}`, name: 'anna' });
  const demo = await trusted.issueOrganisation({ domain: OWN, name: 'Demo' });
  const contents = {
    authorities: readCertificates(Buffer.from(trusted.certificatePem)),
    people: [
      await person('bo'),
      await person('eve', { validity: expired() }),
      await person('sam', {}, stranger),
    ],
    organisations: new Map([
      ['hospital.example', [read(hospital.certificatePem)]],
      [PARTNER, [read(lapsed.certificatePem)]],
    ]),
  };
  const signer = (pkcs12: Buffer) => softwareSigner(loadPkcs12(pkcs12, ''));
  return {
    folder: {
      keys: directoryOf({
        ...contents,
        signersOfPeople: [signer(anna.pkcs12(''))],
        signersOfOrganisations: new Map([[OWN, [signer(demo.pkcs12(''))]]]),
      }),
      keyless: directoryOf({ ...contents, signersOfPeople: [], signersOfOrganisations: new Map() }),
    },
    kim: { valid: await person('kim'), untrusted: await person('kim', {}, stranger) },
  };
}
