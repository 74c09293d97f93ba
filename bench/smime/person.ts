// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readCertificates, type Certificate } from '@securemail/smime';
import type { Cast } from './cast.ts';

/** One who signs, and reads what is for him. */
export interface Person {
  readonly key: KeyObject;
  readonly certificate: Certificate;
}

/** A person on the way to another process or thread. */
export interface PersonInPem {
  readonly keyPem: string;
  readonly certificatePem: string;
}

export const personInPem = ({ key, signer }: Cast): PersonInPem => ({
  keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  certificatePem: signer.x509.toString(),
});

export function personFrom({ keyPem, certificatePem }: PersonInPem): Person {
  const [certificate] = readCertificates(certificatePem);
  if (certificate === undefined) throw new TypeError('a certificate is wanted');
  return { key: createPrivateKey(keyPem), certificate };
}
