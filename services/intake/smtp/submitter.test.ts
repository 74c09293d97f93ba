// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import { createApiKey, Tenant } from '@securemail/service';
import { headerWith } from '../testing/header.ts';
import { relayAt, signIn } from './submitter.ts';

const anna = createApiKey('anna');
const tenant = (id: string, more: object = {}) =>
  Tenant.parse({
    id,
    name: id,
    domains: [`${id}.example`],
    mailServers: [{ host: 'mail' }],
    ...more,
  });
const north = tenant('north', { relayFrom: ['192.0.2.0/24', '2001:db8::/64'] });
const south = tenant('south', { relayFrom: ['192.0.2.25', '198.51.100.7'] });
const own = tenant('demo', {
  apiKeys: [{ id: 'anna', sha256: anna.sha256, senders: ['anna@demo.example'] }],
});
const from = (address: string) => Address.parse(address);

describe('a mail server that hands in without signing in', () => {
  it.each([
    ['192.0.2.1', 'north'],
    ['192.0.2.255', 'north'],
    ['::ffff:192.0.2.1', 'north'],
    ['::FFFF:198.51.100.7', 'south'],
    ['198.51.100.7', 'south'],
    ['2001:db8::25', 'north'],
    ['192.0.3.1', undefined],
    ['198.51.100.8', undefined],
    ['2001:db8:1::25', undefined],
    ['', undefined],
    ['unknown', undefined],
  ])('at %j is of the tenant that lists it: %s', (address, id) => {
    expect(relayAt(address, null, [north, south])?.tenant.id).toBe(id);
  });

  it('that two tenants list is of the one whose sender it names', () => {
    const at = (sender: string) => relayAt('192.0.2.25', from(sender), [north, south]);
    expect(at('a@south.example')?.tenant.id).toBe('south');
    expect(at('a@north.example')?.tenant.id).toBe('north');
  });

  it('may send for every address of its tenant, also what others wrote, and for nobody else', async () => {
    const relay = relayAt('192.0.2.1', from('a@north.example'), [north, south]);
    const forwarded = await headerWith('From: someone@else.example');
    expect(relay).toMatchObject({ channel: 'relay', submittedBy: 'relay 192.0.2.1' });
    expect(relay?.maySend(from('a@north.example'), forwarded)).toBe(true);
    expect(relay?.maySend(from('a@south.example'), forwarded)).toBe(false);
    expect(relay?.maySend(from('a@sub.north.example'), forwarded)).toBe(false);
  });
});

describe('a mail server that others send through, too', () => {
  const cloud = tenant('cloud', {
    relayFrom: [{ network: '203.0.113.0/24', headers: { 'X-OriginatorOrg': 'cloud.example' } }, '192.0.2.1'],
  });
  const may = async (address: string, ...lines: string[]) =>
    relayAt(address, from('a@cloud.example'), [cloud])?.maySend(
      from('a@cloud.example'),
      await headerWith('From: a@cloud.example', ...lines),
    );

  it.each([
    [true, 'says whose mail it is', ['x-originatororg: Cloud.example']],
    [false, 'says nothing', []],
    [false, 'says that it is of somebody else', ['X-OriginatorOrg: evil.example']],
    [false, 'says both', ['X-OriginatorOrg: cloud.example', 'X-OriginatorOrg: evil.example']],
  ])('may send: %s, where it %s', async (allowed, _, lines) => {
    expect(await may('203.0.113.9', ...lines)).toBe(allowed);
  });

  it('is another matter than one that is listed without fields', async () => {
    expect(await may('192.0.2.1')).toBe(true);
  });
});

describe('signing in', () => {
  it('is by the id of the key and the key itself', () => {
    expect(signIn('anna', anna.key, [north, own])).toMatchObject({
      tenant: { id: 'demo' },
      channel: 'submission',
      submittedBy: 'anna',
    });
    expect(signIn('other', anna.key, [own])).toBeNull();
    expect(signIn('anna', `${anna.key}x`, [own])).toBeNull();
    expect(signIn('', '', [own])).toBeNull();
  });

  it('is for sending as whom the key is made for, in the envelope and in what the reader sees', async () => {
    const submitter = signIn('anna', anna.key, [own]);
    const [annas, bosss] = [
      await headerWith('From: anna@demo.example'),
      await headerWith('From: b@demo.example'),
    ];
    expect(submitter?.maySend(from('anna@demo.example'), annas)).toBe(true);
    expect(submitter?.maySend(from('anna@demo.example'), bosss)).toBe(false);
    expect(submitter?.maySend(from('b@demo.example'), annas)).toBe(false);
  });
});
