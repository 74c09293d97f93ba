// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { Problem } from '@securemail/service';
import type { Request } from 'express';
import { tellBegun } from './begun-sign-ins.ts';
import { tellContacts, tellLink, tellOrganisation, type Telling } from './telling.ts';

/** What the script of a page would ask for, by the keys under which it looks for that (apps/mailbox-web/src/told.ts). */
export type Told = { key: string[]; answer?: unknown; refused?: Refused }[];
interface Refused {
  kind: string;
  status: number;
  organisation?: unknown;
}
type Colours = ReturnType<typeof tellOrganisation>['colours'];

const LINK = /^\/mailbox\/m\/([^/]+)\/?$/;
const ORGANISATION = /^\/mailbox\/o\/([^/]+)(\/write)?\/?$/;
/** So long a list is left to the script: rendering it keeps everybody waiting. */
const MOST_CONTACTS = 200;

/**
 * What a page is rendered from that is seen first, by somebody whom nobody knows yet: what the calls under /mailbox/v1 tell him,
 * too, and nothing else; and whether his browser waits for a code there. What they refuse is told likewise.
 *
 * @returns null where the page is of another kind, or has to be made in the browser.
 */
export async function toldFirst(
  path: string,
  language: Language,
  telling: Telling,
  request: Request,
  now: Date,
): Promise<{ told: Told; colours: Colours | null } | null> {
  const link = partOf(path, LINK);
  if (link !== null)
    return await tryTo(['link', ':link'], async () => {
      const answer = await tellLink(link, telling, now);
      const organisation = tellOrganisation(answer.organisation.id, telling);
      return {
        told: [
          { key: ['link', ':link'], answer },
          { key: ['organisation', organisation.id], answer: organisation },
          { key: ['begun', ':link'], answer: await tellBegun(request, { link }, telling.platform, now) },
        ],
        colours: organisation.colours,
      };
    });
  const id = partOf(path, ORGANISATION);
  if (id === null) return null;
  return await tryTo(['organisation', id], async () => {
    const organisation = tellOrganisation(id, telling);
    const toWrite = ORGANISATION.exec(path)?.[2] !== undefined;
    const at = { organisation: organisation.id, ...(toWrite ? { to: 'write' as const } : {}) };
    const told: Told = [
      { key: ['organisation', id], answer: organisation },
      {
        key: ['begun', id, ...(toWrite ? ['write'] : [])],
        answer: await tellBegun(request, at, telling.platform, now),
      },
    ];
    if (!toWrite) return { told, colours: organisation.colours };
    const { contacts } = tellContacts(id, language, telling);
    if (contacts.length > MOST_CONTACTS) return null;
    return {
      told: [...told, { key: ['contacts', id], answer: { language, contacts } }],
      colours: organisation.colours,
    };
  });
}

function partOf(path: string, pattern: RegExp): string | null {
  const [, part] = pattern.exec(path) ?? [];
  return part === undefined ? null : decodeURIComponent(part);
}

async function tryTo<Found>(key: string[], tell: () => Found | Promise<Found>) {
  try {
    return await tell();
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    return {
      told: [{ key, refused: { kind: error.slug, status: error.status, ...error.extensions } }],
      colours: null,
    };
  }
}
