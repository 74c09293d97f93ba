// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { addressesOf, type Header } from '@securemail/mime';
import { fieldsSayWhatTheyMean } from './address-list.ts';

/**
 * Whether a mail shows as its authors (`From`, RFC 5322 §3.6.2) only people whom its sender may send as. A `From` that
 * is missing, or that can be read in two ways, shows nobody whom we know.
 */
export function authorsAllowed(header: Header, maySendAs: (author: Address) => boolean): boolean {
  const authors = addressesOf(header, 'From');
  return (
    authors.length > 0 &&
    fieldsSayWhatTheyMean(header, 'From') &&
    authors.every(({ address }) => {
      const read = readAddress(address);
      return read.ok && maySendAs(read.address);
    })
  );
}
