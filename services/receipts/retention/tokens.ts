// SPDX-License-Identifier: Apache-2.0

/** Injects what emails are erased by. */
export const ERASING = Symbol('Erasing');
