// SPDX-License-Identifier: Apache-2.0
import {
  compareSenders,
  encryptEntity,
  entityOf,
  hcpBaseline,
  protectMessage,
  signThenEncrypt,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  type Unwrapper,
} from '../index.ts';
import { asMessage, bytesOf, openBytes } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const signingTime = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let aske: Identity;
let unwrappers: Unwrapper[];
beforeAll(async () => {
  workshop = await opensslWorkshop();
  aske = await workshop.issue(await workshop.authority('Root'), { names: 'email:aske@a.example' });
  unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
});
afterAll(() => workshop.close());

const signer = () => softwareSigner({ key: aske.keyPem, certificate: aske.certificate });
const content = (...lines: string[]) => entityOf(Buffer.from(lines.join('\r\n')));
const signed = async (...lines: string[]) =>
  openBytes(await asMessage(await signEntity(content(...lines), signer(), { signingTime })), {}, 300, 1);
const encrypted = async (...lines: string[]) => {
  const entity = await signThenEncrypt(content(...lines), {
    signer: signer(),
    signingTime,
    recipients: [aske.certificate],
  });
  return openBytes(await asMessage(entity), { unwrappers }, 300, 1);
};

const WRAPPED = ['From: Aske <aske@a.example>', 'Subject: Secret', 'Content-Type: text/plain', '', 'Hi', ''];

describe('a content that carries fields as the draft before RFC 9788 has it', () => {
  const TYPE = 'Content-Type: text/plain; protected-headers="v1"';
  const FIELDS = ['From: Aske <aske@a.example>', 'Subject: Secret', TYPE, '', 'Hi', ''];

  it('has them in place of those outside', async () => {
    const opened = await encrypted(...FIELDS);
    expect(opened.contentHeader?.get('Subject')).toBe('Secret');
    expect(opened.headerProtection).toEqual({
      scheme: 'protected-headers-v1',
      hidden: ['from', 'subject'],
      legacyDisplay: [],
    });
    expect((await signed(...FIELDS)).headerProtection?.hidden).toEqual([]);
  });

  it('of an unknown version, or with nothing around it, protects none', async () => {
    const other = FIELDS.map((line) => line.replace('v1', 'v2'));
    expect((await signed(...other)).headerProtection).toBeNull();
    expect((await openBytes(Buffer.from(FIELDS.join('\r\n')))).headerProtection).toBeNull();
  });
});

describe('a message wrapped for the sake of its header (RFC 8551 §3.1)', () => {
  it.each([
    'Content-Type: message/rfc822',
    'Content-Type: message/rfc822; forwarded=no',
    'Content-Type: Message/RFC822; forwarded="no"\r\nContent-Transfer-Encoding: 8bit',
    'Content-Type: message/global',
  ])('%j: its header is the one that counts', async (header) => {
    const opened = await signed(header, '', ...WRAPPED);
    expect(opened.contentHeader?.get('Subject')).toBe('Secret');
    expect(opened.headerProtection).toEqual({ scheme: 'rfc8551', hidden: [], legacyDisplay: [] });
    expect(opened.kept.toString()).toBe([header, '', ...WRAPPED].join('\r\n'));
    expect(compareSenders(opened)).toMatchObject({ inner: { from: ['aske@a.example'] }, problems: [] });
  });

  it.each([
    ['forwarded', 'Content-Type: message/rfc822; forwarded=yes'],
    [
      'encoded, which such a message cannot be',
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64',
    ],
    ['that is only a piece of one', 'Content-Type: message/partial'],
  ])('one %s is content like any other', async (_name, header) => {
    const opened = await signed(header, '', ...WRAPPED);
    expect(opened.contentHeader?.get('Subject')).toBeUndefined();
    expect(opened.headerProtection).toBeNull();
  });

  it('one whose header cannot be read is content like any other', async () => {
    const opened = await signed('Content-Type: message/rfc822', '', 'no header', '', 'Hi');
    expect(opened.contentHeader?.get('Content-Type')).toBe('message/rfc822');
    expect(opened.headerProtection).toBeNull();
  });

  it('encrypted: what the outer header does not say the same is hidden', async () => {
    const opened = await encrypted('Content-Type: message/rfc822', '', ...WRAPPED);
    expect(opened.headerProtection?.hidden).toEqual(['from', 'subject']);
  });

  it('from somebody else than the one who signed is told, as with every other content', async () => {
    const opened = await signed('Content-Type: message/rfc822', '', 'From: bob@b.example', '', 'Hi');
    expect(compareSenders(opened).problems).toEqual(['from-differs', 'from-not-signer']);
  });
});

describe('header protection by hp (RFC 9788)', () => {
  const mail = Buffer.from(
    'From: aske@a.example\r\nTo: bob@b.example\r\nKeywords: money\r\nSubject: A secret\r\n of two lines\r\nContent-Type: text/plain\r\n\r\nHi\r\n',
  );

  it('encrypted here: the fields that the policy hides are told', async () => {
    const { message } = await protectMessage(entityOf(mail), {
      signer: signer(),
      signingTime,
      recipients: [aske.certificate],
      headerProtection: hcpBaseline,
    });
    const { headerProtection } = await openBytes(await bytesOf(message), { unwrappers });
    expect(headerProtection).toEqual({
      scheme: 'rfc9788',
      hidden: ['keywords', 'subject'],
      legacyDisplay: [],
    });
  });

  it('signed here: nothing is hidden', async () => {
    const { message } = await protectMessage(entityOf(mail), {
      signer: signer(),
      signingTime,
      recipients: [],
      headerProtection: hcpBaseline,
    });
    const { headerProtection } = await openBytes(await bytesOf(message));
    expect(headerProtection).toEqual({ scheme: 'rfc9788', hidden: [], legacyDisplay: [] });
  });

  it('a message that says cipher and is not encrypted hides nothing', async () => {
    const { headerProtection } = await signed(
      'Subject: x',
      'Content-Type: text/plain; hp="cipher"',
      '',
      'Hi',
    );
    expect(headerProtection?.hidden).toEqual([]);
  });

  it('of twenty-five thousand fields that an attacker put in, each is looked for once', async () => {
    const names = Array.from({ length: 25_000 }, (_, i) => `x${i}`);
    const field = (name: string) => `${name}:`;
    const lines = ['Content-Type: text/plain; hp="cipher"', ...names.map(field), '', 'Dear Bob', ''];
    const { headerProtection } = await encrypted(...lines);
    expect(headerProtection?.hidden).toHaveLength(names.length);
  });

  it('a field that stands twice, and once outside, is hidden; folding makes no difference', async () => {
    const { headerProtection } = await encrypted(
      ...['Subject: one', ' line', 'Comments: a', 'Comments: b'],
      ...['HP-Outer: Subject: one line', 'HP-Outer: Comments: a'],
      ...['Content-Type: text/plain; hp="cipher"', '', 'Hi'],
    );
    expect(headerProtection?.hidden).toEqual(['comments']);
  });

  it('a forwarded message with hp is no wrapped one: its own header counts', async () => {
    const opened = await signed('Subject: Fwd', 'Content-Type: message/rfc822; hp=clear', '', ...WRAPPED);
    expect(opened.contentHeader?.get('Subject')).toBe('Fwd');
    expect(opened.headerProtection?.scheme).toBe('rfc9788');
  });

  it('without any layer around it hp means nothing', async () => {
    const plain = Buffer.from('From: a@a.example\r\nContent-Type: text/plain; hp=cipher\r\n\r\nHi');
    expect((await openBytes(plain)).headerProtection).toBeNull();
  });

  it('under an encryption that nobody signed it is told too', async () => {
    const entity = await encryptEntity(
      content('Subject: x', 'Content-Type: text/plain; hp="cipher"', '', 'Hi'),
      [aske.certificate],
    );
    const { headerProtection } = await openBytes(await asMessage(entity), { unwrappers });
    expect(headerProtection?.hidden).toEqual(['subject']);
  });
});

describe('a message that its sender’s program signed, encrypted with a protected header by somebody else', () => {
  const OUTSIDE = 'From: aske@a.example\r\nTo: bob@b.example\r\nSubject: A secret\r\n';
  const around = async (signedBySender: string[], form: 'detached' | 'opaque', fields = OUTSIDE) => {
    const entity = await signEntity(content(...signedBySender), signer(), { signingTime, form });
    const bytes = Buffer.concat([Buffer.from(fields), await bytesOf(entity)]);
    const gateway = await workshop.issue(await workshop.authority('Gateway'), {
      names: 'email:gw@a.example',
    });
    const { message } = await protectMessage(entityOf(bytes), {
      signer: softwareSigner({ key: gateway.keyPem, certificate: gateway.certificate }),
      signingTime,
      recipients: [aske.certificate],
      headerProtection: hcpBaseline,
    });
    const opened = await openBytes(await bytesOf(message), { unwrappers });
    return { ...opened, subject: opened.contentHeader?.get('Subject') };
  };

  it.each(['detached', 'opaque'] as const)('has its subject back, and both signatures: %s', async (form) => {
    const opened = await around(['Content-Type: text/plain', '', 'Hi'], form);
    expect(opened.header.get('Subject')).toBe('[...]');
    expect(opened.subject).toBe('A secret');
    expect(opened.headerProtection).toEqual({ scheme: 'rfc9788', hidden: ['subject'], legacyDisplay: [] });
    const signatures = opened.layers.flatMap((layer) => (layer.kind === 'signed' ? layer.signatures : []));
    expect(signatures.map(({ verified }) => verified)).toEqual([true, true]);
    expect(opened.kept.toString()).toBe('Content-Type: text/plain\r\n\r\nHi');
    expect(opened.contentHeader?.get('Content-Type')).toBe('text/plain');
  });

  it('has the fields that its sender protected himself, and tells which were hidden outside', async () => {
    const opened = await around(
      ['Subject: As signed', 'Content-Type: text/plain; hp=clear', '', 'Hi'],
      'detached',
    );
    expect(opened.subject).toBe('As signed');
    expect(opened.headerProtection?.hidden).toEqual(['subject']);
  });

  it('never takes from there whom it is from: the content’s signature does not cover that', async () => {
    const entity = await signEntity(content('Content-Type: text/plain', '', 'Hi'), signer(), { signingTime });
    const forged = (await bytesOf(entity))
      .toString()
      .replace('multipart/signed;', 'multipart/signed; hp=cipher;');
    const fields = 'From: eve@e.example\r\nSubject: Inside\r\n';
    const encryptedBytes = await encryptEntity(entityOf(Buffer.from(fields + forged)), [aske.certificate]);
    const opened = await openBytes(await asMessage(encryptedBytes), { unwrappers });
    expect(opened.contentHeader?.get('Subject')).toBe('Inside');
    expect(compareSenders(opened).inner).toBeNull();
  });
});

describe('Legacy Display Elements (RFC 9788 §2.1.2) are found', () => {
  const LEGACY = 'hp-legacy-display="1"';
  const found = async (...lines: string[]) => (await signed(...lines)).headerProtection?.legacyDisplay;

  it('in a single part', async () => {
    const type = `Content-Type: text/plain; hp=clear; ${LEGACY}`;
    expect(await found(type, '', 'Subject: x', '', 'Hi')).toEqual(['1']);
    expect(await found(`Content-Type: text/plain; hp=clear`, '', type, '', 'Hi')).toEqual([]);
  });

  it('in parts of parts, by their number', async () => {
    const parts = [
      ...['Content-Type: multipart/mixed; boundary=outer; hp="clear"', '', 'Preamble'],
      ...['--outer', 'Content-Type: multipart/alternative;', ' boundary="in:ner"', ''],
      ...['--in:ner', `content-type: text/plain;`, `\t${LEGACY}`, '', 'Subject: x', '', 'Hi'],
      ...['--in:ner  ', `Content-Type: text/html; ${LEGACY}`, '', '<div>Subject: x</div>'],
      ...['--in:ner--', `Content-Type: text/plain; ${LEGACY}`, ''],
      ...[
        '--outer',
        `Content-Type: image/png; ${LEGACY}`,
        '',
        '--in:ner',
        `Content-Type: text/plain; ${LEGACY}`,
        '',
      ],
      ...['--outer', `Content-Type: text/plain; ${LEGACY}`, '', 'x', '--outer--', ''],
    ];
    expect(await found(...parts)).toEqual(['1.1', '1.2', '3']);
  });
});
