// SPDX-License-Identifier: Apache-2.0
import { constants, publicEncrypt, randomBytes, type KeyObject } from 'node:crypto';
import type { Certificate } from '../../certificates/certificate.ts';
import { CryptographicOperationError, KeyUnavailableError } from '../../errors.ts';
import type { RsaEncryption, Unwrapper } from '../unwrapper.ts';
import { checkBelongsTo, passingKey } from './check-belongs-to.ts';
import { CK, CK_PARAMS, codeOf, HASHES, type Mechanism } from './cryptoki.ts';
import { pointOf, sharedSecretLength } from '../../algorithms/public-point.ts';
import { beforeData, isLost, isOfTheDevice, outOfOrder } from './lost.ts';
import type { KeyAt, Session } from './session.ts';
import type { Pkcs11Token } from './token.ts';

/** More than an RSA key of 16384 bits gives. */
const LONGEST_PLAINTEXT = 2048;

/**
 * An unwrapper whose key stays in a token: RSA, or a key on a curve. A token has no ML-KEM in PKCS#11 2.40.
 *
 * With PKCS#1 v1.5 most tokens tell wrong padding by an error; it comes out like every other, at once and with nothing
 * done about it, and a random key takes its place (RFC 3218 §2.3.2). A token that takes longer over wrong padding than
 * over right one gives that away, whatever is done here.
 *
 * @throws KeyNotFoundError, KeyMismatchError where the key is not the certificate's; CryptographicOperationError with
 *   PKCS#11's code where the token does not do this; KeyUnavailableError.
 */
export async function pkcs11Unwrapper(from: {
  token: Pkcs11Token;
  key: KeyAt;
  certificate: Certificate;
}): Promise<Unwrapper> {
  const { token, certificate } = from;
  const { key: at } = from;
  const decrypt = (ciphertext: Buffer, encryption: RsaEncryption) => (session: Session) =>
    decryptIn(session, at, ciphertext, encryption);
  const ask = <T>(operation: string, operate: (session: Session) => Promise<T>): Promise<T> =>
    token.use(operate).catch((error: unknown) => {
      if (error instanceof KeyUnavailableError) throw error;
      throw new CryptographicOperationError(`${operation} failed (${codeOf(error) ?? 'no code'})`);
    });
  /** Of a stranger's: a fault of the device counts as one only where the device has it with something of our own, too. */
  const askOfAnother = <T>(
    operation: string,
    operate: (session: Session) => Promise<T>,
    ofOurs: () => (session: Session) => Promise<unknown>,
  ): Promise<T> =>
    ask(operation, async (session) => {
      try {
        return await operate(session);
      } catch (error) {
        if (isOfTheDevice(error)) await checkWorks(() => ofOurs()(session));
        throw error;
      }
    });

  const agreeWith = (publicKey: KeyObject) => (session: Session) => agree(session, at, publicKey);
  const unwrapper: Unwrapper = {
    certificate,
    decrypt: (ciphertext, encryption) =>
      askOfAnother('decrypting', decrypt(ciphertext, encryption), () =>
        decrypt(encryptedByUs(certificate), OURS),
      ),
    agree: (publicKey) =>
      askOfAnother('agreeing', agreeWith(publicKey), () => agreeWith(passingKey(certificate).publicKey)),
    decapsulate: () => Promise.reject(new CryptographicOperationError('PKCS#11 2.40 has no ML-KEM')),
  };
  const modulus = () =>
    ask('reading the modulus', ({ cryptoki, handle, key }) => {
      const [attribute] = cryptoki.C_GetAttributeValue(handle, key(from.key), [{ type: CK.CKA_MODULUS }]);
      return Promise.resolve(attribute?.value ?? Buffer.alloc(0));
    });
  await checkBelongsTo(certificate, modulus, (publicKey) => ask('agreeing', agreeWith(publicKey)));
  return unwrapper;
}

/** @throws KeyUnavailableError where it fails by a fault of the device. */
async function checkWorks(operate: () => Promise<unknown>): Promise<void> {
  try {
    await operate();
  } catch (error) {
    if (isOfTheDevice(error)) throw outOfOrder(error);
    if (error instanceof KeyUnavailableError || isLost(error)) throw error;
  }
}

/** With no parameters, which of OAEP are the stranger's. */
const OURS: RsaEncryption = { scheme: 'pkcs1-v1_5' };

const encryptedByUs = ({ x509 }: Certificate): Buffer =>
  publicEncrypt({ key: x509.publicKey, padding: constants.RSA_PKCS1_PADDING }, randomBytes(32));

async function decryptIn(
  { cryptoki, handle, key }: Session,
  at: KeyAt,
  ciphertext: Buffer,
  encryption: RsaEncryption,
): Promise<Buffer> {
  const mechanism = mechanismOf(encryption);
  const decrypting = key(at);
  const begin = () => {
    cryptoki.C_DecryptInit(handle, mechanism, decrypting);
  };
  // The hash and the label of OAEP are the stranger's: of those a token may say anything.
  if (encryption.scheme === 'oaep') begin();
  else beforeData(begin);
  return await cryptoki.C_DecryptAsync(handle, ciphertext, Buffer.alloc(LONGEST_PLAINTEXT));
}

/** The shared secret as it is (CKD_NULL): the key derivation of CMS is done here. */
async function agree({ cryptoki, handle, key }: Session, at: KeyAt, publicKey: KeyObject): Promise<Buffer> {
  const length = sharedSecretLength(publicKey);
  const parameter = { type: CK_PARAMS.EC_DH, kdf: CK.CKD_NULL, publicData: pointOf(publicKey) };
  const secret = await cryptoki.C_DeriveKeyAsync(
    handle,
    { mechanism: CK.CKM_ECDH1_DERIVE, parameter },
    key(at),
    [
      { type: CK.CKA_CLASS, value: CK.CKO_SECRET_KEY },
      { type: CK.CKA_KEY_TYPE, value: CK.CKK_GENERIC_SECRET },
      { type: CK.CKA_TOKEN, value: false },
      { type: CK.CKA_SENSITIVE, value: false },
      { type: CK.CKA_EXTRACTABLE, value: true },
      { type: CK.CKA_VALUE_LEN, value: length },
    ],
  );
  try {
    const [attribute] = cryptoki.C_GetAttributeValue(handle, secret, [{ type: CK.CKA_VALUE }]);
    return attribute?.value ?? Buffer.alloc(0);
  } finally {
    cryptoki.C_DestroyObject(handle, secret);
  }
}

function mechanismOf(encryption: RsaEncryption): Mechanism {
  if (encryption.scheme === 'pkcs1-v1_5') return { mechanism: CK.CKM_RSA_PKCS };
  const hash = HASHES[encryption.hash];
  if (hash === undefined) throw new CryptographicOperationError('PKCS#11 has no OAEP with this digest');
  const parameter = {
    type: CK_PARAMS.RSA_OAEP,
    hashAlg: hash.mechanism,
    mgf: hash.mgf,
    source: CK.CKZ_DATA_SPECIFIED,
    ...(encryption.label.length === 0 ? {} : { sourceData: encryption.label }),
  };
  return { mechanism: CK.CKM_RSA_PKCS_OAEP, parameter };
}
