// SPDX-License-Identifier: Apache-2.0

/** A label and what it says. */
export type Row = readonly [label: string, value: string];

export interface Table {
  readonly heading: string;
  /** 2: sections of the document. 3: what belongs to the section before. */
  readonly level: 2 | 3;
  readonly rows: readonly Row[];
}

/** `good`, `bad`, or to be read closely. Never the only sign: the words say it, too. */
export type Tone = 'good' | 'doubtful' | 'bad';

/** Something said, and what it means. */
export interface Statement {
  readonly headline: string;
  readonly explanation: string;
  readonly tone: Tone;
}

/** A Signature certificate in the words of one language, for any medium. */
export interface Description {
  readonly title: string;
  /** Of the whole: as bad as the worst that it says. */
  readonly tone: Tone;
  /** What is to be understood at a glance. */
  readonly statements: readonly Statement[];
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}
