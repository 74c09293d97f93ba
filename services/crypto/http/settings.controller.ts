// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Inject, Param, Patch, Put, Query, Req, Res } from '@nestjs/common';
import { readState, scopeText, type Decision, type Wanted } from '@securemail/policy';
import {
  cursorOf,
  jsonBody,
  PLATFORM,
  Problem,
  readCursor,
  readQuery,
  requirePrincipal,
  type ForwardingDirectory,
  type Platform,
} from '@securemail/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import {
  changeFor,
  changesOf,
  contactWarnings,
  differenceView,
  showSettings,
  type SettingsOf,
} from '../admin-settings.ts';
import type { Directory } from '../domain/directory.ts';
import { DIRECTORY, FORWARDINGS } from '../settings.ts';
import {
  ChangeQuery,
  ChangeRequest,
  ChangesQuery,
  etagOf,
  readLayer,
  refused,
  scopeIn,
  scopeNamed,
  scopeSearched,
  SettingsQuery,
  versionSeen,
} from './settings-requests.ts';

interface Named {
  domain?: string;
  person?: string;
}

const SCOPES = ['tenant', 'domains/:domain', 'people/:person'];

/** What the administrators of the organisation of the key set for it, its domains and its people. */
@Controller('v1/admin/settings')
export class SettingsController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(DIRECTORY) private readonly directory: () => Directory,
    @Inject(FORWARDINGS) private readonly forwardings: ForwardingDirectory,
  ) {}

  @Get()
  async show(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Query() query: unknown,
  ) {
    const { of } = this.#administrator(request);
    const shown = await showSettings(
      of,
      scopeIn(of.tenant, readQuery(SettingsQuery, query, 'is not a parameter here')),
    );
    response.set('ETag', etagOf(shown.version));
    return shown;
  }

  @Get('changes')
  async changes(@Req() request: Request, @Query() query: unknown) {
    const { of } = this.#administrator(request);
    const { scope, limit, cursor } = readQuery(ChangesQuery, query);
    const { changes, next } = await changesOf(of, {
      scope: scope === undefined ? null : scopeSearched(scope),
      before: cursor === undefined ? null : readCursor(cursor, z.int().min(1)),
      limit,
    });
    return { changes, next: next === null ? null : cursorOf(next) };
  }

  /** All that is set in this place, anew. */
  @Put(SCOPES)
  replace(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param() named: Named,
    @Query() query: unknown,
  ) {
    return this.#change('replace', request, response, named, query);
  }

  /** A merge patch (RFC 7396) to what is set in this place. */
  @Patch(SCOPES)
  patch(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param() named: Named,
    @Query() query: unknown,
  ) {
    return this.#change('patch', request, response, named, query);
  }

  async #change(
    how: Wanted['how'],
    request: Request,
    response: Response,
    { domain, person }: Named,
    query: unknown,
  ) {
    const { of, keyId } = this.#administrator(request);
    const dryRun = readQuery(ChangeQuery, query, 'is not a parameter here').dryRun === 'true';
    const scope = scopeNamed({ domain, person });
    const seen = versionSeen(request.headers['if-match']);
    const { by, reason, settings } = await jsonBody(request, ChangeRequest);
    const wanted = [{ scope, how, settings: readLayer(settings, scopeText(scope)) }];
    const decision = await changeFor(of, { seen, wanted, at: new Date(), by, keyId, reason }, dryRun);
    const answer = await this.#answerTo(decision, of, seen, dryRun);
    response.set('ETag', etagOf(answer.version));
    return answer;
  }

  async #answerTo(decision: Decision, of: SettingsOf, seen: number, dryRun: boolean) {
    switch (decision.kind) {
      case 'unchanged':
        return { result: 'unchanged', version: seen, differences: [], warnings: [] };
      case 'changed': {
        const differences = decision.differences.map(differenceView);
        const forwards = await this.forwardings.of(of.tenant);
        const warnings = contactWarnings(of.tenant, decision.state, forwards);
        if (dryRun) return { result: 'dry-run', version: seen, differences, warnings };
        // It counts here at once, and within seconds where the other services run.
        await this.platform.policies.refresh().catch(() => undefined);
        return { result: 'applied', version: decision.change.version, differences, warnings };
      }
      case 'refused':
        throw refused(decision.faults);
      case 'overtaken':
        throw await overtaken(of, seen);
      case 'strange':
        throw new Problem('settings-scope-not-found', `Not yours: ${decision.scopes.join(', ')}.`);
      default:
        return decision satisfies never;
    }
  }

  #administrator(request: Request): { of: SettingsOf; keyId: string } {
    const { tenants, pool } = this.platform;
    const { tenantId, keyId } = requirePrincipal(request, tenants.values(), 'admin');
    const tenant = tenants.get(tenantId);
    if (tenant === undefined) throw new Error('the key is of a tenant that is not there');
    return { of: { pool, tenant, directory: this.directory() }, keyId };
  }
}

async function overtaken(of: SettingsOf, seen: number): Promise<Problem> {
  const { version } = await readState(of.pool, of.tenant.id);
  const { changes } = await changesOf(of, { scope: null, before: null, limit: 1 });
  const [last] = changes;
  const who =
    last === undefined
      ? ''
      : ` ${last.by} changed ${last.changes.map(({ scope }) => scope).join(', ')} last, at ${last.at}: ${last.reason}`;
  return new Problem(
    'settings-changed',
    `You have seen version ${seen}, and now it is ${version}.${who}`,
    { version },
    { ETag: etagOf(version) },
  );
}
