// SPDX-License-Identifier: Apache-2.0
import { Resolver as SystemResolver } from 'node:dns/promises';
import { noSuchName } from './no-such-name.ts';
import {
  LookupFailedError,
  type Answer,
  type RecordType,
  type RecordTypes,
  type Resolver,
} from './resolver.ts';

export interface SystemResolverOptions {
  /** `address` or `address:port`. @default those of the operating system */
  servers?: readonly string[];
  /** Milliseconds for each try. @default 5000 */
  timeoutMs?: number;
  tries?: number;
}

/** The resolver of the operating system. Node does not tell whether it has validated anything, so nothing is secure. */
export function systemResolver({
  servers,
  timeoutMs = 5_000,
  tries = 3,
}: SystemResolverOptions = {}): Resolver {
  const resolver = new SystemResolver({ timeout: timeoutMs, tries });
  if (servers !== undefined) resolver.setServers([...servers]);
  const ask: { [Type in RecordType]: (name: string) => Promise<RecordTypes[Type][]> } = {
    A: (name) => resolver.resolve4(name),
    AAAA: (name) => resolver.resolve6(name),
    MX: async (name) =>
      (await resolver.resolveMx(name)).map(({ exchange, priority }) => ({ exchange, preference: priority })),
    // Node gives each octet as a character.
    TXT: async (name) =>
      (await resolver.resolveTxt(name)).map((strings) => Buffer.from(strings.join(''), 'latin1').toString()),
    // They prove nothing where they are not secure (RFC 7672 §2.1, RFC 8162 §6).
    TLSA: () => Promise.resolve([]),
    SMIMEA: () => Promise.resolve([]),
  };
  return {
    validating: false,
    async query<Type extends RecordType>(name: string, type: Type): Promise<Answer<Type>> {
      const none = noSuchName<Type>(name);
      if (none !== null) return none;
      const common = { secure: false, canonicalName: name, ttlSeconds: null };
      try {
        return { ...common, records: await ask[type](name), exists: true };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENODATA') return { ...common, records: [], exists: true };
        if (code === 'ENOTFOUND') return { ...common, records: [], exists: false };
        throw new LookupFailedError(`DNS did not answer (${code ?? 'unknown'})`, { cause: error });
      }
    },
  };
}
