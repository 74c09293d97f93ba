// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { addressesOf, type Header } from '@securemail/mime';
import { fieldsSayWhatTheyMean } from '@securemail/mime';

/** Mail programs show whom they name, too: "the boss on behalf of Anna" (RFC 5322 §3.6.2, §3.6.6). */
const SHOWN_BESIDE = ['Sender', 'Resent-From', 'Resent-Sender'];

/**
 * Whether a mail shows as its authors (`From`, RFC 5322 §3.6.2), and as those who sent or resent it, only people whom
 * its sender may send as. A `From` that is missing, and any of these fields that names nobody or can be read in two
 * ways, shows somebody whom we don't know.
 */
export function authorsAllowed(header: Header, maySendAs: (author: Address) => boolean): boolean {
  return (
    showsOnly(header, 'From', maySendAs) &&
    SHOWN_BESIDE.every((name) => header.get(name) === undefined || showsOnly(header, name, maySendAs))
  );
}

function showsOnly(header: Header, name: string, maySendAs: (author: Address) => boolean): boolean {
  const shown = addressesOf(header, name);
  return (
    shown.length > 0 &&
    fieldsSayWhatTheyMean(header, name) &&
    shown.every(({ address }) => {
      const read = readAddress(address);
      return read.ok && maySendAs(read.address);
    })
  );
}
