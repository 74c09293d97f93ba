// SPDX-License-Identifier: Apache-2.0
import { groupReach } from './reach.ts';

it('knows of each part by itself until when all was dealt with', async () => {
  let end: Record<string, bigint> = {};
  let reached: Record<string, bigint> = {};
  const places = (of: Record<string, bigint>) =>
    Promise.resolve(new Map(Object.entries(of).map(([part, place]) => [part, [place]])));
  const reach = groupReach({
    ends: () => places(end),
    reached: () => places(reached),
    everyMs: 0,
    marginMs: 0,
    settlingMs: 0,
  });
  const look = async () => {
    const at = Date.now();
    const { until, behind } = await reach.look();
    expect(until!.getTime()).toBeGreaterThanOrEqual(at);
    return behind;
  };
  expect([...(await look())]).toEqual([]);
  const emptyAt = (await reach.look()).until!;
  [end, reached] = [{ crypto: 5n, delivery: 5n }, { crypto: 1n }];
  const first = await look();
  expect(first.get('crypto')!.place).toBe('1');
  expect(first.get('crypto')!.until!.getTime()).toBeGreaterThanOrEqual(emptyAt.getTime());
  // One gets to what was there, and is behind again; the other stands still.
  [end, reached] = [{ crypto: 9n, delivery: 9n }, { crypto: 6n }];
  const second = await look();
  expect(second.get('crypto')!.until!.getTime()).toBeGreaterThanOrEqual(
    first.get('crypto')!.until!.getTime(),
  );
  expect(second.get('delivery')).toEqual(first.get('delivery'));
  [end, reached] = [{ crypto: 9n, delivery: 9n }, { crypto: 9n }];
  expect([...(await look()).keys()]).toEqual(['delivery']);
});
