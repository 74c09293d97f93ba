// SPDX-License-Identifier: Apache-2.0
import { sayOnStderr } from '@securemail/testing/process';
import { apart } from './apart.ts';
import type { Contender } from './contender.ts';
import { bouncyCastle } from './contenders/bouncy-castle.ts';

export const PEERS = ['pkijs', 'forge', 'bouncycastle', 'openssl'] as const;
export type PeerName = (typeof PEERS)[number];

export type RunningPeers = ReadonlyMap<PeerName, Contender>;

/**
 * Those that this machine can have; of each other it is said why not.
 *
 * @param warmUpSeconds before each case, for those that have to compile what they run.
 */
export async function startPeers(names: readonly PeerName[], warmUpSeconds: number): Promise<RunningPeers> {
  const peers = new Map<PeerName, Contender>();
  for (const name of names) {
    try {
      peers.set(name, await start(name, warmUpSeconds));
    } catch (error) {
      sayOnStderr(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return peers;
}

function start(name: PeerName, warmUpSeconds: number): Contender | Promise<Contender> {
  switch (name) {
    case 'pkijs':
      return apart('pkijs', 'rsaes-oaep-sha256');
    case 'forge':
      return apart('forge', 'rsaes-pkcs1-v1_5');
    case 'bouncycastle':
      return bouncyCastle(warmUpSeconds);
    case 'openssl':
      return apart('openssl', 'rsaes-oaep-sha256');
  }
}

export async function closePeers(peers: RunningPeers): Promise<void> {
  for (const peer of peers.values()) await peer.close();
}
