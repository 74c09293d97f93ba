// SPDX-License-Identifier: Apache-2.0

/**
 * What wakes somebody, or waits for the next day, and what he does then. A test breaks a running system for each of them
 * (apps/cli/alerts.test.ts, alerts-apart.test.ts).
 */
export interface Alert {
  /** In CamelCase; the runbook of the name stands in docs/operations/alerts.md. */
  name: string;
  severity: 'page' | 'ticket';
  /** PromQL: what is there is wrong. */
  expr: string;
  /** How long it is so before somebody is told. */
  for: string;
  /** One line, with labels of the alert as `{{ $labels.x }}`. */
  summary: string;
  /** What it means for mail and people, in a sentence or two. */
  means: string;
  /** What to look at, the likeliest first. */
  look: readonly string[];
  /** What to do. */
  act: readonly string[];
}

/** What is counted once for many. */
export interface Recording {
  record: string;
  expr: string;
}
