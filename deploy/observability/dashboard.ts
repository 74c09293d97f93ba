// SPDX-License-Identifier: Apache-2.0

/** A question about the running system, drawn over time. */
export interface Panel {
  title: string;
  /** What one sees in it, in a sentence. */
  description: string;
  /** As Grafana calls it: `s`, `short`, `percentunit`, `ops`, `bytes`. */
  unit: 's' | 'short' | 'percentunit' | 'ops' | 'bytes';
  /** The last value alone, large. @default a line for each over time */
  kind?: 'stat';
  queries: readonly { expr: string; legend: string }[];
  /**
   * Which emails of the console stand behind it: those in this state, accepted in the time that is shown; or all that are
   * unfinished, whenever they were accepted: what is stuck for longest is what is looked for.
   */
  emails?: EmailState | 'any' | 'unfinished';
}

/** As the console and `GET /v1/emails` call it. */
type EmailState = 'held' | 'not-sent' | 'sent';

export interface Dashboard {
  /** Of the file, and of its place in Grafana. */
  uid: string;
  title: string;
  rows: readonly { title: string; panels: readonly Panel[] }[];
}
