// SPDX-License-Identifier: Apache-2.0
import type { ContentEncryption, KeyEncryption, SignatureAlgorithm } from '../../index.ts';

/** The people of the matrix, each by the kind of his key. */
export type PersonName =
  | 'RSA'
  | 'another RSA'
  | 'P-256'
  | 'P-384'
  | 'P-521'
  | 'Ed25519'
  | 'X25519'
  | 'ML-KEM-512'
  | 'ML-KEM-768'
  | 'ML-KEM-1024';

export interface SignedLayer {
  readonly kind: 'signed';
  readonly by: PersonName;
  readonly algorithm: SignatureAlgorithm;
  readonly form: 'detached' | 'opaque';
}

export interface EncryptedLayer {
  readonly kind: 'encrypted';
  readonly contentEncryption: ContentEncryption;
  readonly recipients: readonly { readonly person: PersonName; readonly keyEncryption: KeyEncryption }[];
}

export type RowLayer = SignedLayer | EncryptedLayer;

/** One thing that the library makes and opens, from the outside in: a line of docs/interop.md. */
export interface Row {
  readonly group: 'Signatures' | 'Content keys' | 'Content' | 'Layers and recipients';
  readonly name: string;
  readonly layers: readonly RowLayer[];
  /** Who opens it, one after the other. */
  readonly readers: readonly PersonName[];
}

const SIGNERS: readonly [SignatureAlgorithm, PersonName][] = [
  ['rsassa-pkcs1-v1_5-sha256', 'RSA'],
  ['rsassa-pkcs1-v1_5-sha384', 'RSA'],
  ['rsassa-pkcs1-v1_5-sha512', 'RSA'],
  ['rsassa-pss-sha256', 'RSA'],
  ['rsassa-pss-sha384', 'RSA'],
  ['rsassa-pss-sha512', 'RSA'],
  ['ecdsa-sha256', 'P-256'],
  ['ecdsa-sha384', 'P-384'],
  ['ecdsa-sha512', 'P-521'],
  ['ed25519', 'Ed25519'],
];

const READERS: readonly [KeyEncryption, PersonName][] = [
  ['rsaes-pkcs1-v1_5', 'RSA'],
  ['rsaes-oaep-sha256', 'RSA'],
  ['ecdh-sha256', 'P-256'],
  ['ecdh-sha384', 'P-384'],
  ['ecdh-sha512', 'P-521'],
  ['x25519-hkdf-sha256', 'X25519'],
  ['ml-kem-512', 'ML-KEM-512'],
  ['ml-kem-768', 'ML-KEM-768'],
  ['ml-kem-1024', 'ML-KEM-1024'],
];

const CIPHERS: readonly ContentEncryption[] = [
  'aes-128-cbc',
  'aes-256-cbc',
  'aes-128-gcm',
  'aes-256-gcm',
  'chacha20-poly1305',
];

const signed = (form: SignedLayer['form'], by: PersonName = 'RSA'): SignedLayer => ({
  kind: 'signed',
  by,
  algorithm: 'rsassa-pkcs1-v1_5-sha256',
  form,
});

function encrypted(...people: PersonName[]): EncryptedLayer {
  const wayTo = new Map(READERS.map(([way, person]) => [person, way]));
  const recipients = people.map((person) => ({
    person,
    keyEncryption: person.endsWith('RSA') ? 'rsaes-pkcs1-v1_5' : (wayTo.get(person) ?? 'rsaes-pkcs1-v1_5'),
  }));
  return { kind: 'encrypted', contentEncryption: 'aes-256-cbc', recipients };
}

/** All that is tried with each peer, both ways. */
export const ROWS: readonly Row[] = [
  ...SIGNERS.flatMap(([algorithm, by]) =>
    (['detached', 'opaque'] as const).map((form): Row => {
      const layers = [{ kind: 'signed', by, algorithm, form } as const];
      return { group: 'Signatures', name: `${algorithm}, ${form}`, layers, readers: [by] };
    }),
  ),
  ...READERS.map(([keyEncryption, person]): Row => {
    const recipients = [{ person, keyEncryption }];
    const layers = [{ kind: 'encrypted', contentEncryption: 'aes-256-cbc', recipients } as const];
    return { group: 'Content keys', name: `${keyEncryption}, with aes-256-cbc`, layers, readers: [person] };
  }),
  ...CIPHERS.map((contentEncryption): Row => {
    const layers = [{ ...encrypted('RSA'), contentEncryption }];
    return {
      group: 'Content',
      name: `${contentEncryption}, its key by rsaes-pkcs1-v1_5`,
      layers,
      readers: ['RSA'],
    };
  }),
  ...(
    [
      ['for two with RSA keys, read by both', [encrypted('RSA', 'another RSA')], ['RSA', 'another RSA']],
      ['for RSA and P-256, read by the one with RSA', [encrypted('P-256', 'RSA')], ['RSA']],
      [
        'for RSA, P-384, X25519 and ML-KEM-768, read by the one with RSA',
        [encrypted('ML-KEM-768', 'X25519', 'P-384', 'RSA')],
        ['RSA'],
      ],
      ['signed (detached), then encrypted', [encrypted('RSA'), signed('detached')], ['RSA']],
      ['signed (opaque), then encrypted', [encrypted('RSA'), signed('opaque')], ['RSA']],
      [
        'triple wrapped: signed, encrypted, signed',
        [signed('detached', 'another RSA'), encrypted('RSA'), signed('detached')],
        ['RSA'],
      ],
    ] as const
  ).map(([name, layers, readers]): Row => ({ group: 'Layers and recipients', name, layers, readers })),
];
