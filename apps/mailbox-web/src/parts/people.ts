// SPDX-License-Identifier: Apache-2.0
import type { Person } from '../api.ts';

export const namesOf = (people: readonly Person[]): string =>
  people
    .map(({ name, address }) =>
      name === '' ? (address ?? '') : address === null ? name : `${name} (${address})`,
    )
    .join(', ');
