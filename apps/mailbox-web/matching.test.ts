// SPDX-License-Identifier: Apache-2.0
import type { Contact } from './src/api.ts';
import { matching } from './src/parts/matching.ts';

const contact = (name: string): Contact => ({ id: name, name, group: '', description: '', isGeneral: false });

it.each([
  ['orebro', 'Ørebro'],
  ['oerebro', 'Ørebro'],
  ['Ørebro', 'Ørebro'],
  ['alborg', 'Ålborg'],
  ['aalborg', 'Ålborg'],
  ['lodz', 'Łódź'],
  ['dakovo', 'Đakovo'],
  ['aerø', 'Ærø'],
  ['arzte', 'Ärzte'],
  ['STRASSE', 'Straße'],
])('“%s” finds %s, and nothing else', (looked, name) => {
  const all = ['Ørebro', 'Ålborg', 'Łódź', 'Đakovo', 'Ærø', 'Ärzte', 'Straße'].map(contact);
  expect(matching(all, looked).map((each) => each.name)).toEqual([name]);
});
