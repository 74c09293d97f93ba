// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPkcs12 } from '@securemail/smime';
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';
import { encryptWithOpenssl, signWithOpenssl } from './openssl.ts';

/** A mail that somebody outside sends to the demo organisation. */
export interface IncomingMail {
  title: string;
  from: string;
  to: string;
  /** Whether the server that brings it begins TLS. */
  tls: boolean;
  /** Its MIME entity, protected as it comes. */
  entity: (world: DemoWorld) => Promise<string>;
  expect: { verdict: string; reservations: string[]; protection: 'smime' | 'tls' | 'none'; holds: string };
}

const TEXT = 'Content-Type: text/plain\r\n\r\nDear Anna, the scan is fine.\r\n';
const HTML = 'Content-Type: text/html\r\n\r\n<p>Dear Anna <img src="http://evil.example/track"></p>\r\n';

const signedBy = (address: string, entity: string, { paths }: DemoWorld) =>
  signWithOpenssl(entity, { keyPath: paths.keyOf(address), certificatePath: paths.certificateOf(address) });

/** The certificate of one of our own, as others have it. */
async function certificateIn({ paths }: DemoWorld, name: string): Promise<string> {
  const file = join(paths.certificates, 'keys', `${name}.p12`);
  const password = await readFile(`${file}.password`, 'utf8');
  return loadPkcs12(await readFile(file), password).certificate.x509.toString();
}

/** Signed by somebody outside, and encrypted for one of our own keys. */
const sealed = (from: string, key: string) => async (world: DemoWorld) =>
  encryptWithOpenssl(await signedBy(from, TEXT, world), await certificateIn(world, key));

/** One for each way in which mail comes. */
export const INCOMING_MAILS: readonly IncomingMail[] = [
  {
    title: 'From a person outside, signed and encrypted for Anna',
    from: PEOPLE.person,
    to: PEOPLE.anna,
    tls: true,
    entity: sealed(PEOPLE.person, 'people/anna'),
    expect: { verdict: 'valid', reservations: [], protection: 'smime', holds: 'the scan is fine' },
  },
  {
    title: 'From another organisation, signed by it and encrypted for ours (tunnel mail)',
    from: PEOPLE.clerk,
    to: PEOPLE.colleague,
    tls: true,
    entity: sealed(PEOPLE.clerk, 'organisations/demo.example'),
    expect: { verdict: 'valid', reservations: [], protection: 'smime', holds: 'the scan is fine' },
  },
  {
    title: 'Signed, and changed on its way',
    from: PEOPLE.person,
    to: PEOPLE.anna,
    tls: true,
    entity: async (world) =>
      (await signedBy(PEOPLE.person, TEXT, world)).replace('the scan is fine', 'the scan is BAD'),
    expect: {
      verdict: 'invalid',
      reservations: ['content-changed'],
      protection: 'tls',
      holds: 'the scan is BAD',
    },
  },
  {
    title: 'Encrypted and not signed, with a picture elsewhere that would give its text away (EFAIL)',
    from: PEOPLE.stranger,
    to: PEOPLE.anna,
    tls: true,
    entity: async (world) => encryptWithOpenssl(HTML, await certificateIn(world, 'people/anna')),
    expect: {
      verdict: 'not-signed',
      reservations: ['unauthenticated-encryption'],
      protection: 'smime',
      holds: 'multipart/mixed',
    },
  },
  {
    title: 'Insecure: in clear, and not signed',
    from: PEOPLE.stranger,
    to: PEOPLE.anna,
    tls: false,
    entity: () => Promise.resolve(TEXT),
    expect: { verdict: 'not-signed', reservations: [], protection: 'none', holds: 'the scan is fine' },
  },
];
