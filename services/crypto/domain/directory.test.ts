// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import { loadPkcs12, readCertificates, softwareSigner, type Certificate } from '@securemail/smime';
import { createCertificateAuthority } from '@securemail/testing';
import { directoryOf } from './directory.ts';

const at = new Date();
const BO = Address.parse('bo@citizen.example');
const PEOPLE = 10_000;

it('one person is found among ten thousand, for reading and for signing, without asking the others’ certificates', async () => {
  const authority = await createCertificateAuthority({ name: 'Trusted' });
  const issued = await authority.issuePerson({ email: 'Bo@citizen.example', name: 'bo' });
  const [bo] = readCertificates(Buffer.from(issued.certificatePem));
  const signer = softwareSigner(loadPkcs12(issued.pkcs12(''), ''));
  let asked = 0;
  const others = Array.from({ length: PEOPLE }, (_, index): Certificate => ({
    ...bo!,
    get emails() {
      asked += 1;
      return [`p${index}@citizen.example`];
    },
  }));
  const directory = directoryOf({
    authorities: readCertificates(Buffer.from(authority.certificatePem)),
    people: [...others, bo!],
    organisations: new Map(),
    signersOfPeople: [...others.map((certificate) => ({ ...signer, certificate })), signer],
    signersOfOrganisations: new Map(),
  });
  asked = 0;
  expect(directory.person(BO, at)).toEqual({
    ok: true,
    certificate: bo,
    capabilities: null,
    envelope: 'rsa, aes-256-cbc',
    source: 'folder',
    endsAt: bo!.notAfter,
  });
  expect(directory.signerFor(BO, at)).toEqual({ signer, whose: 'person' });
  expect(directory.person(Address.parse('nobody@citizen.example'), at)).toEqual({
    ok: false,
    because: 'no-certificate',
  });
  expect(asked).toBe(0);
});
