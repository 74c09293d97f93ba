// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import {
  createCertificateAuthority,
  missing,
  startDnsServer,
  startUnbound,
  unboundIsThere,
  type RunningDnsServer,
} from '@securemail/testing';
import { describeResolver } from './resolver.contract.ts';
import { validatingResolver } from './validating-resolver.ts';

describeResolver('the validating one', (server) => validatingResolver({ servers: [server], timeoutMs: 500 }));

describe('with a server that validates', () => {
  const tlsa = { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 7) };
  let server: RunningDnsServer;
  beforeAll(async () => {
    server = await startDnsServer({
      records: [
        { type: 'TLSA', name: '_25._tcp.mx.safe.example', data: tlsa },
        { type: 'A', name: 'mx.safe.example', data: '192.0.2.1' },
        { type: 'CNAME', name: 'alias.safe.example', data: 'mx.safe.example' },
        { type: 'A', name: 'mx.other.example', data: '192.0.2.1' },
      ],
      secure: ['safe.example'],
      faults: { 'silent.example': 'silent' },
    });
  });
  afterAll(() => server.stop());

  it('it tells what is proven, and that there is nothing', async () => {
    const resolver = validatingResolver({ servers: [server] });
    const { certificate: data, ...record } = tlsa;
    expect(await resolver.query('_25._tcp.mx.safe.example', 'TLSA')).toMatchObject({
      records: [{ ...record, data }],
      secure: true,
    });
    expect(await resolver.query('none.safe.example', 'TLSA')).toMatchObject({ secure: true, exists: false });
    expect(await resolver.query('mx.other.example', 'A')).toMatchObject({ secure: false });
  });

  it('it tells where an alias led to', async () => {
    const { canonicalName } = await validatingResolver({ servers: [server] }).query(
      'alias.safe.example',
      'A',
    );
    expect(canonicalName).toBe('mx.safe.example');
  });

  it('it asks the next server where one is silent', async () => {
    const silent = await startDnsServer({ faults: { example: 'silent' } });
    const resolver = validatingResolver({ servers: [silent, server], timeoutMs: 300 });
    expect(await resolver.query('mx.safe.example', 'A')).toMatchObject({ records: ['192.0.2.1'] });
    await silent.stop();
  });

  it('it reaches one elsewhere over TLS, which must carry the name that was agreed', async () => {
    const authority = await createCertificateAuthority({ name: 'DNS' });
    const { certificatePem, keyPem } = await authority.issueServer({ names: ['dns.example'] });
    const front = createTlsServer({ cert: certificatePem, key: keyPem }, (socket) => {
      const behind = connect(server.port, server.address);
      socket.on('error', () => undefined).pipe(behind);
      behind.pipe(socket);
      socket.on('close', () => behind.destroy());
    }).listen(0, '127.0.0.1');
    await once(front, 'listening');
    const { port } = front.address() as AddressInfo;
    const over = (name: string) =>
      validatingResolver({
        servers: [{ address: '127.0.0.1', port, tls: { name, ca: authority.certificatePem } }],
      }).query('mx.safe.example', 'A');
    expect(await over('dns.example')).toMatchObject({ records: ['192.0.2.1'], secure: true });
    await expect(over('else.example')).rejects.toThrow('DNS did not answer');
    front.close();
  });
});

describe('with Unbound and signed zones', () => {
  if (!unboundIsThere()) {
    missing('Unbound', 'apt install unbound ldnsutils');
    return;
  }
  it('the signed zone is proven, the other one is not, and what was tampered with is no answer', async () => {
    const unbound = await startUnbound({
      signed: { 'signed.example': ['mx A 192.0.2.1', `_25._tcp.mx TLSA 3 1 1 ${'07'.repeat(32)}`] },
      unsigned: { 'unsigned.example': ['mx A 192.0.2.2'] },
      tampered: { 'tampered.example': ['mx A 192.0.2.3'] },
    });
    const resolver = validatingResolver({ servers: [unbound] });
    expect(await resolver.query('_25._tcp.mx.signed.example', 'TLSA')).toMatchObject({
      records: [{ usage: 3, selector: 1, matchingType: 1, data: Buffer.alloc(32, 7) }],
      secure: true,
    });
    expect(await resolver.query('none.signed.example', 'A')).toMatchObject({ exists: false, secure: true });
    expect(await resolver.query('mx.unsigned.example', 'A')).toMatchObject({
      records: ['192.0.2.2'],
      secure: false,
    });
    await expect(resolver.query('mx.tampered.example', 'A')).rejects.toThrow('DNS did not answer');
    await unbound.stop();
  });

  it('SMIMEA records are read like TLSA records, however long, and each answer tells how long it lives', async () => {
    const long = Buffer.alloc(3_000, 7);
    const unbound = await startUnbound({
      signed: {
        'signed.example': [
          `bo._smimecert SMIMEA 3 0 0 ${long.toString('hex')}`,
          `bo._smimecert 30 SMIMEA 2 1 1 ${'09'.repeat(32)}`,
        ],
      },
      tampered: { 'tampered.example': [`bo._smimecert SMIMEA 3 1 1 ${'07'.repeat(32)}`] },
    });
    const resolver = validatingResolver({ servers: [unbound] });
    const { records, ...answer } = await resolver.query('bo._smimecert.signed.example', 'SMIMEA');
    expect(answer).toMatchObject({ secure: true, exists: true });
    expect(answer.ttlSeconds).toBeLessThanOrEqual(60);
    expect(records.toSorted((a, b) => b.usage - a.usage)).toEqual([
      { usage: 3, selector: 0, matchingType: 0, data: long },
      { usage: 2, selector: 1, matchingType: 1, data: Buffer.alloc(32, 9) },
    ]);
    const none = await resolver.query('else._smimecert.signed.example', 'SMIMEA');
    expect(none).toMatchObject({ records: [], secure: true, exists: false });
    expect(none.ttlSeconds).toBeLessThanOrEqual(60);
    await expect(resolver.query('bo._smimecert.tampered.example', 'SMIMEA')).rejects.toThrow(
      'DNS did not answer',
    );
    await unbound.stop();
  });
});
