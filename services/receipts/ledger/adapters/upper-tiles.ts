// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { hashesIn, isSame, rootOver, TILE_WIDTH, type Hash } from '@securemail/ledger';
import { tileIfThere } from './tiles.ts';

/** A tile above the leaves that is not what follows from them: from leaf `leaf` on. */
export interface UpperFault {
  kind: 'tile';
  leaf: number;
  level: number;
}

/** The tiles of level 1 and above, beside what follows from the tiles below: a tile of each level is in memory. */
export class UpperTiles {
  readonly #pool: Pool;
  readonly #tenantId: TenantId;
  readonly #found: (fault: UpperFault) => void;
  /** By level, from 1: of the tile that is not whole yet, and how many are. */
  readonly #levels: { whole: number; hashes: Hash[] }[] = [];

  constructor(pool: Pool, tenantId: TenantId, found: (fault: UpperFault) => void) {
    this.#pool = pool;
    this.#tenantId = tenantId;
    this.#found = found;
  }

  /** @param leaves the hashes of a whole tile of level 0, each in its turn. */
  async append(leaves: readonly Hash[]): Promise<void> {
    let below = leaves;
    for (let level = 1; ; level += 1) {
      const of = (this.#levels[level - 1] ??= { whole: 0, hashes: [] });
      of.hashes.push(rootOver(below));
      if (of.hashes.length < TILE_WIDTH) return;
      await this.#compare(level, of);
      below = of.hashes;
      this.#levels[level - 1] = { whole: of.whole + 1, hashes: [] };
    }
  }

  /** Of each level the tile that is not whole: what is kept may have grown meanwhile. */
  async end(): Promise<void> {
    for (const [at, of] of this.#levels.entries()) if (of.hashes.length > 0) await this.#compare(at + 1, of);
  }

  async #compare(
    level: number,
    { whole, hashes }: { whole: number; hashes: readonly Hash[] },
  ): Promise<void> {
    const kept = await tileIfThere(this.#pool, this.#tenantId, level, whole);
    const there = kept === null ? [] : hashesIn(kept);
    const isSo = hashes.every((hash, at) => {
      const other = there[at];
      return other !== undefined && isSame(hash, other);
    });
    if (!isSo) this.#found({ kind: 'tile', leaf: whole * TILE_WIDTH ** (level + 1), level });
  }
}
