// SPDX-License-Identifier: Apache-2.0
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import {
  noteListShown,
  PLATFORM,
  Problem,
  readQuery,
  requirePrincipal,
  type Platform,
  type Principal,
} from '@securemail/service';
import { UnreadableCertificateError, type RevocationChecker } from '@securemail/smime';
import type { Request } from 'express';
import { z } from 'zod';
import { askImported } from '../adapters/ask-revocation.ts';
import { removeEntries, type Change } from '../adapters/certificate-changes.ts';
import { certificatesIn } from '../adapters/import-file.ts';
import type { LdapDirectories } from '../adapters/ldap-directory.ts';
import type { SmimeaRecords } from '../adapters/smimea-records.ts';
import { checkName, showCertificate, type CertificatesOf } from '../certificates.ts';
import { CERTIFICATE_STATES } from '../domain/certificate-state.ts';
import type { Directory } from '../domain/directory.ts';
import { ENTRY_KINDS, nameFrom, SOURCES, type EntryName } from '../domain/entry.ts';
import { itemsOf } from '../domain/import-item.ts';
import { importCertificates, type ImportOutcome } from '../importing.ts';
import { listEntries } from '../listing.ts';
import { CRYPTO_SETTINGS, DIRECTORY, LDAP, REVOCATION, SMIMEA, type CryptoSettings } from '../settings.ts';
import { cursorAfter, readCursor } from './cursor.ts';
import { readUpload } from './read-upload.ts';

export const ListQuery = z.strictObject({
  state: z.enum(CERTIFICATE_STATES).optional().describe('Only entries in this state'),
  kind: z.enum(ENTRY_KINDS).optional().describe('Only people, or only organisations'),
  source: z.enum(SOURCES).optional().describe('Only what is known from there'),
  search: z.string().min(1).max(300).optional().describe('A part of the name, or how the SHA-256 begins'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional().describe('The `next` of the page before'),
});

const Reason = z.string().trim().min(1).max(1_000).describe('Why, for the history');
export const UploadQuery = z.strictObject({
  reason: Reason,
  domain: z
    .string()
    .max(300)
    .optional()
    .describe('For all mail to this organisation; without it, for the people that the certificates name'),
  dryRun: z.enum(['true', 'false']).default('false').describe('true: only tell what would happen'),
});
export const RemoveQuery = z.strictObject({
  reason: Reason,
  name: z.string().max(300).optional().describe('Only for this address or domain'),
});
export const CheckQuery = z.strictObject({
  for: z.string().min(1).max(300).describe('An address or a domain'),
});

/** The certificates of others that the organisation of the key uses, for its administrators. */
@Controller('v1/admin/certificates')
export class CertificatesController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(DIRECTORY) private readonly directory: () => Directory,
    @Inject(LDAP) private readonly ldap: LdapDirectories | null,
    @Inject(SMIMEA) private readonly smimea: SmimeaRecords | null,
    @Inject(CRYPTO_SETTINGS) private readonly settings: CryptoSettings,
    @Inject(REVOCATION) private readonly revocation: RevocationChecker,
  ) {}

  @Get()
  async list(@Req() request: Request, @Query() query: unknown) {
    const { of, person, principal } = this.#reader(request);
    const { state, kind, source, search, limit, cursor } = read(ListQuery, query);
    // Whom persons look for is written down, which is not done here.
    if (person !== undefined && search !== undefined) throw forPrograms();
    await noteListShown(this.platform, principal, 'certificates', { state, kind, source });
    const filter = {
      state: state ?? null,
      kind: kind ?? null,
      source: source ?? null,
      search: search ?? null,
      after: cursor === undefined ? null : readCursor(cursor),
      limit,
    };
    const { entries, next } = await listEntries(of, filter, new Date());
    return { entries, next: next === null ? null : cursorAfter(next) };
  }

  @Get('check')
  async check(@Req() request: Request, @Query() query: unknown) {
    const { of, person } = this.#reader(request);
    if (person !== undefined) throw forPrograms();
    const names = await checkName(of, read(CheckQuery, query).for, new Date(), null);
    if (names === null) throw invalid([{ path: 'for', message: 'is an address or a domain' }]);
    return { names };
  }

  @Get(':sha256')
  async show(@Req() request: Request, @Param('sha256') sha256: string) {
    const { of, person } = this.#reader(request);
    if (person !== undefined) throw forPrograms();
    const found = SHA256.test(sha256) ? await showCertificate(of, sha256, new Date()) : null;
    if (found === null || found === 'ambiguous') throw notFound();
    return found;
  }

  @Post()
  @HttpCode(200)
  async upload(@Req() request: Request, @Query() query: unknown) {
    const { of, keyId } = this.#administrator(request);
    const { reason, domain, dryRun } = read(UploadQuery, query);
    const { certificates, keysIgnored } = uploaded(await readUpload(request));
    const outcomes: ImportOutcome[] = [];
    const { imported, ...counts } = await importCertificates({
      pool: of.pool,
      directory: of.directory,
      change: changeOf(of, keyId, reason),
      source: 'uploaded',
      ask: this.settings.revocationCheckHours === 0 ? null : askImported(this.revocation),
      items: () => ReadableStream.from(itemsOf(certificates, domain ?? null)),
      dryRun: dryRun === 'true',
      skipBad: false,
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    const refused = outcomes.filter(({ result }) => result === 'refused');
    if (refused.length > 0)
      throw refuse(refused.map(({ place, reason: message }) => ({ path: place, message })));
    return { imported, ...counts, keysIgnored, certificates: outcomes };
  }

  @Delete(':sha256')
  async remove(
    @Req() request: Request,
    @Param('sha256') sha256: string,
    @Query() query: unknown,
  ): Promise<{ removed: EntryName[] }> {
    const { of, keyId } = this.#administrator(request);
    const { reason, name } = read(RemoveQuery, query);
    if (!SHA256.test(sha256)) throw notFound();
    const only = name === undefined ? null : nameFrom(name);
    const removed = await removeEntries(of.pool, changeOf(of, keyId, reason), sha256, only);
    if (removed.length === 0) throw notFound();
    return { removed };
  }

  #administrator(request: Request): { of: CertificatesOf; keyId: string } {
    return this.#principal(request, 'admin');
  }

  #reader(request: Request): { of: CertificatesOf; person: string | undefined; principal: Principal } {
    return this.#principal(request, 'certificates:read', 'admin');
  }

  #principal(
    request: Request,
    ...scopes: Parameters<typeof requirePrincipal> extends [unknown, unknown, ...infer Scopes]
      ? Scopes
      : never
  ) {
    const { tenants, pool } = this.platform;
    const principal = requirePrincipal(request, tenants.values(), ...scopes);
    const { tenantId, keyId, person } = principal;
    const { ldap, smimea } = this;
    return { of: { pool, directory: this.directory(), tenantId, ldap, smimea }, keyId, person, principal };
  }
}

const SHA256 = /^[0-9a-f]{64}$/;

const changeOf = ({ tenantId }: CertificatesOf, keyId: string, reason: string): Change => ({
  tenantId,
  by: `API key ${keyId}`,
  reason,
  at: new Date(),
});

function uploaded(bytes: Buffer): ReturnType<typeof certificatesIn> {
  try {
    return certificatesIn(bytes, 'certificates', '');
  } catch (error) {
    if (!(error instanceof UnreadableCertificateError)) throw error;
    throw refuse([{ path: 'the file', message: error.message }]);
  }
}

const read = <Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> =>
  readQuery(schema, query, 'is not a parameter here');

type Faults = { path: string; message: string }[];

const invalid = (errors: Faults) =>
  new Problem('invalid-request', `${errors.length} parameter(s) are wrong.`, { errors });

const refuse = (errors: Faults) =>
  new Problem('certificates-refused', 'Nothing was stored: see "errors".', { errors });

const notFound = () =>
  new Problem('certificate-not-found', 'No certificate of your organisation has this SHA-256.');

const forPrograms = () =>
  new Problem('forbidden', 'Who is looked for is asked with a key of the API: the console lists alone.');
