// SPDX-License-Identifier: Apache-2.0
import { children, DerError, readOid, TAG, type DerValue } from './der.ts';

/** The fields of a SEQUENCE, taken one after another, optional ones by their tags. Everything throws DerError. */
export interface Fields {
  /** The next field, which must be there and, where a tag is given, have it. */
  take(tag?: number): DerValue;
  /** The next field if it has this tag. */
  optional(tag: number): DerValue | null;
  /** Nothing may be left. */
  end(): void;
}

export function fieldsOf(value: DerValue, tag: number = TAG.sequence): Fields {
  if (value.tag !== tag) throw new DerError('a value is of another kind than it should be');
  const left = children(value);
  const take: Fields['take'] = (wanted) => {
    const field = left.shift();
    if (field === undefined) throw new DerError('a field is missing');
    if (wanted !== undefined && field.tag !== wanted) throw new DerError('a field is of another kind');
    return field;
  };
  return {
    take,
    optional: (wanted) => (left[0]?.tag === wanted ? take() : null),
    end: () => {
      if (left.length > 0) throw new DerError('there are more fields than there should be');
    },
  };
}

/** AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly id: string;
  /** Null where they are absent. */
  readonly parameters: DerValue | null;
  /** All of it. */
  readonly bytes: Buffer;
}

/** @throws DerError */
export function readAlgorithm(value: DerValue): AlgorithmIdentifier {
  const [type, parameters = null, ...more] = value.tag === TAG.sequence ? children(value) : [];
  if (type === undefined || more.length > 0) throw new DerError('no AlgorithmIdentifier');
  return { id: readOid(type), parameters, bytes: value.bytes };
}

/** An INTEGER from 0 to 2^31-1. @throws DerError */
export function readSmallInteger({ tag, content }: DerValue): number {
  const [first = 0x80] = content;
  if (tag !== TAG.integer || first >= 0x80 || content.length > 4) throw new DerError('no small INTEGER');
  return content.readUIntBE(0, content.length);
}
