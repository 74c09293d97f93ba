// SPDX-License-Identifier: Apache-2.0
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SEQUENCE = /^[1-9]\d{0,9}$/;

/** Characters: the name of a service. Of many lines it is kept at once. */
const LONGEST_SOURCE = 100;

/** Further apart, somebody may want to know why. Milliseconds. */
const LATE_MS = 3_600_000;
/** Clocks of services differ by less. Milliseconds. */
const EARLY_MS = 60_000;

/** Of an event, as a leaf tells it, what a verdict looks at. */
export class Recorded {
  private constructor(
    readonly id: string,
    readonly emailId: string,
    readonly source: string,
    readonly sequence: number,
    /** Milliseconds since 1970. */
    readonly happenedAt: number,
    /** Milliseconds since 1970. */
    readonly recordedAt: number,
  ) {}

  /** Null where it is no event. */
  static of(json: unknown): Recorded | null {
    // By hand: every line of the file goes through here.
    if (typeof json !== 'object' || json === null) return null;
    const { id, subject, source, sequence, time, recordedtime } = json as Record<string, unknown>;
    const isOne =
      isLike(id, UUID) &&
      isLike(subject, UUID) &&
      typeof source === 'string' &&
      source.length <= LONGEST_SOURCE &&
      isLike(sequence, SEQUENCE) &&
      isLike(time, TIME) &&
      isLike(recordedtime, TIME);
    if (!isOne) return null;
    const [happenedAt, recordedAt] = [Date.parse(time), Date.parse(recordedtime)];
    // What looks like a time and is none, such as the 99th of November, would compare with nothing.
    if (Number.isNaN(happenedAt) || Number.isNaN(recordedAt)) return null;
    return new Recorded(id, subject, source, Number(sequence), happenedAt, recordedAt);
  }

  notices(): string[] {
    const late = this.recordedAt - this.happenedAt;
    if (late > LATE_MS)
      return [
        `It says that it happened ${Math.floor(late / 60_000)} minutes before it was recorded: somebody kept it back, dated it back, or the event log stood still.`,
      ];
    return late < -EARLY_MS ? ['It says that it happened after it was recorded: a clock was wrong.'] : [];
  }
}

const isLike = (value: unknown, like: RegExp): value is string =>
  typeof value === 'string' && like.test(value);
