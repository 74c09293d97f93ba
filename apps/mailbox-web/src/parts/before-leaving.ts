// SPDX-License-Identifier: Apache-2.0

const waiting = new Set<() => Promise<void>>();

/** What is to be done before somebody signs out, while he still may. @returns what takes it back. */
export function beforeLeaving(work: () => Promise<void>): () => void {
  waiting.add(work);
  return () => {
    waiting.delete(work);
  };
}

export const allBeforeLeaving = async (): Promise<void> => {
  await Promise.all([...waiting].map((work) => work()));
};
