// SPDX-License-Identifier: Apache-2.0
import { keyHistoryOf, type KeyHistoryEntry } from './adapters/key-changes.ts';
import { keySha256Of, pendingKeys } from './adapters/pending-keys.ts';
import type { EntryName } from './domain/entry.ts';
import { stateOfKey, type KeyState, type Retirement } from './domain/own-key.ts';
import { ownKeysIn, type KeysOf } from './own-keys.ts';

/** What a person is shown of a key; never the key. */
export interface KeyView extends EntryName {
  state: KeyState | 'pending';
  /** SHA-256 of its public half. */
  keySha256: string;
  where: 'file' | 'token';
  retired: Retirement | null;
  /** Null while it waits for one. */
  certificate: { sha256: string; issuer: string; notBefore: Date; notAfter: Date; pem: string } | null;
  /** Oldest first; what was put into the folder by hand has none. */
  history: KeyHistoryEntry[];
}

/** The keys of an organisation, by name, and where each stands; those that wait for their certificate last. */
export async function listKeys(keys: KeysOf, at: Date): Promise<KeyView[]> {
  const { folder, pool, tenant, trustAnchors } = keys;
  const history = Map.groupBy(await keyHistoryOf(pool, tenant.id), ({ keySha256 }) => keySha256);
  const held = await ownKeysIn(keys);
  const views = held.flatMap((key) =>
    key.names.map((name): KeyView => {
      const of = { kind: key.kind, name };
      const { x509, sha256, notBefore, notAfter } = key.certificate;
      const keySha256 = keySha256Of(key.certificate);
      return {
        ...of,
        state: stateOfKey(key, of, held, { at, trustAnchors }),
        keySha256,
        where: key.where,
        retired: key.retired,
        certificate: {
          sha256,
          issuer: x509.issuer.replaceAll('\n', ', '),
          notBefore,
          notAfter,
          pem: x509.toString(),
        },
        history: history.get(keySha256) ?? [],
      };
    }),
  );
  const waiting = (await pendingKeys(folder))
    .filter(({ name }) => tenant.domains.includes(name.slice(name.lastIndexOf('@') + 1)))
    .map(({ kind, name, keySha256 }): KeyView => ({
      kind,
      name,
      state: 'pending',
      keySha256,
      where: 'file',
      retired: null,
      certificate: null,
      history: history.get(keySha256) ?? [],
    }));
  return [...views.toSorted(byNameThenAge), ...waiting];
}

const byNameThenAge = (a: KeyView, b: KeyView): number =>
  a.kind.localeCompare(b.kind) ||
  (a.name < b.name ? -1 : Number(a.name > b.name)) ||
  (b.certificate?.notBefore.getTime() ?? 0) - (a.certificate?.notBefore.getTime() ?? 0);
