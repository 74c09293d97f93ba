// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  newContentId,
  newEmailId,
  TenantId,
  type ContentId,
  type ContentRef,
  type EmailId,
} from '@securemail/contracts';
import { CHUNK_SIZE } from './chunk-cipher.ts';
import { ContentDamagedError, ContentErasedError, ContentMissingError, type Vault } from './vault.ts';

export interface VaultUnderTest {
  vault: Vault;
  /** The same store as another process has it open. */
  elsewhere: Vault;
  /** What lies in the store, by a way around the vault. */
  store: {
    readChunk(contentId: ContentId, index: number): Promise<Buffer>;
    /** Null removes it. */
    writeChunk(contentId: ContentId, index: number, sealed: Buffer | null): Promise<void>;
    /** Makes the store believe in another number of chunks. */
    setChunks(contentId: ContentId, chunks: number): Promise<void>;
    /** What is there of an email, finished or not. */
    holds(emailId: EmailId): Promise<{ contents: number; chunks: number }>;
  };
}

const NOTHING = { contents: 0, chunks: 0 };
const tenantId = TenantId.parse('acme');
const newOwner = () => ({ emailId: newEmailId(), tenantId });

/** The pieces as a network would bring them. */
export async function* streamOf(bytes: Uint8Array, pieceSize = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceSize) {
    await Promise.resolve();
    yield bytes.subarray(at, at + pieceSize);
  }
}

export async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What every adapter of the vault promises. `vaultUnderTest` is called inside the tests, after `beforeAll`. */
export function vaultContract(name: string, vaultUnderTest: () => VaultUnderTest): void {
  describe(`${name}: a content`, () => {
    it.each([
      ['nothing', 0],
      ['1 octet', 1],
      ['a chunk less 1', CHUNK_SIZE - 1],
      ['a chunk', CHUNK_SIZE],
      ['a chunk and 1', CHUNK_SIZE + 1],
      ['4 chunks', 4 * CHUNK_SIZE],
      ['5 chunks', 5 * CHUNK_SIZE],
      ['9 chunks', 9 * CHUNK_SIZE],
      ['20 MB', 20_000_000],
    ])('of %s comes back as it was put, in this process and in another', async (_, size) => {
      const { vault, elsewhere } = vaultUnderTest();
      const owner = newOwner();
      const bytes = randomBytes(size);
      const ref = await vault.put(owner, streamOf(bytes));
      expect(ref.size).toBe(size);
      expect(ref.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect((await collect(vault.get(owner, ref))).equals(bytes)).toBe(true);
      expect((await collect(elsewhere.get(owner, ref))).equals(bytes)).toBe(true);
    });

    it.each([1, 1000, CHUNK_SIZE, 3 * CHUNK_SIZE + 7])(
      'may come in pieces of %d octets',
      async (pieceSize) => {
        const { vault } = vaultUnderTest();
        const owner = newOwner();
        const bytes = randomBytes(pieceSize === 1 ? 5000 : 2 * CHUNK_SIZE + 1000);
        const ref = await vault.put(owner, streamOf(bytes, pieceSize));
        expect((await collect(vault.get(owner, ref))).equals(bytes)).toBe(true);
      },
    );

    it('may be one of many of its email, put from several processes at once', async () => {
      const { vault, elsewhere } = vaultUnderTest();
      const owner = newOwner();
      const contents = Array.from({ length: 12 }, (_, n) => randomBytes(1000 * n));
      const refs = await Promise.all(
        contents.map((bytes, n) => (n % 2 === 0 ? vault : elsewhere).put(owner, streamOf(bytes))),
      );
      for (const [n, ref] of refs.entries()) {
        expect((await collect(elsewhere.get(owner, ref))).equals(contents[n] ?? Buffer.alloc(0))).toBe(true);
      }
    });

    it('lies in the store encrypted', async () => {
      const { vault, store } = vaultUnderTest();
      const owner = newOwner();
      const words = Buffer.from('Subject: nobody may read this\r\n'.repeat(100));
      const ref = await vault.put(owner, streamOf(words));
      expect((await store.readChunk(ref.contentId, 0)).includes('nobody may read')).toBe(false);
    });

    it('that was never put is missing, and so is one of another email', async () => {
      const { vault } = vaultUnderTest();
      const [owner, stranger] = [newOwner(), newOwner()];
      const ref = await vault.put(owner, streamOf(randomBytes(10)));
      await vault.put(stranger, streamOf(randomBytes(10)));
      await expect(collect(vault.get(stranger, ref))).rejects.toThrow(ContentMissingError);
      await expect(collect(vault.get(newOwner(), ref))).rejects.toThrow(ContentMissingError);
      await expect(collect(vault.get(owner, { ...ref, contentId: newContentId() }))).rejects.toThrow(
        ContentMissingError,
      );
    });

    it('is removed by itself: its email has the others, and takes more', async () => {
      const { vault, elsewhere, store } = vaultUnderTest();
      const [owner, stranger] = [newOwner(), newOwner()];
      const [one, two] = [randomBytes(2 * CHUNK_SIZE), randomBytes(10)];
      const refs = [await vault.put(owner, streamOf(one)), await vault.put(owner, streamOf(two))] as const;
      await vault.remove(stranger, refs);
      expect(await store.holds(owner.emailId)).toEqual({ contents: 2, chunks: 3 });
      await vault.remove(owner, [refs[0]]);
      await vault.remove(owner, [refs[0]]);
      expect(await store.holds(owner.emailId)).toEqual({ contents: 1, chunks: 1 });
      await expect(collect(elsewhere.get(owner, refs[0]))).rejects.toThrow(ContentMissingError);
      expect((await collect(elsewhere.get(owner, refs[1]))).equals(two)).toBe(true);
      const more = await vault.put(owner, streamOf(one));
      expect((await collect(vault.get(owner, more))).equals(one)).toBe(true);
    });

    it('cannot be put to an email of another tenant', async () => {
      const { vault, elsewhere } = vaultUnderTest();
      const owner = newOwner();
      await vault.put(owner, streamOf(randomBytes(10)));
      const other = { ...owner, tenantId: TenantId.parse('other') };
      await expect(vault.put(other, streamOf(randomBytes(10)))).rejects.toThrow('belongs to another tenant');
      await expect(elsewhere.put(other, streamOf(randomBytes(10)))).rejects.toThrow(
        'belongs to another tenant',
      );
    });
  });

  describe(`${name}: damage is found, and nothing damaged is handed out`, () => {
    /** Puts 6 chunks, damages the store, and reads what can still be had. */
    async function afterDamage(
      damage: (ref: ContentRef, store: VaultUnderTest['store']) => Promise<ContentRef | undefined>,
    ) {
      const { vault, store } = vaultUnderTest();
      const owner = newOwner();
      const bytes = randomBytes(5 * CHUNK_SIZE + 10);
      const ref = await vault.put(owner, streamOf(bytes));
      const asked = (await damage(ref, store)) ?? ref;
      const got: Buffer[] = [];
      const read = (async () => {
        for await (const piece of vault.get(owner, asked)) got.push(piece);
      })();
      await expect(read).rejects.toThrow(ContentDamagedError);
      const intact = Buffer.concat(got);
      expect(intact.equals(bytes.subarray(0, intact.length))).toBe(true);
      expect(intact.length).toBeLessThan(bytes.length);
      return intact.length;
    }

    it('a changed octet', async () => {
      const had = await afterDamage(async ({ contentId }, store) => {
        const sealed = await store.readChunk(contentId, 2);
        sealed.writeUInt8(sealed.readUInt8(1000) ^ 1, 1000);
        await store.writeChunk(contentId, 2, sealed);
        return undefined;
      });
      expect(had).toBe(2 * CHUNK_SIZE);
    });

    it('two chunks changed for each other', async () => {
      await afterDamage(async ({ contentId }, store) => {
        const [one, two] = [await store.readChunk(contentId, 1), await store.readChunk(contentId, 2)];
        await store.writeChunk(contentId, 1, two);
        await store.writeChunk(contentId, 2, one);
        return undefined;
      });
    });

    it('a chunk of another content of the same email', async () => {
      const { vault, store } = vaultUnderTest();
      const owner = newOwner();
      const one = await vault.put(owner, streamOf(randomBytes(100)));
      const two = await vault.put(owner, streamOf(randomBytes(100)));
      await store.writeChunk(one.contentId, 0, await store.readChunk(two.contentId, 0));
      await expect(collect(vault.get(owner, one))).rejects.toThrow(ContentDamagedError);
    });

    it('a lost chunk', async () => {
      await afterDamage(async ({ contentId }, store) => {
        await store.writeChunk(contentId, 4, null);
        return undefined;
      });
    });

    it.each([0, 1, 4, 5, 7])('%d chunks where there were 6', async (chunks) => {
      await afterDamage(async ({ contentId }, store) => {
        await store.setChunks(contentId, chunks);
        return undefined;
      });
    });

    it.each(['', 'short', '0123456789abcdef'])('a chunk cut down to "%s"', async (rest) => {
      await afterDamage(async ({ contentId }, store) => {
        await store.writeChunk(contentId, 0, Buffer.from(rest));
        return undefined;
      });
    });

    it('a reference with another digest or size', async () => {
      const sha256 = createHash('sha256').digest('hex') as ContentRef['sha256'];
      await afterDamage((ref) => Promise.resolve({ ...ref, sha256 }));
      await afterDamage((ref) => Promise.resolve({ ...ref, size: ref.size + 1 }));
    });
  });

  describe(`${name}: an erased email`, () => {
    it('has no content any more, in any process, and takes none', async () => {
      const { vault, elsewhere, store } = vaultUnderTest();
      const owner = newOwner();
      const ref = await vault.put(owner, streamOf(randomBytes(2 * CHUNK_SIZE)));
      await collect(elsewhere.get(owner, ref));
      await vault.erase(owner.emailId);
      for (const each of [vault, elsewhere]) {
        await expect(collect(each.get(owner, ref))).rejects.toThrow(ContentErasedError);
        await expect(each.put(owner, streamOf(randomBytes(10)))).rejects.toThrow(ContentErasedError);
        await expect(each.put(owner, streamOf(randomBytes(3 * CHUNK_SIZE)))).rejects.toThrow(
          ContentErasedError,
        );
      }
      expect(await store.holds(owner.emailId)).toEqual(NOTHING);
    });

    it('may be erased again, and before anything was put', async () => {
      const { vault } = vaultUnderTest();
      const owner = newOwner();
      await vault.erase(owner.emailId);
      await vault.erase(owner.emailId);
      await expect(vault.put(owner, streamOf(randomBytes(10)))).rejects.toThrow(ContentErasedError);
    });

    it('stops a reader half-way', async () => {
      const { vault, elsewhere } = vaultUnderTest();
      const owner = newOwner();
      const ref = await vault.put(owner, streamOf(randomBytes(20 * CHUNK_SIZE)));
      let octets = 0;
      const read = (async () => {
        for await (const piece of vault.get(owner, ref)) {
          octets += piece.length;
          if (octets === 2 * CHUNK_SIZE) await elsewhere.erase(owner.emailId);
        }
      })();
      await expect(read).rejects.toThrow(ContentErasedError);
      expect(octets).toBeLessThan(20 * CHUNK_SIZE);
    });

    it('stops a writer half-way, and nothing of it stays', async () => {
      const { vault, elsewhere, store } = vaultUnderTest();
      const owner = newOwner();
      async function* content() {
        yield* streamOf(randomBytes(6 * CHUNK_SIZE));
        await elsewhere.erase(owner.emailId);
        yield* streamOf(randomBytes(6 * CHUNK_SIZE));
      }
      await expect(vault.put(owner, content())).rejects.toThrow(ContentErasedError);
      expect(await store.holds(owner.emailId)).toEqual(NOTHING);
    });
  });

  describe(`${name}: an unfinished put`, () => {
    it('leaves nothing when its sender goes away', async () => {
      const { vault, store } = vaultUnderTest();
      const owner = newOwner();
      async function* content() {
        yield* streamOf(randomBytes(6 * CHUNK_SIZE));
        throw new Error('the sender hung up');
      }
      await expect(vault.put(owner, content())).rejects.toThrow('the sender hung up');
      expect(await store.holds(owner.emailId)).toEqual(NOTHING);
    });

    it('holds its source back to what is stored, so that a large content needs no more memory than a small one', async () => {
      const { vault, store } = vaultUnderTest();
      const owner = newOwner();
      const ahead: number[] = [];
      async function* content() {
        for (let taken = 1; taken <= 40; taken += 1) {
          yield Buffer.alloc(CHUNK_SIZE);
          ahead.push(taken - (await store.holds(owner.emailId)).chunks);
        }
      }
      await vault.put(owner, content());
      expect(Math.max(...ahead)).toBeLessThanOrEqual(8);
    });

    it('is swept once it is old, and what is finished stays', async () => {
      const { vault, elsewhere, store } = vaultUnderTest();
      const [owner, finished] = [newOwner(), newOwner()];
      const ref = await vault.put(finished, streamOf(randomBytes(10)));
      let swept = -1;
      async function* content() {
        yield* streamOf(randomBytes(6 * CHUNK_SIZE));
        expect(await store.holds(owner.emailId)).toMatchObject({ contents: 1 });
        await elsewhere.sweep(new Date(Date.now() - 3_600_000));
        expect(await store.holds(owner.emailId)).toMatchObject({ contents: 1 });
        swept = await elsewhere.sweep(new Date(Date.now() + 1000));
        yield* streamOf(randomBytes(6 * CHUNK_SIZE));
      }
      await expect(vault.put(owner, content())).rejects.toThrow('was swept');
      expect(swept).toBe(1);
      expect(await store.holds(owner.emailId)).toEqual(NOTHING);
      expect(await collect(vault.get(finished, ref))).toHaveLength(10);
    });
  });
  describe(`${name}: what nobody knows`, () => {
    /** Until none is left to look at; everything that is not named is known. */
    async function sweep(unknown: readonly EmailId[], olderThanMs = 0) {
      const { vault } = vaultUnderTest();
      const asked: EmailId[] = [];
      let erased = 0;
      for (;;) {
        const swept = await vault.sweepUnreferenced({
          olderThanMs,
          areKnown: (emailIds) => {
            asked.push(...emailIds);
            return Promise.resolve(new Set(emailIds.filter((emailId) => !unknown.includes(emailId))));
          },
        });
        erased += swept.erased;
        if (swept.looked === 0) return { asked, erased };
      }
    }
    const put = async (size = 10, owner = newOwner()) => {
      const bytes = randomBytes(size);
      const ref = await vaultUnderTest().vault.put(owner, streamOf(bytes));
      return { owner, ref, bytes };
    };

    it('is erased once it is old, and what somebody knows stays', async () => {
      const { vault, elsewhere, store } = vaultUnderTest();
      const [abandoned, large, known] = [await put(), await put(6 * CHUNK_SIZE), await put()];
      const unknown = [abandoned, large].map(({ owner }) => owner.emailId);
      expect((await sweep(unknown, 3_600_000)).asked).toEqual([]);
      expect((await sweep(unknown)).erased).toBe(2);
      for (const { owner, ref } of [abandoned, large]) {
        expect(await store.holds(owner.emailId)).toEqual(NOTHING);
        await expect(collect(vault.get(owner, ref))).rejects.toThrow(ContentErasedError);
      }
      expect(await collect(elsewhere.get(known.owner, known.ref))).toEqual(known.bytes);
    });

    it('is asked for once, and again where nobody could say', async () => {
      const { vault, store } = vaultUnderTest();
      await sweep([]);
      const { emailId } = (await put()).owner;
      const failing = vault.sweepUnreferenced({
        olderThanMs: 0,
        areKnown: () => Promise.reject(new Error('away')),
      });
      await expect(failing).rejects.toThrow('away');
      expect(await store.holds(emailId)).toMatchObject({ contents: 1 });
      expect((await sweep([])).asked).toEqual([emailId]);
      expect((await sweep([emailId])).asked).toEqual([]);
    });

    it('stays where its email has another content, which somebody made of the first', async () => {
      const { store } = vaultUnderTest();
      const { owner } = await put();
      await put(10, owner);
      expect((await sweep([owner.emailId])).erased).toBe(0);
      expect(await store.holds(owner.emailId)).toMatchObject({ contents: 2 });
    });

    it('stays where its email had another content, which somebody removed', async () => {
      const { vault, store } = vaultUnderTest();
      const { owner } = await put();
      const { ref } = await put(10, owner);
      await vault.remove(owner, [ref]);
      expect((await sweep([owner.emailId])).erased).toBe(0);
      expect(await store.holds(owner.emailId)).toMatchObject({ contents: 1 });
    });

    it('is as old as the end of its put, however long that took', async () => {
      const { vault } = vaultUnderTest();
      // The sweep must begin sooner after the put than the put took, or it says nothing: longer puts until it does.
      for (let holdMs = 300; ; holdMs *= 2) {
        const owner = newOwner();
        const held = { from: 0, to: 0 };
        async function* content() {
          yield* streamOf(randomBytes(6 * CHUNK_SIZE));
          expect((await sweep([owner.emailId])).asked).not.toContain(owner.emailId);
          held.from = Date.now();
          await sleep(holdMs);
          held.to = Date.now();
          yield* streamOf(randomBytes(6 * CHUNK_SIZE));
        }
        await vault.put(owner, content());
        const { asked } = await sweep([owner.emailId], held.to - held.from);
        const sweptInTime = Date.now() - held.to < held.to - held.from;
        if (sweptInTime) expect(asked).not.toContain(owner.emailId);
        expect((await sweep([owner.emailId])).asked).toEqual(asked.length === 0 ? [owner.emailId] : []);
        if (sweptInTime) return;
      }
    });
  });
}
