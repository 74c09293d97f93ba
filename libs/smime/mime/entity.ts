// SPDX-License-Identifier: Apache-2.0
import type { DigestAlgorithm } from '../algorithms/digests.ts';
import { EntityChangedError } from '../errors.ts';
import { enclosing, type Stage, type Writer } from './stage.ts';

/**
 * A MIME entity (RFC 2045 §2.4): header lines, an empty line, a body, in canonical form with CRLF line ends.
 * It can be opened again and again, and gives the same bytes each time; nothing keeps them in memory.
 */
export interface MimeEntity {
  /** Octets. */
  readonly size: number;
  /** Digest of its octets where its maker has seen them all; saves a reading where a signer wants this very one. */
  readonly digest?: { readonly algorithm: DigestAlgorithm; readonly value: Buffer } | undefined;
  open(): AsyncIterable<Buffer>;
}

const CHUNK = 64 * 1024;

/** An entity that lies in memory, in chunks small enough to stream. */
export function entityOf(bytes: Buffer): MimeEntity {
  return { size: bytes.length, open: () => slices(bytes) };
}

// eslint-disable-next-line @typescript-eslint/require-await -- the consumer wants an asynchronous source
async function* slices(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

/** `before`, the entity, `after`: one entity, whose length is known beforehand. */
export const enclose = (before: Buffer, inner: MimeEntity, after: Buffer): MimeEntity =>
  staged(inner, before.length + inner.size + after.length, enclosing(before, after));

/**
 * What a stage makes of an entity. Stages upon stages run together over the innermost source.
 *
 * While it is read it throws EntityChangedError where that source gives more or fewer octets than it said: lengths are
 * written before the bytes they count.
 *
 * @param size octets that come out.
 */
export const staged = (inner: MimeEntity, size: number, stage: Stage): MimeEntity =>
  inner instanceof StagedEntity
    ? new StagedEntity(inner.source, size, [...inner.stages, stage])
    : new StagedEntity(inner, size, [stage]);

class StagedEntity implements MimeEntity {
  readonly source: MimeEntity;
  readonly size: number;
  /** The innermost first. */
  readonly stages: readonly Stage[];

  constructor(source: MimeEntity, size: number, stages: readonly Stage[]) {
    this.source = source;
    this.size = size;
    this.stages = stages;
  }

  async *open(): AsyncGenerator<Buffer, void, void> {
    let ready: Buffer[] = [];
    let writer: Writer = {
      write: (chunk) => {
        if (chunk.length > 0) ready.push(chunk);
      },
      end: () => undefined,
    };
    for (const stage of this.stages.toReversed()) writer = stage(writer);
    let left = this.source.size;
    for await (const chunk of this.source.open()) {
      left -= chunk.length;
      if (left < 0) break;
      writer.write(chunk);
      const written = ready;
      ready = [];
      yield* written;
    }
    if (left !== 0) throw new EntityChangedError();
    writer.end();
    yield* ready;
  }
}
