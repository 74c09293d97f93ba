// SPDX-License-Identifier: Apache-2.0
import { Address, domainOf } from '@securemail/contracts';
import { z } from 'zod';
import { label, plainLine, plainText } from './label.ts';

/** The one that takes what no other one is for. */
export const GENERAL = 'general';

/** Whom people outside can choose to write to. */
const Contact = z.strictObject({
  name: label(100),
  /** Under which it is listed, such as "Children and schools"; those without one come first. */
  group: plainLine().max(100).default(''),
  /** What it is for, in words that people outside know. */
  description: plainText().max(300).default(''),
  /** The own mailbox that gets what is written; nobody outside is shown it. */
  address: Address,
});
export type Contact = z.output<typeof Contact>;

const MOST_CONTACTS = 1_000;
/** By id; whoever has any has a general one. */
export const Contacts = z
  .record(z.string().regex(/^[a-z0-9-]{1,40}$/, '1 to 40 of a-z, 0-9 and "-"'), Contact)
  .superRefine((contacts, context) => {
    const ids = Object.keys(contacts);
    const fault = (path: string[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };
    if (ids.length > MOST_CONTACTS) fault([], `no more than ${MOST_CONTACTS}`);
    if (ids.length > 0 && contacts[GENERAL] === undefined)
      fault([GENERAL], 'has to be there, too: who finds nobody in the list writes to it');
  });

/** Contacts whose mailbox is no own one: what was written to them would leave the organisation. */
export const strangeContacts = (
  contacts: Readonly<Record<string, Pick<Contact, 'address'>>>,
  domains: readonly string[],
): { path: [string, 'address']; message: string }[] =>
  Object.entries(contacts).flatMap(([id, { address }]) =>
    domains.includes(domainOf(address))
      ? []
      : [{ path: [id, 'address'], message: `an own mailbox (${domains.join(', ')})` }],
  );
