// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { createCertificateAuthority } from '@securemail/testing';
import { namesServer } from './server-name.ts';

const authority = await createCertificateAuthority({ name: 'Names' });
const derOf = async (...names: string[]) =>
  new X509Certificate((await authority.issueServer({ names })).certificatePem).raw;

it.each<[string[], string, boolean]>([
  [['mx.a.example', 'mx.b.example'], 'MX.B.example', true],
  [['*.a.example'], 'mx.a.example', true],
  [['*.a.example'], 'mx.in.a.example', false],
  [['*.a.example'], 'a.example', false],
  [['m*.a.example'], 'mx.a.example', false],
  [['mx.a.example'], 'mx.b.example', false],
])('a certificate for %j names %s: %s', async (names, server, isNamed) => {
  expect(namesServer(server, await derOf(...names)) === undefined).toBe(isNamed);
});

it('a common name is none', async () => {
  const { certificatePem } = await authority.issuePerson({ email: 'anna@a.example', name: 'mx.a.example' });
  const fault = namesServer('mx.a.example', new X509Certificate(certificatePem).raw);
  expect(fault).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});
