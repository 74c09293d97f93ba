// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import { InvalidArgumentError } from 'commander';

/** The organisation that is named, or the only one there is. @throws InvalidArgumentError */
export function theTenant<T extends { id: TenantId }>(tenants: readonly T[], wanted: string | undefined): T {
  const [only, another] = tenants;
  if (wanted === undefined && only !== undefined && another === undefined) return only;
  const found = tenants.find(({ id }) => id === wanted);
  if (found === undefined)
    throw new InvalidArgumentError(`--tenant: one of ${tenants.map(({ id }) => id).join(', ')} is wanted`);
  return found;
}

/** How a SHA-256 begins, in lower case and without colons, as other programs print them. @throws InvalidArgumentError */
export function fingerprint(text: string): string {
  const digits = text.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(digits))
    throw new InvalidArgumentError('the first 8 or more hexadecimal digits of its SHA-256 are wanted');
  return digits;
}
