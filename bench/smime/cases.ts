// SPDX-License-Identifier: Apache-2.0
export const OPERATIONS = ['sign', 'encrypt', 'sign+encrypt', 'open+verify'] as const;
export type OperationName = (typeof OPERATIONS)[number];

export const ALGORITHMS = ['rsa-2048', 'p-256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export interface Case {
  readonly op: OperationName;
  /** Octets of the content; nothing is measured with less than a kilobyte. */
  readonly bytes: number;
  readonly recipients: number;
  readonly alg: Algorithm;
}

export interface Choice {
  ops: OperationName[];
  bytes: number[];
  recipients: number[];
  algs: Algorithm[];
}

/** All combinations, the smaller sizes first; signing has no recipients, so it is there once. */
export const casesOf = ({ ops, bytes, recipients, algs }: Choice): readonly Case[] =>
  algs.flatMap((alg) =>
    ops.flatMap((op) =>
      (op === 'sign' ? [1] : recipients).flatMap((count) =>
        bytes.toSorted((a, b) => a - b).map((size) => ({ op, bytes: size, recipients: count, alg })),
      ),
    ),
  );
