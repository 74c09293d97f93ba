// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { addressesOf, fieldsSayWhatTheyMean, namesWithoutAddress, type Header } from '@securemail/mime';
import { Problem } from '@securemail/service';

/**
 * For message/rfc822 the header is the envelope: From sends; To, Cc and Bcc receive.
 *
 * @throws Problem `invalid-address`.
 */
export function envelopeOf(header: Header): { mailFrom: Address; recipients: Address[] } {
  const [from, ...others] = addressesOf(header, 'From');
  if (from === undefined || others.length > 0) {
    throw new Problem('invalid-address', 'The From field must name exactly one mailbox.', {
      errors: [{ path: 'From' }],
    });
  }
  for (const name of ['From', 'To', 'Cc', 'Bcc']) {
    if (!fieldsSayWhatTheyMean(header, name)) throw ambiguous(name);
    // He would be left out, and whoever wrote it would believe that he got it.
    if (namesWithoutAddress(header, name)) throw unaddressed(name);
  }
  const recipients = ['To', 'Cc', 'Bcc'].flatMap((name) =>
    addressesOf(header, name).map(({ address }) => checked(address, name)),
  );
  return { mailFrom: checked(from.address, 'From'), recipients };
}

const ambiguous = (path: string) =>
  new Problem('invalid-address', `The addresses in ${path} can be read in more than one way.`, {
    errors: [{ path, message: 'an @ in a name has to be quoted' }],
  });

const unaddressed = (path: string) =>
  new Problem('invalid-address', `Somebody in ${path} has no address that can be read.`, {
    errors: [{ path, message: 'a name without an address, or an address that is encoded' }],
  });

function checked(address: string, path: string): Address {
  const read = readAddress(address);
  if (read.ok) return read.address;
  throw new Problem('invalid-address', `An address in ${path} ${read.reason}.`, {
    errors: [{ path, message: read.reason }],
  });
}
