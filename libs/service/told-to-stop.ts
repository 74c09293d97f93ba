// SPDX-License-Identifier: Apache-2.0

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Resolves on the first SIGTERM or SIGINT; who sends a second one does not want to wait, and the process ends at once. */
export const toldToStop = (): Promise<void> =>
  new Promise((resolve) => {
    let told = false;
    for (const signal of SIGNALS)
      process.on(signal, () => {
        if (told) {
          process.stderr.write(
            'Told to stop twice: ended at once. What was in hand is taken up by the next process.\n',
          );
          process.exit(1);
        }
        told = true;
        resolve();
      });
  });
