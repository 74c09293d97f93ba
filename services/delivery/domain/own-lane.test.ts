// SPDX-License-Identifier: Apache-2.0
import { TenantId } from '@securemail/contracts';
import { ownLane, routeOfLane } from './own-lane.ts';

it.each([null, 'ward'])('a lane names its route: %s', (route) => {
  expect(routeOfLane(ownLane(TenantId.parse('demo'), route))).toBe(route);
});
