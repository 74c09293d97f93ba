// SPDX-License-Identifier: Apache-2.0
import { InvalidArgumentError } from 'commander';

/** How a SHA-256 begins, in lower case and without colons, as other programs print them. @throws InvalidArgumentError */
export function fingerprint(text: string): string {
  const digits = text.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(digits))
    throw new InvalidArgumentError('the first 8 or more hexadecimal digits of its SHA-256 are wanted');
  return digits;
}
