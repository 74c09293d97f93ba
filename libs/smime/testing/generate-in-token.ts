// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, type KeyObject } from 'node:crypto';
import { der, oid, readDer, sequence, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { CK, type Attribute, type Cryptoki, type Handle, type Mechanism } from '../keys/pkcs11/cryptoki.ts';
import type { Pkcs11Token } from '../keys/pkcs11/token.ts';

/** What only tests ask of a token. */
export interface Administration extends Cryptoki {
  C_CloseAllSessions(slot: Handle): void;
  C_SetPIN(session: Handle, from: string, to: string): void;
  C_GenerateKeyPair(
    session: Handle,
    mechanism: Mechanism,
    publicKey: readonly Attribute[],
    privateKey: readonly Attribute[],
  ): { publicKey: Handle };
}

export const CKF_RW_SESSION = 2;
const CKA_PRIVATE = 2;
const CKA_DERIVE = 0x10c;
const CKA_EC_PARAMS = 0x180;
const CKA_EC_POINT = 0x181;
const CKM_EC_KEY_PAIR_GEN = 0x1040;
const CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055;

const X25519 = '1.3.101.110';
const CURVES = { 'P-256': '1.2.840.10045.3.1.7', 'P-384': '1.3.132.0.34', 'P-521': '1.3.132.0.35', X25519 };

export const slotOf = (cryptoki: Cryptoki, label: string): Handle => {
  const slot = cryptoki
    .C_GetSlotList(true)
    .find((each) => cryptoki.C_GetTokenInfo(each).label.trim() === label);
  if (slot === undefined) throw new Error(`there is no token ${label}`);
  return slot;
};

/** Makes a key that agrees, in a token that it will never leave. @returns its public half. */
export function generateInToken(
  token: Pkcs11Token,
  tokenLabel: string,
  label: string,
  curve: keyof typeof CURVES,
): Promise<KeyObject> {
  return token.use((session) => {
    const cryptoki = session.cryptoki as Administration;
    const slot = slotOf(cryptoki, tokenLabel);
    const handle = cryptoki.C_OpenSession(slot, CK.CKF_SERIAL_SESSION | CKF_RW_SESSION);
    const mechanism = curve === 'X25519' ? CKM_EC_EDWARDS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN;
    const { publicKey } = cryptoki.C_GenerateKeyPair(
      handle,
      { mechanism },
      [
        { type: CKA_EC_PARAMS, value: oid(CURVES[curve]) },
        { type: CK.CKA_LABEL, value: label },
        { type: CK.CKA_TOKEN, value: true },
      ],
      [
        { type: CK.CKA_LABEL, value: label },
        { type: CK.CKA_TOKEN, value: true },
        { type: CKA_PRIVATE, value: true },
        { type: CK.CKA_SENSITIVE, value: true },
        { type: CK.CKA_EXTRACTABLE, value: false },
        { type: CKA_DERIVE, value: true },
      ],
    );
    const [point] = cryptoki.C_GetAttributeValue(handle, publicKey, [{ type: CKA_EC_POINT }]);
    cryptoki.C_CloseSession(handle);
    return Promise.resolve(publicKeyAt(readDer(point?.value ?? Buffer.alloc(0)).content, CURVES[curve]));
  });
}

function publicKeyAt(point: Buffer, curve: string): KeyObject {
  const algorithm = curve === X25519 ? sequence(oid(X25519)) : sequence(oid(OID.ecPublicKey), oid(curve));
  const spki = sequence(algorithm, der(TAG.bitString, Buffer.of(0), point));
  return createPublicKey({ key: spki, format: 'der', type: 'spki' });
}
