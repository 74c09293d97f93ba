// SPDX-License-Identifier: Apache-2.0
import { EmailId } from '@securemail/contracts';
import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError */
export function emailId(text: string): EmailId {
  const read = EmailId.safeParse(text);
  if (!read.success) throw new InvalidArgumentError('the id of an email is wanted');
  return read.data;
}
