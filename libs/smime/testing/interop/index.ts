// SPDX-License-Identifier: Apache-2.0
/** Other S/MIME programs and the people whom they know, for tests of those who open mail. */
export type { Peer } from './peer.ts';
export { interopPeople, personNamed, type People } from './people.ts';
export { PEERS } from './peers/peers.ts';
export { pkcs7Entity, signedEntity } from './cms-entity.ts';
