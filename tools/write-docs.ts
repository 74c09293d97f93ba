// SPDX-License-Identifier: Apache-2.0

/** Writes the pages of docs/ that are made from the code. Run by Node itself, which strips the types. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderEvents } from '../libs/contracts/render-events.ts';

writeFileSync(resolve(import.meta.dirname, '../docs/events.md'), renderEvents());
