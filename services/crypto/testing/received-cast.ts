// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expired } from '@securemail/testing';
import { readCertificateFolder } from '../adapters/certificate-folder.ts';
import type { Directory } from '../domain/directory.ts';
import { createCertificateCast, type CertificateCast } from './certificate-cast.ts';
import { cmsByOpenssl, type Cms } from './cms-by-openssl.ts';
import { issueBelow, type Reader } from './openssl.ts';
import { revocableCast, type Revocable } from './revocable.ts';

/** Everybody whom the received mails of the tests are from and for. */
export interface ReceivedCast {
  issued: CertificateCast['issued'];
  revocable: Revocable['people'];
  /** Keys that Anna had before: one is over, one was for the same name. */
  former: { expired: Reader; rolled: Reader };
  /** `weak@citizen.example`, with RSA of 1024 bits. */
  weak: Reader;
  /** `below@citizen.example`, with an authority between him and the root: it has to come along. */
  below: Reader & { betweenPem: string };
  /** Trusted, for an address, but may not sign. */
  encryptsOnly: Reader;
  authorityPem: string;
  cms: Cms;
  directory: Directory;
  close(): Promise<void>;
}

export async function createReceivedCast(): Promise<ReceivedCast> {
  const folder = await mkdtemp(join(tmpdir(), 'received-cast-'));
  const [base, revocable, weak, below] = await Promise.all([
    createCertificateCast(join(folder, 'certificates')),
    revocableCast(),
    issueBelow('weak@citizen.example', { key: ['rsa:1024'] }),
    issueBelow('below@citizen.example'),
  ]);
  const { issued, authority } = base;
  const anna = { email: 'anna@demo.example', name: 'Anna' };
  const [old, rolled, encryptsOnly] = await Promise.all([
    authority.issuePerson({ ...anna, validity: expired() }),
    authority.issuePerson(anna),
    authority.issuePerson({ email: 'bo@citizen.example', name: 'Bo', keyUsage: ['keyEncipherment'] }),
  ]);
  await base.write('keys/people/anna-old.p12', old.pkcs12(''));
  await base.write('keys/people/anna-rolled.p12', rolled.pkcs12(''));
  await base.write('authorities/revocable.pem', revocable.authorityPem);
  await base.write('authorities/weak.pem', weak.rootPem);
  await base.write('authorities/below.pem', below.rootPem);
  return {
    issued,
    revocable: revocable.people,
    former: { expired: old, rolled },
    weak: { ...weak.person, certificatePem: weak.person.certificatePem },
    below: { ...below.person, betweenPem: below.betweenPem },
    encryptsOnly,
    authorityPem: authority.certificatePem,
    cms: cmsByOpenssl({
      'between.pem': weak.betweenPem + below.betweenPem,
      'authority.pem': authority.certificatePem,
    }),
    directory: await readCertificateFolder(base.folder),
    close: async () => {
      await revocable.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
