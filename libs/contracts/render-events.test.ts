// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderEvents } from './render-events.ts';

it('docs/events.md says what the catalogue says (npm run docs writes it)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/events.md'), 'utf8');
  expect(page).toBe(renderEvents());
});
