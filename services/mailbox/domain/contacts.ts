// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { GENERAL, type Contact, strangeContacts } from '@securemail/service';

/** As somebody outside sees one: not where it leads. */
export interface ShownContact {
  id: string;
  name: string;
  group: string;
  description: string;
  /** It takes what no other one is for. */
  isGeneral: boolean;
}

/** Whom people outside can write to; nobody where there is no general one, for then some could reach nobody. */
export function contactsOf(
  { contacts }: { contacts: Readonly<Record<string, Contact>> },
  domains: readonly string[],
): ReadonlyMap<string, Contact> {
  const strange = new Set(strangeContacts(contacts, domains).map(({ path: [id] }) => id));
  const own = new Map(Object.entries(contacts).filter(([id]) => !strange.has(id)));
  return own.has(GENERAL) ? own : new Map();
}

/** By group and name as that language sorts them, those of no group first, and the general one last. */
export function listed(contacts: ReadonlyMap<string, Contact>, language: Language): ShownContact[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  return [...contacts]
    .map(([id, { name, group, description }]) => ({
      id,
      name,
      group: id === GENERAL ? '' : group,
      description,
      isGeneral: id === GENERAL,
    }))
    .sort(
      (a, b) =>
        Number(a.isGeneral) - Number(b.isGeneral) || compare(a.group, b.group) || compare(a.name, b.name),
    );
}
