// SPDX-License-Identifier: Apache-2.0
/** Where bytes go; `end` is called once, behind the last of them. */
export interface Writer {
  write(chunk: Buffer): void;
  end(): void;
}

/**
 * One step of what is done to a stream: begun anew for each reading, it gives a writer that hands on what is ready.
 * Nothing in it waits, so a message with several layers costs one turn of the event loop for each chunk of its source,
 * and not one for each chunk in each layer.
 */
export type Stage = (next: Writer) => Writer;

/** Puts `before` in front and `after` behind. */
export const enclosing =
  (before: Buffer, after: Buffer): Stage =>
  (next) => {
    next.write(before);
    return {
      write: (chunk) => {
        next.write(chunk);
      },
      end: () => {
        next.write(after);
        next.end();
      },
    };
  };
