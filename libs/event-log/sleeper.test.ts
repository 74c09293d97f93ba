// SPDX-License-Identifier: Apache-2.0
import { sleeper } from './sleeper.ts';

const LONG = 60_000;
const never = new AbortController().signal;

describe('a sleeper', () => {
  it('sleeps until it is woken, and says so', async () => {
    const { sleep, wake } = sleeper();
    setImmediate(wake);
    expect(await sleep(LONG, never)).toBe(true);
  });

  it('sleeps no longer than it wanted', async () => {
    expect(await sleeper().sleep(1, never)).toBe(false);
  });

  it('does not sleep where it was woken while it looked', async () => {
    const { look, sleep, wake } = sleeper();
    look();
    wake();
    expect(await sleep(LONG, never)).toBe(true);
  });

  it('does not count what woke it before it looked', async () => {
    const { look, sleep, wake } = sleeper();
    wake();
    look();
    expect(await sleep(1, never)).toBe(false);
  });

  it('gets up when the signal is given, and does not lie down after it', async () => {
    const closing = new AbortController();
    const { sleep } = sleeper();
    setImmediate(() => {
      closing.abort();
    });
    await sleep(LONG, closing.signal);
    expect(await sleep(LONG, closing.signal)).toBe(false);
  });
});
