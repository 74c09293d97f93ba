// SPDX-License-Identifier: Apache-2.0
import { PEOPLE } from './demo-files.ts';

/** Whom people outside can write to first. */
export const CONTACTS = {
  general: { name: 'Everything else', description: 'If nobody else fits', address: PEOPLE.anna },
  building: {
    name: 'Building permits',
    group: 'Housing',
    description: 'Garages, sheds, extensions',
    address: PEOPLE.colleague,
  },
  rent: { name: 'Rent support', group: 'Housing', address: PEOPLE.anna },
  care: {
    name: 'Care at home',
    group: 'Health',
    description: 'For older people and after an illness',
    address: PEOPLE.anna,
  },
};
