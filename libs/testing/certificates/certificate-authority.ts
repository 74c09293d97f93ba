// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { issue, keyUsages, newKeyPair, oneName, type Validity } from './issue.ts';
import { pkcs12 } from './pkcs12.ts';

/** A certificate with its private key, both in PEM; the key in PKCS #8 without a password. */
export interface Issued {
  certificatePem: string;
  keyPem: string;
  /** Both, with the authority's certificate, as a PKCS #12 file (RFC 7292) under `password`: AES-256, SHA-1 MAC. */
  pkcs12(password: string): Buffer;
}

export interface CertificateAuthority {
  /** Its own certificate, to be trusted. */
  certificatePem: string;
  /** An S/MIME certificate (RFC 8550) for a person's address. */
  issuePerson(subject: {
    email: string;
    name: string;
    validity?: Validity;
    keyUsage?: readonly KeyUsage[];
  }): Promise<Issued>;
  /** An S/MIME certificate for everybody at a domain: it names the domain and `securemail@` it. */
  issueOrganisation(subject: { domain: string; name: string; validity?: Validity }): Promise<Issued>;
  /** A TLS server certificate for host names and IP addresses. */
  issueServer(subject: { names: readonly string[]; validity?: Validity }): Promise<Issued>;
  /** A TLS client certificate, for a program that is known by it. */
  issueClient(subject: { name: string }): Promise<Issued>;
}

export type KeyUsage = 'digitalSignature' | 'nonRepudiation' | 'keyEncipherment' | 'dataEncipherment';

const DAY = 24 * 60 * 60 * 1_000;
const around = (from: number, to: number): Validity => ({
  notBefore: new Date(Date.now() + from * DAY),
  notAfter: new Date(Date.now() + to * DAY),
});
/** Validities to pass where a certificate is to be refused for its dates. */
export const expired = (): Validity => around(-30, -1);
export const notYetValid = (): Validity => around(1, 30);
const current = (): Validity => around(-1, 365);

const SMIME: readonly KeyUsage[] = ['digitalSignature', 'keyEncipherment'];

/** Makes an authority of its own (RSA-2048, SHA-256) that issues what tests and the demo need. No CRL, no OCSP. */
export async function createCertificateAuthority(options: { name: string }): Promise<CertificateAuthority> {
  const keys = await newKeyPair();
  const subject = [oneName('commonName', options.name)];
  const authority = { subject, publicKey: keys.publicKey, privateKey: keys.privateKey };
  const certificatePem = issue({
    subject,
    publicKey: keys.publicKey,
    validity: around(-31, 10 * 365),
    issuer: authority,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });

  const issueFor = async (request: {
    subject: ReturnType<typeof oneName>[];
    validity: Validity | undefined;
    keyUsage: readonly KeyUsage[];
    purpose: 'emailProtection' | 'serverAuth' | 'clientAuth';
    names: object[];
  }): Promise<Issued> => {
    const own = await newKeyPair();
    const pem = issue({
      subject: request.subject,
      publicKey: own.publicKey,
      validity: request.validity ?? current(),
      issuer: authority,
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', ...keyUsages(request.keyUsage), critical: true },
        { name: 'extKeyUsage', [request.purpose]: true },
        { name: 'subjectAltName', altNames: request.names },
      ],
    });
    const keyPem = own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return {
      certificatePem: pem,
      keyPem,
      pkcs12: (password) => pkcs12({ certificatePem: pem, keyPem, chainPem: [certificatePem] }, password),
    };
  };

  return {
    certificatePem,
    issuePerson: ({ email, name, validity, keyUsage = SMIME }) =>
      issueFor({
        subject: [oneName('commonName', name)],
        validity,
        keyUsage,
        purpose: 'emailProtection',
        names: [rfc822Name(email)],
      }),
    issueOrganisation: ({ domain, name, validity }) =>
      issueFor({
        subject: [oneName('organizationName', name), oneName('commonName', domain)],
        validity,
        keyUsage: SMIME,
        purpose: 'emailProtection',
        names: [rfc822Name(`securemail@${domain}`), dnsName(domain)],
      }),
    issueClient: ({ name }) =>
      issueFor({
        subject: [oneName('commonName', name)],
        validity: undefined,
        keyUsage: ['digitalSignature'],
        purpose: 'clientAuth',
        names: [dnsName(name)],
      }),
    issueServer: ({ names, validity }) =>
      issueFor({
        subject: [oneName('commonName', names[0] ?? 'localhost')],
        validity,
        keyUsage: ['digitalSignature', 'keyEncipherment'],
        purpose: 'serverAuth',
        names: names.map((name) => (isIP(name) === 0 ? dnsName(name) : { type: 7, ip: name })),
      }),
  };
}

/** The tags of GeneralName, RFC 5280 §4.2.1.6. */
const rfc822Name = (value: string) => ({ type: 1, value });
const dnsName = (value: string) => ({ type: 2, value });
