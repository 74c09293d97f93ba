// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** What an authenticator says otherwise than an honest one in an honest browser would. */
export interface Lies {
  origin?: string;
  rpId?: string;
  /** Whether its owner unlocked it. */
  userVerified?: boolean;
  counter?: number;
  challenge?: string;
  type?: string;
  id?: string;
}

/** An authenticator of which a test decides all that it says (WebAuthn §6): Chromium has one that can't be made to lie. */
export function authenticator(honest: { origin: string; rpId: string }) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const ownId = randomBytes(32).toString('base64url');
  let count = 0;
  const clientData = (type: string, challenge: string, lies: Lies) =>
    Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin: lies.origin ?? honest.origin,
        crossOrigin: false,
      }),
    );
  const data = (lies: Lies, more: Buffer) => {
    count += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(lies.counter ?? count);
    // User present; verified; attested credential data (§6.1).
    const flags = 0x01 | (lies.userVerified === false ? 0 : 0x04) | (more.length > 0 ? 0x40 : 0);
    const rpIdHash = createHash('sha256')
      .update(lies.rpId ?? honest.rpId)
      .digest();
    return Buffer.concat([rpIdHash, Buffer.from([flags]), counter, more]);
  };
  const common = (id: string) => ({
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: {},
  });
  return {
    /** Answers what was asked in order to add a passkey. */
    add(challenge: string, lies: Lies = {}) {
      const id = lies.id ?? ownId;
      const octets = Buffer.from(id, 'base64url');
      const key = cborMap([
        [1, cborInt(2)],
        [3, cborInt(-7)],
        [-1, cborInt(1)],
        [-2, cborBytes(Buffer.from(x, 'base64url'))],
        [-3, cborBytes(Buffer.from(y, 'base64url'))],
      ]);
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, octets.length]), octets, key]);
      const attestationObject = cborMap([
        ['fmt', cborText('none')],
        ['attStmt', cborMap([])],
        ['authData', cborBytes(data(lies, attested))],
      ]);
      return {
        ...common(id),
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, lies).toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    /** Answers what was asked in order to sign in. */
    answer(challenge: string, lies: Lies = {}) {
      const client = clientData('webauthn.get', challenge, lies);
      const authenticatorData = data(lies, Buffer.alloc(0));
      const signed = Buffer.concat([authenticatorData, createHash('sha256').update(client).digest()]);
      return {
        ...common(lies.id ?? ownId),
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authenticatorData.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
        },
      };
    },
  };
}

/** As much of CBOR (RFC 8949 §3) as that needs: what is shorter than 256. */
const head = (major: number, value: number) =>
  value < 24 ? Buffer.from([(major << 5) | value]) : Buffer.from([(major << 5) | 24, value]);
const cborInt = (value: number) => (value < 0 ? head(1, -1 - value) : head(0, value));
const cborBytes = (octets: Buffer) => Buffer.concat([head(2, octets.length), octets]);
const cborText = (text: string) => Buffer.concat([head(3, text.length), Buffer.from(text)]);
const cborMap = (pairs: [string | number, Buffer][]) =>
  Buffer.concat([
    head(5, pairs.length),
    ...pairs.flatMap(([key, value]) => [typeof key === 'string' ? cborText(key) : cborInt(key), value]),
  ]);
