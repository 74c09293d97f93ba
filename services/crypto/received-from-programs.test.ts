// SPDX-License-Identifier: Apache-2.0
import { softwareUnwrapper } from '@securemail/smime';
import {
  interopPeople,
  PEERS,
  personNamed,
  pkcs7Entity,
  signedEntity,
  type Peer,
} from '@securemail/smime/testing/interop';
import { missing } from '@securemail/testing';
import { simpleParser } from 'mailparser';
import { directoryOf } from './domain/directory.ts';
import { messageAround } from './testing/outside-mail.ts';
import { arrive, type Circumstances } from './testing/received-mail.ts';
import { HTML, SEEN, TEXT } from './testing/received/case.ts';

const ALGORITHM = 'rsassa-pkcs1-v1_5-sha256';
const world = await interopPeople();
const { workshop, authority, people } = world;
const signer = personNamed(people, 'RSA');
const reader = personNamed(people, 'another RSA');
const peers = (
  await Promise.all(
    PEERS.map(async (kind) => {
      const peer = await kind.start(workshop, authority);
      if (peer === null) missing(kind.name, kind.install);
      return peer;
    }),
  )
).filter((peer): peer is Peer => peer !== null);
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.close()));
  await workshop.close();
});

const given: Circumstances = {
  to: reader.email,
  directory: directoryOf({
    authorities: [authority.certificate],
    people: [],
    organisations: new Map(),
    signersOfPeople: [],
    signersOfOrganisations: new Map(),
    openers: [{ kind: 'person', names: [reader.email], unwrapper: softwareUnwrapper(reader) }],
  }),
};

const sign = async (peer: Peer, form: 'detached' | 'opaque') => {
  const content = Buffer.from(TEXT);
  const cms = await peer.sign(content, signer, { algorithm: ALGORITHM, form });
  return form === 'opaque' ? pkcs7Entity(cms) : signedEntity(content, cms, 'sha-256');
};
const encrypt = async (peer: Peer, content: Buffer) =>
  pkcs7Entity(
    await peer.encrypt(content, [{ person: reader, keyEncryption: 'rsaes-pkcs1-v1_5' }], 'aes-256-cbc'),
  );
const opened = async (entity: Buffer, from = signer.email) => {
  const message = messageAround(entity.toString('latin1'), { from, to: reader.email });
  const { data, message: bytes } = await arrive(Buffer.from(message, 'latin1'), given);
  const { text, html } = await simpleParser(bytes);
  return { ...data, seen: `${text ?? ''}${html === false ? '' : html}` };
};
const VALID = { verdict: 'valid', reservations: [], neutralised: false, unopened: null };

describe.each(peers.map((peer) => [peer.name, peer] as const))('a mail made by %s', (_, peer) => {
  it.each(['detached', 'opaque'] as const)('that is signed, %s, is valid', async (form) => {
    const found = await opened(await sign(peer, form));
    expect(found).toMatchObject(VALID);
    expect(found.seen).toContain(SEEN);
  });

  it.each(['detached', 'opaque'] as const)(
    'that is signed, %s, and encrypted is opened and valid',
    async (form) => {
      const found = await opened(await encrypt(peer, await sign(peer, form)));
      expect(found).toMatchObject(VALID);
      expect(found.seen).toContain(SEEN);
    },
  );

  it('that is signed by another than it is from is valid, but', async () => {
    const found = await opened(await sign(peer, 'detached'), 'bo@citizen.example');
    expect(found).toMatchObject({ verdict: 'valid-but', reservations: ['from-not-signer'] });
  });

  it('that was changed is invalid', async () => {
    const changed = (await sign(peer, 'detached')).toString('latin1').replace('Anna', 'Eva!');
    const found = await opened(Buffer.from(changed, 'latin1'));
    expect(found).toMatchObject({ verdict: 'invalid', reservations: ['content-changed'] });
  });

  it('that is encrypted in CBC alone has no active parts any more', async () => {
    const found = await opened(await encrypt(peer, Buffer.from(HTML)));
    expect(found).toMatchObject({ verdict: 'not-signed', neutralised: true });
    expect(found.seen).toContain(SEEN);
    expect(found.seen).not.toContain('evil.example');
  });
});
