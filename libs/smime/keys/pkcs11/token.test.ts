// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import {
  KeyModuleError,
  KeyNotFoundError,
  KeyUnavailableError,
  openPkcs11Token,
  TokenNotFoundError,
  WrongPinError,
  type Pkcs11Token,
  type TokenAt,
} from '../../index.ts';
import { CKF_RW_SESSION, slotOf, type Administration } from '../../testing/generate-in-token.ts';
import { missing } from '@securemail/testing';
import { PIN, softHsm } from '../../testing/soft-hsm.ts';

const CKU_USER = 1;
const CKF_SERIAL_SESSION = 4;

const hsm = await softHsm();
if ('lacks' in hsm) missing(hsm.lacks, hsm.install);
else {
  const at: TokenAt = { module: hsm.module, token: { label: 'A token' }, pin: PIN };
  const open: Pkcs11Token[] = [];
  const opened = async (where: Partial<TokenAt> = {}) => {
    const token = await openPkcs11Token({ ...at, ...where });
    open.push(token);
    return token;
  };
  beforeAll(async () => {
    await hsm.newToken('A token');
    await hsm.newToken('Another token');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await hsm.importKey('A token', 'one', '01', privateKey);
    await hsm.importKey('A token', 'twice', '02', privateKey);
    await hsm.importKey('A token', 'twice', '03', privateKey);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((token) => token.close()));
  });
  afterAll(() => hsm.close());

  const findOne = (token: Pkcs11Token) => token.use(({ key }) => Promise.resolve(key({ label: 'one' })));
  /** The token throws everybody out. */
  const endSessions = (token: Pkcs11Token, label = 'A token') =>
    token.use(({ cryptoki }) => {
      (cryptoki as Administration).C_CloseAllSessions(slotOf(cryptoki, label));
      return Promise.resolve();
    });

  describe('what is not there is told by name', () => {
    it.each([
      ['a module', { module: '/nowhere/libtoken.so' }, KeyModuleError, /\/nowhere\/libtoken\.so/],
      ['a token', { token: { label: 'Nobody' } }, TokenNotFoundError, /no token with the label "Nobody"/],
      ['a slot', { token: { slot: 4711 } }, TokenNotFoundError, /no token in slot 4711/],
    ] as const)('%s', async (_what, where, type, message) => {
      const refused = await openPkcs11Token({ ...at, ...where }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(type);
      expect((refused as Error).message).toMatch(message);
    });

    it('a key, or one of two', async () => {
      const token = await opened();
      const find = (label: string) => token.use(({ key }) => Promise.resolve(key({ label })));
      await expect(find('none')).rejects.toThrow(KeyNotFoundError);
      await expect(find('none')).rejects.toThrow(/no private key with the label "none"/);
      await expect(find('twice')).rejects.toThrow(/more than one private key/);
      await expect(find('one')).resolves.toBeInstanceOf(Buffer);
    });
  });

  it('a wrong PIN is told, and shown nowhere', async () => {
    const pin = '9999-9999';
    const error: unknown = await openPkcs11Token({ ...at, pin }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WrongPinError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(pin);
  });

  it('a token is found by its slot', async () => {
    const token = await opened();
    const slot = await token.use(({ cryptoki }) =>
      Promise.resolve(slotOf(cryptoki, 'A token').readUInt32LE()),
    );
    await findOne(await opened({ token: { slot } }));
  });

  it('who was thrown out comes in again, also from the midst of many', async () => {
    const token = await opened({ sessions: 3 });
    for (let i = 0; i < 3; i += 1) {
      const many = Array.from({ length: 10 }, () => findOne(token));
      await endSessions(token);
      await Promise.all(many);
      await expect(findOne(token)).resolves.toBeInstanceOf(Buffer);
    }
    const fresh = await opened();
    await endSessions(fresh);
    await expect(findOne(fresh)).resolves.toBeInstanceOf(Buffer);
  });

  it('who is thrown out each time is told that the key is not to be had', async () => {
    const token = await opened({ restartEveryMs: 0 });
    let attempts = 0;
    const always = token.use(({ cryptoki, handle, key }) => {
      attempts += 1;
      (cryptoki as Administration).C_CloseAllSessions(slotOf(cryptoki, 'A token'));
      cryptoki.C_SignInit(handle, { mechanism: 0x1041 }, key({ label: 'one' }));
      return Promise.resolve();
    });
    await expect(always).rejects.toThrow(KeyUnavailableError);
    expect(attempts).toBe(2);
    await findOne(token);
  });

  it('what the operation itself throws comes out, after one attempt', async () => {
    const token = await opened();
    let attempts = 0;
    const failing = token.use(() => {
      attempts += 1;
      return Promise.reject(new Error('CKR_ENCRYPTED_DATA_INVALID:64'));
    });
    await expect(failing).rejects.toThrow('CKR_ENCRYPTED_DATA_INVALID');
    expect(attempts).toBe(1);
  });

  const pinOfAnother = async () => {
    const helper = await opened();
    return (from: string, to: string) =>
      helper.use(({ cryptoki }) => {
        const administration = cryptoki as Administration;
        const slot = slotOf(cryptoki, 'Another token');
        administration.C_CloseAllSessions(slot);
        const session = administration.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION);
        administration.C_Login(session, CKU_USER, from);
        administration.C_SetPIN(session, from, to);
        administration.C_CloseAllSessions(slot);
        return Promise.resolve();
      });
  };

  it('a PIN that was changed meanwhile is not tried twice: tokens lock themselves', async () => {
    const token = await opened({ token: { label: 'Another token' } });
    const setPin = await pinOfAnother();
    await setPin(PIN, 'another-pin');
    const use = () => token.use(({ key }) => Promise.resolve(key({ label: 'one' })));
    await expect(use()).rejects.toThrow(WrongPinError);
    await setPin('another-pin', PIN);
    await expect(use()).rejects.toThrow(WrongPinError);
    const anew = await opened({ token: { label: 'Another token' } });
    await expect(anew.use(() => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('and is tried once it is another one, by who gives it anew at each login', async () => {
    let pin = PIN;
    let gone = false;
    const token = await opened({
      token: { label: 'Another token' },
      pin: () => {
        if (gone) throw new Error('no such file');
        return pin;
      },
    });
    const setPin = await pinOfAnother();
    const use = () => token.use(({ key }) => Promise.resolve(key({ label: 'in none' })));
    await setPin(PIN, 'another-pin');
    for (let tries = 0; tries < 20; tries += 1) await expect(use()).rejects.toThrow(WrongPinError);
    gone = true;
    await expect(use()).rejects.toThrow('the PIN is not to be had');
    gone = false;
    pin = 'another-pin';
    await expect(use()).rejects.toThrow(KeyNotFoundError);
    await setPin('another-pin', PIN);
    pin = PIN;
    await expect(use()).rejects.toThrow(KeyNotFoundError);
  });

  it('closing waits for what is under way, and then the key is not to be had', async () => {
    const token = await openPkcs11Token({ ...at, sessions: 1 });
    const under = [findOne(token), findOne(token), findOne(token)];
    await token.close();
    await expect(Promise.all(under)).resolves.toHaveLength(3);
    await expect(findOne(token)).rejects.toThrow(/closed/);
    await token.close();
    await findOne(await opened());
  });
}
