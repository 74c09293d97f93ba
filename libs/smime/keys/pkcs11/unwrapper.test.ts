// SPDX-License-Identifier: Apache-2.0
import { constants, createPrivateKey, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import {
  encryptEntity,
  entityOf,
  KeyMismatchError,
  KeyUnavailableError,
  openPkcs11Token,
  pkcs11Unwrapper,
  type Certificate,
  type KeyEncryption,
  type Pkcs11Token,
} from '../../index.ts';
import { generateInToken } from '../../testing/generate-in-token.ts';
import type { Cryptoki } from './cryptoki.ts';
import { issueByHand } from '../../testing/issue-by-hand.ts';
import { missing } from '@securemail/testing';
import { asMessage, openBytes } from '../../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../../testing/openssl-workshop.ts';
import { PIN, softHsm } from '../../testing/soft-hsm.ts';

const hsm = await softHsm();
const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const CURVES = [
  ['ecdh-sha256', 'P-256'],
  ['ecdh-sha384', 'P-384'],
  ['ecdh-sha512', 'P-521'],
  ['x25519-hkdf-sha256', 'X25519'],
] as const;
const CASES: readonly (readonly [KeyEncryption, string])[] = [['rsaes-pkcs1-v1_5', 'rsa'], ...CURVES];
const ENTITY = Buffer.from('Content-Type: text/plain\r\n\r\nRead by a key that nobody has seen.\r\n');

if ('lacks' in hsm) missing(hsm.lacks, hsm.install);
else {
  let workshop: OpensslWorkshop;
  let token: Pkcs11Token;
  let rsa: Identity;
  const certificates = new Map<string, Certificate>();
  beforeAll(async () => {
    workshop = await opensslWorkshop();
    rsa = await workshop.issue(await workshop.authority('Root'));
    await hsm.newToken('readers');
    await hsm.importKey('readers', 'rsa', '01', createPrivateKey(rsa.keyPem));
    token = await openPkcs11Token({
      module: hsm.module,
      token: { label: 'readers' },
      pin: PIN,
      restartEveryMs: 0,
    });
    certificates.set('rsa', rsa.certificate);
    for (const [, curve] of CURVES) {
      certificates.set(curve, issueByHand(await generateInToken(token, 'readers', curve, curve)));
    }
  });
  afterAll(async () => {
    await token.close();
    await workshop.close();
    await hsm.close();
  });
  const unwrapperOf = (label: string, certificate: Certificate) =>
    pkcs11Unwrapper({ token, key: { label }, certificate });

  describe('a key in a token opens', () => {
    it.each(CASES)('what was encrypted by %s', async (keyEncryption, name) => {
      const certificate = certificates.get(name)!;
      const unwrappers = [await unwrapperOf(name, certificate)];
      // A shared secret starts with zeros now and then.
      for (let i = 0; i < 30; i += 1) {
        const message = await asMessage(
          await encryptEntity(entityOf(ENTITY), [{ certificate, keyEncryption }]),
        );
        const opened = await openBytes(message, { unwrappers });
        expect(opened.kept).toEqual(ENTITY);
        expect(opened.layers).toMatchObject([{ keyEncryption }]);
      }
    });

    it('what openssl encrypted with OAEP, and SHA-1 as it does where nothing else is said', async () => {
      const { certificate, certificatePath } = rsa;
      const options = ['-recip', certificatePath, '-keyopt', 'rsa_padding_mode:oaep'];
      const message = await workshop.cms(ENTITY.toString(), '-encrypt', '-binary', '-aes256', ...options);
      const opened = await openBytes(message, { unwrappers: [await unwrapperOf('rsa', certificate)] });
      expect(opened.kept).toEqual(ENTITY);
      expect(opened.layers).toMatchObject([{ keyEncryption: 'rsaes-oaep' }]);
    });

    it('OAEP with SHA-256 where the token has it, and else says with which code it has not', async () => {
      const { certificate } = rsa;
      const unwrapper = await unwrapperOf('rsa', certificate);
      const secret = randomBytes(32);
      const key = certificate.x509.publicKey;
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const ciphertext = publicEncrypt({ key, padding, oaepHash: 'sha256' }, secret);
      const decrypted = await unwrapper
        .decrypt(ciphertext, { scheme: 'oaep', hash: 'sha256', label: Buffer.alloc(0) })
        .catch(String);
      const refused = expect.stringMatching(/^CryptographicOperationError: decrypting failed \(CKR_\w+\)$/);
      expect([secret, refused]).toContainEqual(decrypted);
    });
  });

  it('wrong padding of PKCS#1 v1.5 is asked once, and looks like any content that does not decrypt', async () => {
    const { certificate } = rsa;
    let asked = 0;
    const counting: Pkcs11Token = {
      ...token,
      use: (operate) =>
        token.use(async (session) => {
          asked += 1;
          return await operate(session);
        }),
    };
    const unwrapper = await pkcs11Unwrapper({ token: counting, key: { label: 'rsa' }, certificate });
    asked = 0;
    const wrong = publicEncrypt(
      { key: certificate.x509.publicKey, padding: constants.RSA_NO_PADDING },
      Buffer.concat([Buffer.alloc(1), randomBytes(255)]),
    );
    const right = await encryptEntity(entityOf(ENTITY), [certificate]);
    const { recipientKey, message } = withAnotherKey(await asMessage(right), wrong);
    expect(recipientKey).toHaveLength(256);
    await expect(openBytes(message, { unwrappers: [unwrapper] })).rejects.toMatchObject({
      code: 'decryption-failed',
    });
    expect(asked).toBe(1);
    await expect(unwrapper.decrypt(recipientKey, { scheme: 'pkcs1-v1_5' })).resolves.toHaveLength(32);
  });

  /** The token, where `fails` says so with a fault in place of what it would do. */
  const outOfOrder = (fails: (asked: string) => string | null): Pkcs11Token => ({
    ...token,
    use: (operate) =>
      token.use((session) =>
        operate({
          ...session,
          cryptoki: new Proxy(session.cryptoki, {
            get: (cryptoki, asked: keyof Cryptoki) => {
              const code = fails(asked);
              const asIs = cryptoki[asked].bind(cryptoki) as (...of: unknown[]) => unknown;
              if (code === null) return asIs;
              const failed = new Error(`${code}:48`);
              // What was begun is over all the same (PKCS#11 §5.2).
              if (asked === 'C_DecryptAsync')
                return (...of: unknown[]) => Promise.resolve(asIs(...of)).then(() => Promise.reject(failed));
              return () => {
                throw failed;
              };
            },
          }),
        }),
      ),
  });
  const DECRYPTING = ['rsa', 'C_DecryptInit', 'C_DecryptAsync'] as const;
  const DERIVING = ['P-256', 'C_DeriveKeyAsync', 'C_DeriveKeyAsync'] as const;
  const messageFor = async (name: string) =>
    await asMessage(await encryptEntity(entityOf(ENTITY), [certificates.get(name)!]));
  const readerWhere = async (name: string, fails: (asked: string) => string | null) =>
    await pkcs11Unwrapper({
      token: outOfOrder(fails),
      key: { label: name },
      certificate: certificates.get(name)!,
    });

  it.each([
    ['CKR_DEVICE_ERROR', DECRYPTING, 0],
    ['CKR_DEVICE_MEMORY', DECRYPTING, 0],
    ['CKR_DEVICE_REMOVED', DECRYPTING, 0],
    ['CKR_TOKEN_NOT_PRESENT', DECRYPTING, 0],
    ['CKR_SESSION_HANDLE_INVALID', DECRYPTING, 0],
    ['CKR_GENERAL_ERROR', DECRYPTING, 0],
    ['CKR_FUNCTION_FAILED', DECRYPTING, 0],
    ['CKR_DEVICE_ERROR', DECRYPTING, 1],
    ['CKR_DEVICE_REMOVED', DECRYPTING, 1],
    ['CKR_DEVICE_ERROR', DERIVING, 0],
  ] as const)(
    'a device that says %s is away, and the message can be opened later',
    async (code, names, at) => {
      const [name, ...calls] = names;
      let isIll = false;
      const reader = await readerWhere(name, (asked) => (isIll && asked === calls[at] ? code : null));
      const message = await messageFor(name);
      isIll = true;
      await expect(openBytes(message, { unwrappers: [reader] })).rejects.toThrow(KeyUnavailableError);
      isIll = false;
      expect((await openBytes(message, { unwrappers: [reader] })).kept).toEqual(ENTITY);
    },
  );

  it.each([
    ['CKR_DEVICE_ERROR', DECRYPTING, 1],
    ['CKR_GENERAL_ERROR', DECRYPTING, 4],
    ['CKR_FUNCTION_FAILED', DECRYPTING, 4],
    ['CKR_DEVICE_ERROR', DERIVING, 1],
    ['CKR_GENERAL_ERROR', DERIVING, 4],
  ] as const)('a device that says %s of this message alone is there', async (code, [name, , call], times) => {
    let ill = 0;
    const reader = await readerWhere(name, (asked) => (asked === call && ill-- > 0 ? code : null));
    const message = await messageFor(name);
    ill = times;
    await expect(openBytes(message, { unwrappers: [reader] })).rejects.toMatchObject({
      code: 'decryption-failed',
    });
  });

  it.each(['CKR_GENERAL_ERROR', 'CKR_DEVICE_ERROR', 'CKR_HOST_MEMORY'])(
    'a device that says %s of the parameters of a message alone is there',
    async (code) => {
      let isOaep = false;
      const reader = await readerWhere('rsa', (asked) => {
        const says = isOaep && asked === 'C_DecryptInit' ? code : null;
        if (says !== null) isOaep = false;
        return says;
      });
      isOaep = true;
      await expect(
        reader.decrypt(Buffer.alloc(256), { scheme: 'oaep', hash: 'sha1', label: Buffer.alloc(0) }),
      ).rejects.toThrow(`decrypting failed (${code})`);
    },
  );

  it('a certificate of another key is refused at once, of whatever kind', async () => {
    const another = await workshop.issue(await workshop.authority('Another root'), { key: RSA });
    await expect(unwrapperOf('rsa', another.certificate)).rejects.toThrow(KeyMismatchError);
    const curve = issueByHand(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
    await expect(unwrapperOf('P-256', curve)).rejects.toThrow(KeyMismatchError);
  });

  it('what a key in a token cannot do is said before any message', async () => {
    const ed25519 = issueByHand(generateKeyPairSync('ed25519').publicKey);
    await expect(unwrapperOf('rsa', ed25519)).rejects.toThrow(/unwraps with RSA, on a curve/);
    const x25519 = issueByHand(generateKeyPairSync('x25519').publicKey);
    await expect(unwrapperOf('rsa', x25519)).rejects.toThrow(/agreeing failed \(CKR_\w+\)/);
    const reader = await unwrapperOf('P-256', certificates.get('P-256')!);
    await expect(reader.decapsulate(Buffer.alloc(1))).rejects.toThrow(/ML-KEM/);
  });
}

/** The message with other octets where its one content key stands, encrypted for an RSA key of 2048 bits. */
function withAnotherKey(message: Buffer, key: Buffer): { message: Buffer; recipientKey: Buffer } {
  const text = message.toString('latin1');
  const body = text.indexOf('\r\n\r\n') + '\r\n\r\n'.length;
  const cms = Buffer.from(text.slice(body), 'base64');
  const start = cms.indexOf(Buffer.of(0x04, 0x82, 0x01, 0x00)) + 4;
  const recipientKey = Buffer.from(cms.subarray(start, start + 256));
  key.copy(cms, start);
  return { recipientKey, message: Buffer.concat([message.subarray(0, body), cms]) };
}
