// SPDX-License-Identifier: Apache-2.0
import { headerOf } from '@securemail/mime';
import {
  compareSenders,
  encryptEntity,
  entityOf,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
} from '../index.ts';
import { asMessage, openBytes } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const CONTENT = Buffer.from('Content-Type: text/plain\r\n\r\nPay 100\r\n');
const at = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let authority: Identity;
let aske: Identity;
let eve: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  aske = await workshop.issue(authority, { names: 'email:Aske@a.example' });
  eve = await workshop.issue(authority, { names: 'email:eve@e.example' });
});
afterAll(() => workshop.close());

const detached = async (from?: string, content = CONTENT, { keyPem, certificate }: Identity = aske) =>
  (
    await asMessage(
      await signEntity(entityOf(content), softwareSigner({ key: keyPem, certificate }), { signingTime: at }),
      from,
    )
  ).toString('latin1');

describe('who it is from and who signed', () => {
  const compared = async (text: string) => compareSenders(await openBytes(Buffer.from(text, 'latin1')));

  it('the same: case does not count', async () => {
    expect(await compared(await detached('Aske <aske@A.example>'))).toEqual({
      outer: { from: ['aske@A.example'], sender: [] },
      inner: null,
      signers: [['Aske@a.example']],
      problems: [],
    });
  });

  it('tells of a thousand addresses as of two', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `a${i}@a.example`);
    const of = (from: readonly string[]) => Buffer.from(`From: ${from.join(',\r\n ')}\r\n`);
    const header = headerOf([{ name: 'From', raw: of(many) }]);
    const contentHeader = headerOf([{ name: 'From', raw: of(many.toReversed()) }]);
    const { layers } = await openBytes(Buffer.from(await detached('aske@a.example'), 'latin1'));
    const { problems } = compareSenders({ header, contentHeader, layers });
    expect(problems).toEqual(['no-single-from', 'from-not-signer']);
  });

  it.each([
    ['another person', 'eve@e.example', ['from-not-signer']],
    ['one with another behind', '<aske@a.example> <ceo@bank.example>', ['no-single-from']],
    ['one whose name is an address', '"ceo@bank.example" aske@a.example', ['no-single-from']],
    ['one whose name shows the address', '"aske@a.example" <eve@e.example>', ['from-not-signer']],
    ['several', 'aske@a.example, eve@e.example', ['no-single-from']],
    ['From twice', 'eve@e.example\r\nFrom: aske@a.example', ['no-single-from']],
    [
      'another From, and the signer in Sender',
      'eve@e.example\r\nSender: aske@a.example',
      ['sender-is-signer'],
    ],
  ])('%s', async (_name, from, problems) => {
    expect((await compared(await detached(from))).problems).toEqual(problems);
  });

  it('a From inside, which differs from the one outside', async () => {
    const content = Buffer.from('From: aske@a.example\r\nContent-Type: text/plain\r\n\r\nPay 100\r\n');
    const result = await compared(await detached('eve@e.example', content));
    expect(result.inner?.from).toEqual(['aske@a.example']);
    expect(result.problems).toEqual(['from-differs']);
  });

  it('a signature around an encryption, which anybody could have put there', async () => {
    const encrypted = await encryptEntity(entityOf(CONTENT), [aske.certificate]);
    const signed = await signEntity(
      encrypted,
      softwareSigner({ key: eve.keyPem, certificate: eve.certificate }),
      {
        signingTime: at,
      },
    );
    const unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
    const opened = await openBytes(await asMessage(signed, 'eve@e.example'), { unwrappers });
    expect(compareSenders(opened).problems).toEqual(['only-ciphertext-signed']);
  });

  it('nobody signed', async () => {
    const result = await compared('From: aske@a.example\r\n\r\nPay 100\r\n');
    expect(result).toMatchObject({ signers: [], problems: ['from-not-signer'] });
  });

  it('an outer signature is not one of the content', async () => {
    const inner = Buffer.from((await detached('', CONTENT, eve)).replace(/^From.*\r\n/, ''), 'latin1');
    const result = await compared(await detached('aske@a.example', inner));
    expect(result.signers).toEqual([['eve@e.example']]);
    expect(result.problems).toEqual(['from-not-signer']);
  });
});
