// SPDX-License-Identifier: Apache-2.0
import { loadConfig } from '@securemail/config';
import { TenantId } from '@securemail/contracts';
import {
  effectiveFor,
  originText,
  readScope,
  scopeText,
  TENANT,
  type Base,
  type Origin,
} from '@securemail/policy';
import { pathText, type Scope, type State, type Tree, type Wanted } from '@securemail/policy';
import { PolicyLayer } from '@securemail/service';
import { stringify } from 'yaml';
import { z } from 'zod';
import { plain } from './certificates-text.ts';

const Layers = z.record(z.string(), PolicyLayer.nullable()).nullable().default({});

/** Everything that administrators of an organisation set, as a file. */
export const SettingsFile = z.strictObject({
  tenant: TenantId,
  /** Which it was when it was exported; without it, whatever it is now. */
  version: z.int().min(0).optional(),
  settings: PolicyLayer.nullable().default({}),
  domains: Layers,
  people: Layers,
});

export interface ReadSettings {
  tenant: TenantId;
  version: number | null;
  layers: ReadonlyMap<string, { scope: Scope; settings: Tree }>;
}

/**
 * Reads a file as {@link settingsText} writes it. What it does not name is not set.
 *
 * @throws ConfigError with every fault and its line; Error for a name that is none or stands twice.
 */
export function readSettingsFile(path: string): ReadSettings {
  const { tenant, version, settings, domains, people } = loadConfig({ schema: SettingsFile, path, env: {} });
  const layers = new Map([['tenant', { scope: TENANT, settings: settings ?? {} }]]);
  const named = [
    ...Object.entries(domains ?? {}).map(([name, each]) => [`domains/${name}`, each] as const),
    ...Object.entries(people ?? {}).map(([name, each]) => [`people/${name}`, each] as const),
  ];
  for (const [text, each] of named) {
    const scope = readScope(text);
    if (scope === null) throw new Error(`${plain(text)}: an address is wanted`);
    if (layers.has(scopeText(scope))) throw new Error(`${plain(text)} stands twice`);
    layers.set(scopeText(scope), { scope, settings: each ?? {} });
  }
  return { tenant, version: version ?? null, layers };
}

/** What has to be set so that it is as the file says: for whom it says nothing, nothing is set. */
export const wantedBy = ({ layers }: ReadSettings, state: State): Wanted[] =>
  [...new Set([...layers.keys(), ...state.layers.keys()])].flatMap((text) => {
    const scope = readScope(text);
    return scope === null ? [] : [{ scope, how: 'replace', settings: layers.get(text)?.settings ?? {} }];
  });

/** What is set, as YAML that {@link readSettingsFile} reads; and as comments, what holds and where it comes from. */
export function settingsText(tenant: TenantId, base: Base, state: State): string {
  const of = (kind: string) =>
    [...state.layers]
      .filter(([scope]) => scope.startsWith(kind))
      .map(([scope, { settings }]) => [scope.slice(kind.length), settings] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [domains, people] = [of('domains/'), of('people/')];
  const file = {
    tenant,
    version: state.version,
    settings: state.layers.get('tenant')?.settings ?? {},
    ...(domains.length === 0 ? {} : { domains: Object.fromEntries(domains) }),
    ...(people.length === 0 ? {} : { people: Object.fromEntries(people) }),
  };
  return [
    '# What administrators set, over the configuration file. "securemail config apply" makes it so again:',
    '# what is not in here is inherited again. Export anew where the version has changed since.',
    stringify(file).trimEnd(),
    '',
    '# What holds for the organisation, and where it comes from:',
    ...sources(TENANT, base, state),
    ...[...domains.map(([name]) => `domains/${name}`), ...people.map(([name]) => `people/${name}`)].flatMap(
      (text) => {
        const scope = readScope(text);
        if (scope === null) return [];
        return [`# Otherwise for ${plain(scopeText(scope))}:`, ...sources(scope, base, state, scope.kind)];
      },
    ),
    '',
  ].join('\n');
}

const sources = (scope: Scope, base: Base, state: State, only?: Scope['kind']): string[] =>
  effectiveFor(scope, base, state)
    .filter(({ origin }) => only === undefined || origin.layer === only)
    .map(({ path, value, origin }) =>
      plain(`#   ${pathText(path)}: ${JSON.stringify(value)}    ${whoSet(origin)}`),
    );

function whoSet(origin: Origin): string {
  const { since } = origin;
  const who =
    since === null ? '' : `, ${since.at.toISOString().slice(0, 10)} by ${since.by}: ${since.reason}`;
  return `${originText(origin)}${who}`;
}
