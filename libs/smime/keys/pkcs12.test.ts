// SPDX-License-Identifier: Apache-2.0
import { pbkdf2Sync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  entityOf,
  KeyMismatchError,
  loadPkcs12,
  signEntity,
  softwareSigner,
  WrongPasswordError,
} from '../index.ts';
import { asMessage, openBytes } from '../testing/opening.ts';
import {
  openssl,
  opensslWorkshop,
  type Identity,
  type OpensslWorkshop,
} from '../testing/openssl-workshop.ts';
import { forge } from './forge.ts';

let workshop: OpensslWorkshop;
let authority: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Authority');
});
afterAll(() => workshop.close());

async function pkcs12Of(certificate: Identity, key: Identity, ...more: string[]): Promise<Buffer> {
  const out = workshop.path('file.p12');
  const input = [
    '-in',
    certificate.certificatePath,
    '-inkey',
    key.keyPath,
    '-certfile',
    authority.certificatePath,
  ];
  await openssl('pkcs12', '-export', ...input, '-passout', 'pass:secret', ...more, '-out', out);
  return await readFile(out);
}

const PSS = ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'];
const SHA384_ONLY = [
  'rsa_pss_keygen_md:sha384',
  'rsa_pss_keygen_mgf1_md:sha384',
  'rsa_pss_keygen_saltlen:48',
];

it.each([
  ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], 'rsassa-pkcs1-v1_5-sha256'],
  ['P-521', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'], 'ecdsa-sha512'],
  ['Ed25519', ['-algorithm', 'ED25519'], 'ed25519'],
  ['id-RSASSA-PSS', PSS, 'rsassa-pss-sha256'],
  [
    'id-RSASSA-PSS bound to SHA-384',
    [...PSS, ...SHA384_ONLY.flatMap((option) => ['-pkeyopt', option])],
    'rsassa-pss-sha384',
  ],
] as const)(
  'a key of the kind %s comes out of a file, and signs as its certificate wants',
  async (_kind, key, algorithm) => {
    const person = await workshop.issue(authority, { key: [...key] });
    const loaded = loadPkcs12(await pkcs12Of(person, person), 'secret');
    expect(loaded.certificate.sha256).toBe(person.certificate.sha256);
    expect(loaded.chain.map(({ sha256 }) => sha256)).toEqual([authority.certificate.sha256]);
    const signer = softwareSigner(loaded);
    expect(signer.algorithm).toBe(algorithm);
    const content = entityOf(Buffer.from('Content-Type: text/plain\r\n\r\nHello\r\n'));
    const signed = await signEntity(content, signer, { signingTime: new Date() });
    const { layers } = await openBytes(await asMessage(signed), { unwrappers: [] });
    expect(layers).toMatchObject([{ signatures: [{ verified: true, problems: [] }] }]);
  },
);

it('a key for PSS is not taken for the plain RSA key of another', async () => {
  const pss = await workshop.issue(authority, { key: PSS });
  const other = await workshop.issue(authority, { key: PSS });
  const file = await pkcs12Of(pss, pss);
  expect(loadPkcs12(file, 'secret').key.asymmetricKeyType).toBe('rsa-pss');
  await expect(pkcs12Of(other, pss)).rejects.toThrow(/[Nn]o cert/);
  expect(() => softwareSigner({ ...loadPkcs12(file, 'secret'), certificate: other.certificate })).toThrow(
    KeyMismatchError,
  );
});

it('a file whose password is stretched by a million rounds opens', async () => {
  const person = await workshop.issue(authority);
  const file = await pkcs12Of(person, person, '-iter', '1000000', '-nomaciter');
  expect(loadPkcs12(file, 'secret').certificate.sha256).toBe(person.certificate.sha256);
  expect(() => loadPkcs12(file, 'wrong')).toThrow(WrongPasswordError);
});

it.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)(
  'a key is derived with %s as OpenSSL does',
  (digest) => {
    const derived = forge.pkcs5.pbkdf2('password', 'salt', 4096, 40, forge.md[digest].create());
    expect(Buffer.from(derived, 'latin1')).toEqual(pbkdf2Sync('password', 'salt', 4096, 40, digest));
  },
);
