// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  issueAuthority,
  issueCertificate,
  softwareSigner,
  type Certificate,
  type SignatureAlgorithm,
  type Signer,
} from '@securemail/smime';

const VALIDITY = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2035-01-01T00:00:00Z') };

export const KEYS = {
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'rsa-pss': () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey,
  'p-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'p-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'p-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  ed25519: () => generateKeyPairSync('ed25519').privateKey,
} satisfies Record<string, () => KeyObject>;
export type KeyKind = keyof typeof KEYS;

export interface Organisation {
  /** What readers trust. */
  readonly trustAnchors: readonly Certificate[];
  readonly signer: Signer;
  readonly key: KeyObject;
}

/** An organisation with a key that signs, and a certificate for its domain by an authority of its own. */
export function organisation({
  kind = 'p-256',
  algorithm,
  domain = 'demo.example',
  validity = VALIDITY,
  names = { emails: [], domains: [domain] },
}: {
  kind?: KeyKind;
  algorithm?: SignatureAlgorithm;
  domain?: string;
  validity?: { notBefore: Date; notAfter: Date };
  /** What its certificate names. Default: the domain. */
  names?: { emails: string[]; domains: string[] };
} = {}): Organisation {
  const root = KEYS['p-256']();
  const authority = { key: root, certificate: issueAuthority(root, `Authority of ${domain}`, VALIDITY) };
  const key = KEYS[kind]();
  const certificate = issueCertificate(authority, key, { commonName: domain, ...names }, validity);
  const signer = softwareSigner({ key, certificate, chain: [authority.certificate], algorithm });
  return { trustAnchors: [authority.certificate], signer, key };
}
