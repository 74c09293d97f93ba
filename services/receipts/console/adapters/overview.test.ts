// SPDX-License-Identifier: Apache-2.0
import { latencyOf } from './overview.ts';

it('says within which time how many were through', () => {
  const timed = [
    { seconds: 1, emails: 49 },
    { seconds: 2, emails: 1 },
    { seconds: 3, emails: 45 },
    { seconds: 30, emails: 4 },
    { seconds: 900, emails: 1 },
  ];
  expect(latencyOf(timed)).toEqual({ median: 2, p95: 3, p99: 30, most: 900 });
  expect(latencyOf([{ seconds: 0.01, emails: 1 }])).toEqual({
    median: 0.01,
    p95: 0.01,
    p99: 0.01,
    most: 0.01,
  });
  expect(latencyOf([])).toBeNull();
});
