// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, CompactSign, exportJWK, type JWK } from 'jose';
import type { ReceiptsSettings } from '../settings.ts';
import { privateKeyIn, publicKeyIn, type WantedKey } from './signing-key.ts';

/** Signs receipts for systems, and tells by which keys they can be verified. */
export interface ReceiptSigner {
  /** A JWS in compact serialisation (RFC 7515 §3.1); null where no key is set. */
  sign: ((payload: object) => Promise<string>) | null;
  /** RFC 7517 §5: the key that signs, and those that did. */
  keys: { keys: JWK[] };
}

const TYPE = 'securemail-receipt+json';

/** @throws Error that names the setting, where a key can not be used. */
export async function openReceiptSigner(signing: ReceiptsSettings['signing']): Promise<ReceiptSigner> {
  if (signing === undefined) return { sign: null, keys: { keys: [] } };
  const privateKey = privateKeyIn('receipts.signing.keyFile', signing.keyFile, SIGNING);
  const former = signing.formerKeyFiles.map((file) =>
    publicKeyIn('receipts.signing.formerKeyFiles', file, SIGNING),
  );
  const [current, ...others] = await Promise.all([createPublicKey(privateKey), ...former].map(jwkOf));
  if (current === undefined) throw new Error('receipts.signing.keyFile: no key was read');
  const { alg, kid } = current;
  return {
    sign: (payload) =>
      new CompactSign(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader({ alg, kid, typ: TYPE })
        .sign(privateKey),
    keys: { keys: [current, ...others] },
  };
}

/** Named by its thumbprint (RFC 7638), so that two gateways with one key name it alike. */
async function jwkOf(key: KeyObject): Promise<JWK & { alg: string; kid: string }> {
  const jwk = await exportJWK(key);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: algorithmOf(key), use: 'sig' };
}

const algorithmOf = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string =>
  asymmetricKeyType === 'ed25519'
    ? 'EdDSA'
    : asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1'
      ? 'ES256'
      : '';

const SIGNING: WantedKey = {
  isOne: (key) => algorithmOf(key) !== '',
  otherwise: 'a key for Ed25519 or on P-256 is needed',
};
