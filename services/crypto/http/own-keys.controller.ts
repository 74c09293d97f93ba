// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import {
  cursorOf,
  noteListShown,
  PLATFORM,
  readCursor,
  readQuery,
  requirePrincipal,
  type Platform,
  type Tenant,
} from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import type { Directory } from '../domain/directory.ts';
import { ENTRY_KINDS, type EntryName } from '../domain/entry.ts';
import { KEY_STATES, KEY_WARNINGS, keyWarnings, stateOfKey } from '../domain/own-key.ts';
import { DIRECTORY } from '../settings.ts';

export const OwnKeysQuery = z.strictObject({
  warned: z.enum(['true', 'false']).default('false').describe('true: only those that want a successor'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional().describe('The `next` of the page before'),
});

export const OwnKeyView = z.object({
  kind: z.enum(ENTRY_KINDS),
  name: z.string(),
  sha256: z.string().describe('Of its certificate'),
  where: z.enum(['file', 'token']),
  state: z.enum(KEY_STATES),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  warning: z.enum(KEY_WARNINGS).nullable().describe('Why its name wants a successor; null: it does not yet'),
});
export type OwnKeyView = z.infer<typeof OwnKeyView>;

const Place = z.tuple([z.string(), z.string(), z.string()]);

/** The own keys that are in use, by their certificates: never the keys. */
@Controller('v1/admin/keys')
export class OwnKeysController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(DIRECTORY) private readonly directory: () => Directory,
  ) {}

  @Get()
  async list(
    @Req() request: Request,
    @Query() query: unknown,
  ): Promise<{ keys: OwnKeyView[]; next: string | null }> {
    const { tenants } = this.platform;
    const principal = requirePrincipal(request, tenants.values(), 'certificates:read', 'admin');
    const { warned, limit, cursor } = readQuery(OwnKeysQuery, query);
    await noteListShown(this.platform, principal, 'own-keys', { warned });
    const after = cursor === undefined ? null : readCursor(cursor, Place);
    const tenant = tenants.get(principal.tenantId);
    const all = tenant === undefined ? [] : viewsOf(this.directory(), tenant, new Date());
    const found = all
      .filter(({ warning }) => warned === 'false' || warning !== null)
      .filter((view) => after === null || comparePlaces(placeOf(view), after) > 0);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { keys: page, next: found.length > limit && last !== undefined ? cursorOf(placeOf(last)) : null };
  }
}

/** What ends first stands first. */
function viewsOf({ ownKeys, trustAnchors }: Directory, { domains }: Tenant, at: Date): OwnKeyView[] {
  const question = { at, trustAnchors };
  const warnings = new Map(
    keyWarnings(ownKeys, question).map(({ kind, name, sha256, what }) => [`${kind} ${name} ${sha256}`, what]),
  );
  const isOwn = ({ name }: EntryName) => domains.includes(name.slice(name.lastIndexOf('@') + 1));
  return ownKeys
    .flatMap((key) =>
      key.names
        .map((name) => ({ kind: key.kind, name }))
        .filter(isOwn)
        .map((of): OwnKeyView => {
          const { sha256, notBefore, notAfter } = key.certificate;
          return {
            ...of,
            sha256,
            where: key.where,
            state: stateOfKey(key, of, ownKeys, question),
            notBefore: notBefore.toISOString(),
            notAfter: notAfter.toISOString(),
            warning: warnings.get(`${of.kind} ${of.name} ${sha256}`) ?? null,
          };
        }),
    )
    .toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b)));
}

type Place = z.infer<typeof Place>;
const placeOf = ({ notAfter, kind, name, sha256 }: OwnKeyView): Place => [
  notAfter,
  `${kind} ${name}`,
  sha256,
];

function comparePlaces(a: Place, b: Place): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
