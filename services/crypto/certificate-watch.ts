// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import { impossible, type Closable, type Platform } from '@securemail/service';
import { namesOrganisation } from '@securemail/smime';
import { ATTRIBUTE, METRIC, observe } from '@securemail/telemetry';
import { CERTIFICATE_STATES, WARNINGS, type CertificateState } from './domain/certificate-state.ts';
import type { Directory } from './domain/directory.ts';
import { NOTHING_STORED, SOURCES } from './domain/entry.ts';
import { KEY_WARNINGS, keyWarnings } from './domain/own-key.ts';
import { uncertified } from './domain/uncertified.ts';
import { listEntries, viewsAmong, type Position } from './listing.ts';
import type { EntryView } from './certificates.ts';
import { certifierFor } from './adapters/certifying.ts';
import { gravestChecks, tenantsWithEntries } from './adapters/stored-certificates.ts';

const AN_HOUR = 60 * 60_000;
const A_DAY = 24 * AN_HOUR;
/** After a failure, milliseconds. */
const AGAIN = 5 * 60_000;
/** As many are named in a line of the log; the list has all. */
const MOST_NAMED = 20;
/** Entries between two breaths: judging takes the processor, and mail goes on meanwhile. */
const PAGE = 100;

type Watched = Pick<Platform, 'pool' | 'logger' | 'tenants' | 'policies'>;

/** How many entries are in which state, and how many names want a successor of their key, by why. */
export interface Counts {
  entries: ReadonlyMap<CertificateState, number>;
  ownKeys: ReadonlyMap<string, number>;
}

/**
 * Looks through the whole directory once a day, warns in the log of what nears its end, is revoked or conflicts, and shows
 * how many entries are in which state. One of all processes does it; the others show that they know of none, also who did it
 * before: a gauge that says nothing goes on telling what it said last.
 * What wants attention is looked at again within the hour, so that it is seen when it was seen to.
 */
export function watchCertificates(
  platform: Watched,
  directory: () => Directory,
  { everyMs = A_DAY, clock = () => new Date() }: { everyMs?: number; clock?: () => Date } = {},
): Closable {
  const { logger, pool } = platform;
  const closing = new AbortController();
  let counts: Counts | null = null;
  const watchOver = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      try {
        counts = await round(platform, directory(), clock(), signal);
        await pause(wantsAttention(counts) ? Math.min(AN_HOUR, everyMs) : everyMs, signal);
      } catch (error) {
        logger.warn(
          { reason: reasonOf(error) },
          'the certificates could not be looked through, trying again',
        );
        await pause(Math.min(AGAIN, everyMs), signal);
      }
    }
    counts = null;
  };
  const running = whileLeader(pool, 'certificates', closing.signal, watchOver, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the watch over certificates could not begin, trying again');
  });
  const gauges = [
    observe(METRIC.certificates, () =>
      Promise.resolve(
        CERTIFICATE_STATES.map((state) => ({
          value: counts?.entries.get(state) ?? 0,
          attributes: { [ATTRIBUTE.certificateState]: state },
        })),
      ),
    ),
    observe(METRIC.ownKeysEnding, () =>
      Promise.resolve(
        KEY_WARNINGS.map((what) => ({
          value: counts?.ownKeys.get(what) ?? 0,
          attributes: { [ATTRIBUTE.reason]: what },
        })),
      ),
    ),
  ];
  return {
    close: async () => {
      for (const gauge of gauges) gauge.close();
      closing.abort();
      await running;
    },
  };
}

/** What somebody is told of, and mends. */
const wantsAttention = ({ entries, ownKeys }: Counts): boolean =>
  ownKeys.size > 0 || (['conflicting', 'revoked'] as const).some((state) => (entries.get(state) ?? 0) > 0);

async function round(
  platform: Watched,
  directory: Directory,
  at: Date,
  signal: AbortSignal,
): Promise<Counts> {
  const { pool, logger } = platform;
  const entries = new Map<CertificateState, number>();
  const told = new Map<string, string[]>();
  const look = (entry: EntryView) => {
    entries.set(entry.state, (entries.get(entry.state) ?? 0) + 1);
    if (entry.state === 'valid') return;
    const what = entry.state === 'expiring' ? `expires within ${entry.warning ?? 0} days` : entry.state;
    const named = told.get(what);
    if (named === undefined) told.set(what, [entry.sha256.slice(0, 16)]);
    else named.push(entry.sha256.slice(0, 16));
  };
  for await (const views of ofFolder(platform, directory, at)) {
    views.forEach(look);
    await pause(10, signal);
    if (signal.aborted) break;
  }
  const stored = SOURCES.filter((source) => source !== 'folder');
  const sources = (await tenantsWithEntries(pool)).flatMap((tenantId) =>
    stored.map((source) => ({ tenantId, source })),
  );
  for (const { tenantId, source } of sources) {
    let after: Position | null = null;
    do {
      const filter = { kind: null, state: null, search: null, source, after, limit: PAGE };
      const page = await listEntries({ pool, directory, tenantId, ldap: null, smimea: null }, filter, at);
      page.entries.forEach(look);
      after = page.next;
      await pause(10, signal);
    } while (after !== null && !signal.aborted);
  }
  for (const what of [...WARNINGS.map((days) => `expires within ${days} days`), ...WARNED_OF]) {
    const named = told.get(what) ?? [];
    if (named.length > 0)
      logger.warn(
        { what, entries: named.length, sha256: [...new Set(named)].slice(0, MOST_NAMED) },
        'certificates want attention',
      );
  }
  const ownKeys = warnOfOwnKeys(directory, at, logger);
  warnOfImpossible(platform, directory, at);
  warnOfUncertified(platform, directory, at);
  return { entries, ownKeys };
}

/** It is every organisation's, and counted once; whether one of it was revoked is remembered by each of them. */
async function* ofFolder({ pool, tenants }: Watched, directory: Directory, at: Date) {
  const entries = directory.fromFolder();
  for (let from = 0; from < entries.length; from += PAGE) {
    const page = entries.slice(from, from + PAGE);
    const beside = page.flatMap((entry) => directory.fromFolder(entry));
    const checks = await gravestChecks(
      pool,
      [...tenants.keys()],
      [...page, ...beside].map(({ certificate }) => certificate),
    );
    yield viewsAmong(directory.including({ ...NOTHING_STORED, checks }), page, at);
  }
}

/** Nobody else warns of them: who writes to us learns of a new certificate by what we sign. */
function warnOfOwnKeys(
  { ownKeys, trustAnchors }: Directory,
  at: Date,
  logger: Platform['logger'],
): Counts['ownKeys'] {
  const warnings = Map.groupBy(keyWarnings(ownKeys, { at, trustAnchors }), ({ what }) => what);
  for (const [what, same] of warnings) {
    const named = [...new Set(same.map(({ sha256 }) => sha256.slice(0, 16)))];
    logger.warn(
      { what, entries: same.length, sha256: named.slice(0, MOST_NAMED) },
      'own keys want a successor',
    );
  }
  return new Map([...warnings].map(([what, same]) => [what, same.length]));
}

/** Their mails go on without a Signature certificate, and only their headers say so. */
function warnOfUncertified({ tenants, policies, logger }: Watched, directory: Directory, at: Date): void {
  const organisations = [...tenants.values()].map((tenant) => ({
    id: tenant.id,
    domains: tenant.domains,
    wanted: policies.of(tenant, null).signatureCertificates,
  }));
  const without = uncertified(organisations, (domain, all) =>
    all.some((each) => {
      const signer = certifierFor(directory, each, at);
      return signer !== null && namesOrganisation(signer.certificate, domain);
    }),
  );
  if (without.length > 0)
    logger.warn(
      { organisations: without.length, tenantIds: without.slice(0, MOST_NAMED) },
      'organisations have no key to sign Signature certificates with, for all or some of their domains: mails carry none',
    );
}

/** Who sets it in a file is asked by nobody whether a key signs; over the API it is refused. With nothing left even to a key no service starts. */
function warnOfImpossible({ tenants, policies, logger }: Watched, directory: Directory, at: Date): void {
  const without = [...tenants.values()].flatMap((tenant) =>
    tenant.domains
      .filter((domain) => {
        // Of somebody for whom nothing of his own is set counts what is set for the domain.
        const policy = policies.of(tenant, Address.parse(`nobody@${domain}`));
        const signs = directory.anySignerWithin(domain, at);
        return impossible(policy, { signs, mailbox: tenant.mailbox !== undefined }).length > 0;
      })
      .map((domain) => ({ tenantId: tenant.id, domain })),
  );
  if (without.length > 0)
    logger.warn(
      {
        domains: without.length,
        tenantIds: [...new Set(without.map(({ tenantId }) => tenantId))].slice(0, MOST_NAMED),
        named: without.map(({ domain }) => domain).slice(0, MOST_NAMED),
      },
      'own domains can send nothing to anybody outside: forbiddenMethods leaves only what is signed, and no key of theirs signs',
    );
}

const WARNED_OF: readonly CertificateState[] = [
  'expired',
  'revoked',
  'conflicting',
  'untrusted',
  'unsuitable',
];
