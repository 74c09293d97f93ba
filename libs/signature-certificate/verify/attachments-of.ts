// SPDX-License-Identifier: Apache-2.0
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LIMITS } from './limits.ts';

/** Compiled or not, as this file is. */
const READER = join(import.meta.dirname, `pdf-reader${extname(import.meta.filename)}`);

/**
 * The files that are attached to a PDF. It is read by PDF.js in a thread of its own, which is ended when it takes too
 * long or too much memory; then, and where it is no PDF, there are none.
 */
export function attachmentsOf(pdf: Buffer): Promise<Uint8Array[]> {
  return new Promise((resolve) => {
    const reader = new Worker(READER, {
      workerData: new Uint8Array(pdf),
      resourceLimits: { maxOldGenerationSizeMb: LIMITS.readerHeapMegabytes },
      execArgv: [],
      env: {},
      stdout: true,
      stderr: true,
    });
    const end = (files: Uint8Array[]) => {
      clearTimeout(patience);
      resolve(files);
      void reader.terminate();
    };
    const patience = setTimeout(() => {
      end([]);
    }, LIMITS.readerMs);
    reader.once('message', end);
    reader.once('error', () => {
      end([]);
    });
    reader.once('exit', () => {
      end([]);
    });
  });
}
