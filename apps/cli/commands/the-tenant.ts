// SPDX-License-Identifier: Apache-2.0
import type { Tenant } from '@securemail/service';
import { InvalidArgumentError } from 'commander';

/** The organisation that is meant: the only one, or the one that was named. @throws InvalidArgumentError */
export function theTenant(tenants: readonly Tenant[], wanted: string | undefined): Tenant {
  const [only, another] = tenants;
  if (wanted === undefined && only !== undefined && another === undefined) return only;
  const found = tenants.find(({ id }) => id === wanted);
  if (found === undefined) {
    const ids = tenants.map(({ id }) => id).join(', ');
    throw new InvalidArgumentError(`--tenant: one of ${ids} is wanted`);
  }
  return found;
}
