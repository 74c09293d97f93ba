// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import type { ContentRef, EmailId, TenantId } from '@securemail/contracts';
import type { Vault } from '@securemail/vault';
import type { DraftFile } from './draft-files.ts';

/**
 * Octets of each part of a file but the last: what of an upload is in memory, and what is lost of it where a process dies.
 * Pages reckon with it, see `digestOfParts`.
 */
export const PART_SIZE = 1024 * 1024;

export interface TakingIn {
  vault: Vault;
  owner: { emailId: EmailId; tenantId: TenantId };
  file: DraftFile;
  /** Nothing counts that came before all of it is there and this has not thrown. */
  verify: (() => void) | null;
  /** Is given the first part as soon as it says what the file is, before it is put. */
  judge: (first: Buffer, isAll: boolean) => Promise<void>;
  /** Makes it last. @returns why it does not. @throws where nobody knows whether it does. */
  note: (file: DraftFile, from: number) => Promise<Error | null>;
  tooMuch: () => Error;
}

/**
 * Puts octets behind those of a file that have come already, part by part; where they break off, up to there.
 *
 * @returns the file as it is then.
 */
export async function takeIn(taking: TakingIn, content: AsyncIterator<Buffer>): Promise<DraftFile> {
  const filling = new Filling(taking);
  try {
    await filling.begin();
    for (;;) {
      const next = await content.next().catch(async (error: unknown) => {
        if (taking.verify === null) await filling.end();
        throw error;
      });
      if (next.done === true) break;
      if (filling.received + next.value.length > taking.file.size) throw taking.tooMuch();
      await filling.add(next.value);
    }
    taking.verify?.();
    return await filling.end();
  } catch (error) {
    await filling.forget();
    throw error;
  } finally {
    await content.return?.();
  }
}

class Filling {
  readonly #taking: TakingIn;
  readonly #octets = Buffer.allocUnsafe(PART_SIZE);
  #filled = 0;
  /** Octets of the part being filled that are noted already. */
  #known = 0;
  #parts: ContentRef[];
  /** As it is noted. */
  #file: DraftFile;
  /** What is put and not noted, and what nothing refers to once that is. */
  #put: ContentRef[] = [];
  readonly #replaced: ContentRef[] = [];

  constructor(taking: TakingIn) {
    this.#taking = taking;
    this.#file = taking.file;
    this.#parts = [...taking.file.parts];
  }

  get received(): number {
    return (this.#parts.length - 1) * PART_SIZE + this.#filled;
  }

  /** A last part that is not full is filled up: however often it breaks off, there are no more parts than need be. */
  async begin(): Promise<void> {
    const { vault, owner, file } = this.#taking;
    if (file.received % PART_SIZE === 0) return;
    const last = this.#parts.pop();
    if (last === undefined) return;
    this.#replaced.push(last);
    for await (const chunk of vault.get(owner, last)) this.#filled += chunk.copy(this.#octets, this.#filled);
    this.#known = this.#filled;
  }

  async add(chunk: Buffer): Promise<void> {
    for (let taken = 0; taken < chunk.length;) {
      const copied = chunk.copy(this.#octets, this.#filled, taken);
      taken += copied;
      this.#filled += copied;
      if (this.#filled === PART_SIZE) {
        await this.#putPart();
        if (this.#taking.verify === null) await this.#note();
      }
    }
  }

  async end(): Promise<DraftFile> {
    if (this.#filled > this.#known) await this.#putPart();
    else if (this.#known > 0) this.#parts.push(...this.#replaced.splice(0));
    await this.#note();
    return this.#file;
  }

  /** Removes what was put in vain. */
  async forget(): Promise<void> {
    const { vault, owner } = this.#taking;
    await vault.remove(owner, this.#put);
  }

  async #putPart(): Promise<void> {
    const { vault, owner, judge, file } = this.#taking;
    const octets = this.#octets.subarray(0, this.#filled);
    const received = this.received;
    if (this.#parts.length === 1) await judge(octets, received === file.size);
    const part = await vault.put(owner, Readable.from([octets]));
    this.#put.push(part);
    this.#parts.push(part);
    this.#filled = 0;
    this.#known = 0;
  }

  async #note(): Promise<void> {
    const { vault, owner, file, note } = this.#taking;
    const octets = this.#parts.slice(1).reduce((sum, { size }) => sum + size, 0);
    if (octets === this.#file.received) return;
    const next = { ...file, parts: [...this.#parts], received: octets };
    // Where nobody knows whether it is noted, what it refers to stays: it goes with its draft.
    const put = this.#put.splice(0);
    const refusal = await note(next, this.#file.received);
    if (refusal !== null) {
      this.#put = put;
      throw refusal;
    }
    this.#file = next;
    await vault.remove(owner, this.#replaced.splice(0));
  }
}
