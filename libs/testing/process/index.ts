// SPDX-License-Identifier: Apache-2.0

/** For processes that want little around them, as what a heap holds makes each collection of garbage longer. */
export { startJavaProgram } from './java-program.ts';
export { memoryInUse } from './memory-in-use.ts';
export { sayOnStderr, type Say } from '../say.ts';
