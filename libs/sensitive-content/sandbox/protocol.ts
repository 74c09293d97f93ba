// SPDX-License-Identifier: Apache-2.0
import type { Findings } from '../domain/findings.ts';
import type { Rule } from '../domain/rules.ts';
import type { Limits } from '../extract/budget.ts';

/** What a sandbox is told: for each mail `begin`, its octets, `end`. */
export type Order =
  | { kind: 'begin'; rules: readonly Rule[]; limits: Limits; today: Date }
  | { kind: 'octets'; octets: Uint8Array }
  | { kind: 'end' };

/** What a sandbox answers: `ready` once, then for each mail all findings so far, again and again, the last one `done`. */
export type Answer = { kind: 'ready' } | { kind: 'findings'; findings: Findings; done: boolean };
