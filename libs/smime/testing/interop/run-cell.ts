// SPDX-License-Identifier: Apache-2.0
import { SIGNATURES } from '../../algorithms/signatures.ts';
import { DIGESTS } from '../../algorithms/digests.ts';
import {
  encryptEntity,
  entityOf,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  UnopenableMessageError,
  type Layer,
  type MimeEntity,
} from '../../index.ts';
import { cmsOf, partsOf } from '../cms-of.ts';
import { asMessage, bytesOf, openBytes } from '../opening.ts';
import { pkcs7Entity, signedEntity } from './cms-entity.ts';
import { NotOffered, PeerRefused, type Peer } from './peer.ts';
import { personNamed, type People, type Person } from './people.ts';
import type { PersonName, Row, RowLayer } from './rows.ts';

/** `ours`: we make it and the peer opens it. `theirs`: the other way round. */
export type Direction = 'ours' | 'theirs';

/**
 * How a cell went: `works`; `no: ` and what the peer says; `we refuse: ` and the code, where we do not open what the
 * peer makes; `not run: ` and why.
 */
export type Outcome = 'works' | `no: ${string}` | `we refuse: ${string}` | `not run: ${string}`;

const CONTENT = Buffer.from(
  `Content-Type: text/plain; charset=us-ascii\r\n\r\n${'A line of the letter.\r\n'.repeat(2_000)}`,
);

/** Does one thing of the matrix for real. @throws where what was opened is not what was made. */
export async function runCell(peer: Peer, people: People, row: Row, direction: Direction): Promise<Outcome> {
  try {
    if (direction === 'ours') await theyOpen(peer, people, row);
    else await weOpen(peer, people, row);
    return 'works';
  } catch (error) {
    if (error instanceof PeerRefused) return `no: ${error.message}`;
    if (error instanceof NotOffered) return `not run: ${error.message}`;
    if (error instanceof UnopenableMessageError) return `we refuse: ${error.code}`;
    throw error;
  }
}

async function theyOpen(peer: Peer, people: People, { layers, readers }: Row): Promise<void> {
  let made = entityOf(CONTENT);
  for (const layer of layers.toReversed()) made = await weMake(people, layer, made);
  for (const reader of readers) {
    let opened = made;
    for (const layer of layers)
      opened = entityOf(await theyPeel(peer, layer, opened, personNamed(people, reader)));
    checkContent(await bytesOf(opened));
  }
}

async function weMake(people: People, layer: RowLayer, entity: MimeEntity): Promise<MimeEntity> {
  if (layer.kind === 'signed') {
    const signer = softwareSigner({ ...personNamed(people, layer.by), algorithm: layer.algorithm });
    return await signEntity(entity, signer, { signingTime: new Date(), form: layer.form });
  }
  const recipients = layer.recipients.map(({ person, keyEncryption }) => ({
    certificate: personNamed(people, person).certificate,
    keyEncryption,
  }));
  return await encryptEntity(entity, recipients, layer);
}

async function theyPeel(peer: Peer, layer: RowLayer, entity: MimeEntity, reader: Person): Promise<Buffer> {
  if (layer.kind === 'encrypted') return await peer.decrypt(await cmsOf(entity), reader);
  if (layer.form === 'opaque') return await peer.verify(await cmsOf(entity), null);
  const { cms, content } = await partsOf(entity);
  return await peer.verify(cms, content);
}

async function weOpen(peer: Peer, people: People, row: Row): Promise<void> {
  const { layers, readers } = row;
  let made: Buffer = CONTENT;
  for (const layer of layers.toReversed()) made = await theyMake(peer, people, layer, made);
  const message = await asMessage(entityOf(made));
  for (const reader of readers) {
    const person = personNamed(people, reader);
    const unwrappers = layers.some(({ kind }) => kind === 'encrypted') ? [softwareUnwrapper(person)] : [];
    const opened = await openBytes(message, { unwrappers });
    checkContent(opened.kept);
    checkLayers(row, reader, opened.layers);
  }
}

async function theyMake(peer: Peer, people: People, layer: RowLayer, content: Buffer): Promise<Buffer> {
  if (layer.kind === 'signed') {
    const cms = await peer.sign(content, personNamed(people, layer.by), layer);
    const { micalg } = DIGESTS[SIGNATURES[layer.algorithm].digest];
    return layer.form === 'opaque' ? pkcs7Entity(cms) : signedEntity(content, cms, micalg);
  }
  const recipients = layer.recipients.map(({ person, keyEncryption }) => ({
    person: personNamed(people, person),
    keyEncryption,
  }));
  return pkcs7Entity(await peer.encrypt(content, recipients, layer.contentEncryption));
}

function checkContent(opened: Buffer): void {
  if (!opened.equals(CONTENT)) throw new Error('what was opened is not what was made');
}

/** @throws NotOffered where the peer made it in another way than the row says. */
function checkLayers(row: Row, reader: PersonName, found: readonly Layer[]): void {
  const wanted = row.layers;
  if (wanted.length !== found.length) throw new Error(`${found.length} layers came out`);
  for (const [i, layer] of found.entries()) {
    const made = wanted[i];
    if (layer.kind === 'signed' && made?.kind === 'signed') {
      const [signature] = layer.signatures;
      if (signature?.verified !== true)
        throw new Error(`not verified: ${signature?.problems.join() ?? 'nobody'}`);
      const way = [signature.algorithm, signature.digest].join('-');
      insist(made.algorithm, made.algorithm === 'ed25519' ? signature.algorithm : way);
    } else if (layer.kind === 'encrypted' && made?.kind === 'encrypted') {
      if (row.group === 'Content') insist(made.contentEncryption, layer.contentEncryption);
      const his = made.recipients.find(({ person }) => person === reader);
      insist(his?.keyEncryption.replace('oaep-sha256', 'oaep') ?? 'none', layer.keyEncryption);
    } else {
      throw new Error(`a layer came out ${layer.kind}`);
    }
  }
}

function insist(wanted: string, made: string): void {
  if (wanted !== made) throw new NotOffered(`it makes ${made} instead`);
}
