// SPDX-License-Identifier: Apache-2.0

export interface Loaded<T> {
  readonly value: T;
  readonly until: Date;
  /** What it takes, in octets. */
  readonly octets: number;
}

interface Kept<T> {
  readonly loading: Promise<Loaded<T>>;
  octets: number;
  until: number;
}

/** What was answered, until it is out of date or newer ones need the room; who asks the same at once asks together. */
export interface AnswerCache<T> {
  /** Rejects as `load` does, and for `patience` ms after it without asking again. */
  get(key: string, now: Date, load: () => Promise<Loaded<T>>): Promise<T>;
}

/** However small they are. */
const MAX_ANSWERS = 10_000;

export function answerCache<T>(octets: number, patience: number): AnswerCache<T> {
  const kept = new Map<string, Kept<T>>();
  let left = octets;
  const forget = (key: string) => {
    left += kept.get(key)?.octets ?? 0;
    kept.delete(key);
  };
  const makeRoom = () => {
    for (const key of kept.keys()) {
      if (left >= 0 && kept.size <= MAX_ANSWERS) return;
      forget(key);
    }
  };
  const settle = (key: string, entry: Kept<T>, { until, octets: size }: Omit<Loaded<T>, 'value'>) => {
    entry.until = until.getTime();
    if (kept.get(key) !== entry) return;
    entry.octets = size;
    left -= size;
    makeRoom();
  };

  return {
    async get(key, now, load) {
      const known = kept.get(key);
      if (known !== undefined && now.getTime() < known.until) {
        // The least recently used one stands first.
        kept.delete(key);
        kept.set(key, known);
        return (await known.loading).value;
      }
      forget(key);
      const entry: Kept<T> = { loading: load(), octets: 0, until: Infinity };
      kept.set(key, entry);
      makeRoom();
      try {
        const loaded = await entry.loading;
        settle(key, entry, loaded);
        return loaded.value;
      } catch (error) {
        settle(key, entry, { until: new Date(now.getTime() + patience), octets: 0 });
        throw error;
      }
    },
  };
}
