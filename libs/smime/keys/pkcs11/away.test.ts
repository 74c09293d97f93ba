// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { missing } from '@securemail/testing';
import { KeyUnavailableError, openPkcs11Token, type Pkcs11Token } from '../../index.ts';
import { PIN, softHsm } from '../../testing/soft-hsm.ts';
import { CK, type Cryptoki } from './cryptoki.ts';
import { SharedModule } from './shared-module.ts';

const DATA = Buffer.from('to be signed');

const hsm = await softHsm();
if ('lacks' in hsm) missing(hsm.lacks, hsm.install);
else {
  const open: Pkcs11Token[] = [];
  const opened = async (label: string, restartEveryMs = 1) => {
    const token = await openPkcs11Token({ module: hsm.module, token: { label }, pin: PIN, restartEveryMs });
    open.push(token);
    return token;
  };
  const keys = new Map<string, KeyObject>();
  beforeAll(async () => {
    for (const [token, label] of [
      ['A token', 'one'],
      ['A token', 'two'],
      ['Another token', 'other'],
    ] as const) {
      if (label !== 'two') await hsm.newToken(token);
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await hsm.importKey(token, label, '01', privateKey);
      keys.set(label, publicKey);
    }
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((token) => token.close()));
  });
  afterAll(() => hsm.close());

  const sign = (token: Pkcs11Token, label: string) =>
    token.use(({ cryptoki, handle, key }) => {
      cryptoki.C_SignInit(handle, { mechanism: CK.CKM_ECDSA }, key({ label }));
      return cryptoki.C_SignAsync(handle, createHash('sha256').update(DATA).digest(), Buffer.alloc(2_048));
    });
  /** By just that key: numbers of sessions and keys are given anew. */
  const isSigned = async (token: Pkcs11Token, label: string) =>
    verify('sha256', DATA, { key: keys.get(label)!, dsaEncoding: 'ieee-p1363' }, await sign(token, label));

  it('a token that is away is not asked again at once, however many want it', async () => {
    let logins = 0;
    const pin = () => {
      logins += 1;
      return PIN;
    };
    const at = { module: hsm.module, token: { label: 'A token' }, pin, restartEveryMs: 60_000 };
    const token = await openPkcs11Token(at);
    open.push(token);
    await hsm.away();
    logins = 0;
    for (let tries = 0; tries < 20; tries += 1)
      await expect(sign(token, 'one')).rejects.toThrow(/cannot be reached|no token/);
    // Once as it was, and once with its module started anew.
    expect(logins).toBeLessThanOrEqual(2);
    await hsm.back();
  });

  describe('a token that does not answer', () => {
    const openedPatiently = async (answersWithinMs: number) => {
      const at = { module: hsm.module, token: { label: 'A token' }, pin: PIN, answersWithinMs };
      const token = await openPkcs11Token(at);
      open.push(token);
      return token;
    };

    it('counts as away, is asked nothing meanwhile, and signs again once it has', async () => {
      const token = await openedPatiently(2_000);
      const { promise: answer, resolve: answers } = Promise.withResolvers<undefined>();
      await expect(token.use(() => answer)).rejects.toThrow(KeyUnavailableError);
      let asked = 0;
      const ask = () => token.use(() => Promise.resolve((asked += 1)));
      for (let tries = 0; tries < 10; tries += 1) await expect(ask()).rejects.toThrow(/does not answer/);
      expect(asked).toBe(0);
      answers(undefined);
      await answer;
      await sleep(5);
      expect(await isSigned(token, 'one')).toBe(true);
    });

    it('is closed by none of two that hang before the other has answered, too', async () => {
      const token = await openedPatiently(50);
      const [one, other] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
      let sessions: Cryptoki | null = null;
      const hanging = [one, other].map(({ promise }) =>
        token.use(async ({ cryptoki }) => {
          sessions = cryptoki;
          await promise;
        }),
      );
      for (const each of hanging) await expect(each).rejects.toThrow(/does not answer/);
      let ended = 0;
      const end = sessions!.C_CloseSession.bind(sessions!);
      sessions!.C_CloseSession = (handle) => {
        ended += 1;
        end(handle);
      };
      one.resolve(undefined);
      await sleep(20);
      expect(ended).toBe(0);
      other.resolve(undefined);
      while (ended === 0) await sleep(5);
      sessions!.C_CloseSession = end;
    });

    it('keeps nobody from ending', async () => {
      const token = await openPkcs11Token({
        module: hsm.module,
        token: { label: 'A token' },
        pin: PIN,
        answersWithinMs: 50,
      });
      const { promise: answer, resolve: answers } = Promise.withResolvers<undefined>();
      await expect(token.use(() => answer)).rejects.toThrow(KeyUnavailableError);
      await token.close();
      answers(undefined);
      await sleep(5);
    });
  });

  describe('a token that was away', () => {
    it('signs again as soon as it is back, with each of its keys, and so does every other of its module', async () => {
      const [token, other] = [await opened('A token'), await opened('Another token')];
      for (let time = 0; time < 3; time += 1) {
        await hsm.away();
        for (const each of [() => sign(token, 'one'), () => sign(other, 'other'), () => sign(token, 'two')])
          await expect(each()).rejects.toThrow(/cannot be reached/);
        await hsm.back();
        await sleep(5);
        const again = await Promise.all([
          ...Array.from({ length: 10 }, () => isSigned(token, 'one')),
          ...Array.from({ length: 10 }, () => isSigned(other, 'other')),
          isSigned(token, 'two'),
        ]);
        expect(again).toEqual(again.map(() => true));
      }
    });

    it('is given up by who is in the midst of it, and found by who asks later', async () => {
      const token = await opened('A token');
      const many = Array.from({ length: 40 }, () => sign(token, 'one'));
      await hsm.away();
      for (const outcome of await Promise.allSettled(many))
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(KeyUnavailableError);
      await expect(sign(token, 'one')).rejects.toThrow(KeyUnavailableError);
      await hsm.back();
      await sleep(5);
      expect(await isSigned(token, 'one')).toBe(true);
    });
  });
}

describe('a module', () => {
  const counting = (fails = () => false) => {
    const said: string[] = [];
    const cryptoki = {
      C_Finalize: () => said.push('finalize'),
      C_Initialize: () => {
        said.push('initialize');
        if (fails()) throw new Error('CKR_GENERAL_ERROR:5');
      },
    };
    return { said, cryptoki: cryptoki as unknown as Cryptoki };
  };

  it('is started anew once for all who ask, when nobody is in it, and whoever comes meanwhile waits', async () => {
    const { said, cryptoki } = counting();
    const module = new SharedModule(cryptoki, true);
    let leave: () => void = () => undefined;
    const inside = module.use(() => new Promise<void>((resolve) => (leave = resolve)));
    const restarts = [module.restart(0, 60_000), module.restart(0, 60_000)];
    const later = module.use(() => Promise.resolve(said.push(`used ${module.generation}`)));
    await sleep(20);
    expect(said).toEqual([]);
    leave();
    await Promise.all([inside, later]);
    expect(await Promise.all(restarts)).toEqual([true, true]);
    expect(said).toEqual(['finalize', 'initialize', 'used 1']);
  });

  it('is not started anew again at once, nor for who saw an earlier one, nor where somebody else started it', async () => {
    const { said, cryptoki } = counting();
    const module = new SharedModule(cryptoki, true);
    expect(await module.restart(0, 60_000)).toBe(true);
    expect(await module.restart(0, 60_000)).toBe(true);
    expect(await module.restart(1, 60_000)).toBe(false);
    expect(await new SharedModule(cryptoki, false).restart(0, 60_000)).toBe(false);
    expect(said).toEqual(['finalize', 'initialize']);
  });

  it('that does not start is started later', async () => {
    let fails = true;
    const module = new SharedModule(counting(() => fails).cryptoki, true);
    expect(await module.restart(0, 0)).toBe(false);
    fails = false;
    expect(await module.restart(1, 0)).toBe(true);
  });
});
