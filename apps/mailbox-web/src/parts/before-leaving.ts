// SPDX-License-Identifier: Apache-2.0

const waiting = new Set<() => Promise<void>>();
const underWay = new Set<Promise<void>>();

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

/** Goes on while another page is shown already. */
export function whileLeaving(work: Promise<void>): void {
  const done = work.finally(() => {
    underWay.delete(done);
  });
  underWay.add(done);
}

/** Whoever comes back at once is shown what the page before kept at last. */
export const hasLeft = async (): Promise<void> => {
  await Promise.all(underWay);
};
