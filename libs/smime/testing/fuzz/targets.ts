// SPDX-License-Identifier: Apache-2.0
import { messageTarget } from './message-target.ts';
import { SMALL_TARGETS } from './small-targets.ts';
import type { Target } from './target.ts';

/** Everything that reads bytes of strangers, by its name on the command line. */
export const TARGETS: Readonly<Record<string, Target>> = { ...SMALL_TARGETS, message: messageTarget() };
