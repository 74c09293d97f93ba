// SPDX-License-Identifier: Apache-2.0
import type { Place } from '../api.ts';

/** What is written in this tab, also once its form is gone. */
export interface Paper {
  readonly place: Place;
  readonly text: string;
  /** Something of it is not kept by the server. */
  readonly isUnkept: boolean;
  /** It would be lost with the page. */
  readonly isAtRisk: boolean;
  /** The server was asked, and would not. */
  readonly isRefused: boolean;
  /** It would, once more is proven. */
  readonly lacksProof: boolean;
  /** Tries once to keep it. */
  keep: () => Promise<void>;
  /** Nobody wants it any more. */
  drop: () => void;
}

/** By the id of the draft. */
export const papers = new Map<string, Paper>();

export const unkept = (): Paper[] => [...papers.values()].filter((paper) => paper.isUnkept);

/** More may be proven by now; asked where somebody has done something, as asking is a use of his session. */
export async function keepProven(): Promise<void> {
  const waiting = unkept().filter(({ lacksProof }) => lacksProof);
  await Promise.all(waiting.map((paper) => paper.keep()));
}

/** @returns whether nothing is left to be kept. */
export async function keepAll(): Promise<boolean> {
  await Promise.all(unkept().map((paper) => paper.keep()));
  return unkept().length === 0;
}
