// SPDX-License-Identifier: Apache-2.0
import type { Identity, OpensslWorkshop } from '../../openssl-workshop.ts';
import type { Peer } from '../peer.ts';
import { bouncyCastlePeer } from './bouncy-castle.ts';
import { gpgsmPeer } from './gpgsm.ts';
import { nssPeer } from './nss.ts';
import { opensslPeer } from './openssl.ts';

export interface PeerKind {
  readonly name: string;
  /** What to do where it is missing. */
  readonly install: string;
  /** Null where it is not on this machine. */
  start(workshop: OpensslWorkshop, authority: Identity): Promise<Peer | null>;
}

/** All who are asked, in the order of docs/interop.md. */
export const PEERS: readonly PeerKind[] = [
  { name: 'openssl', install: 'apt-get install openssl', start: opensslPeer },
  { name: 'BouncyCastle', install: 'it is fetched from Maven Central', start: () => bouncyCastlePeer() },
  { name: 'NSS', install: 'apt-get install libnss3-tools', start: nssPeer },
  { name: 'gpgsm', install: 'apt-get install gpgsm gpg-agent', start: gpgsmPeer },
];
