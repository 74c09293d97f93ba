// SPDX-License-Identifier: Apache-2.0
import { startDnsServer, type DnsServerOptions, type RunningDnsServer } from '@securemail/testing';
import { LookupFailedError, type Resolver } from './resolver.ts';

const NAME = 'name.example';
const WORLD: DnsServerOptions = {
  records: [
    { type: 'A', name: 'mx1.name.example', data: '192.0.2.1' },
    { type: 'A', name: 'mx1.name.example', data: '192.0.2.2' },
    { type: 'AAAA', name: 'mx1.name.example', data: '2001:db8::1' },
    { type: 'MX', name: NAME, data: { exchange: 'mx1.name.example', preference: 10 } },
    { type: 'MX', name: NAME, data: { exchange: 'mx2.name.example', preference: 20 } },
    { type: 'TXT', name: NAME, data: ['v=one; ', 'two=æ'] },
    { type: 'TXT', name: 'long.example', data: Array.from({ length: 30 }, () => 'x'.repeat(200)) },
    { type: 'CNAME', name: 'alias.example', data: 'mx1.name.example' },
  ],
  secure: ['name.example'],
  faults: {
    'silent.example': 'silent',
    'broken.example': 'failing',
    'long.example': 'truncated',
    'forged.example': 'forged',
  },
};

/** What every way to ask DNS has to do. `open` is to be patient for half a second. */
export function describeResolver(name: string, open: (server: RunningDnsServer) => Resolver): void {
  describe(`${name} is a resolver that`, () => {
    let server: RunningDnsServer;
    let resolver: Resolver;
    beforeAll(async () => {
      server = await startDnsServer(WORLD);
      resolver = open(server);
    });
    afterAll(() => server.stop());

    it('gives the records of each type', async () => {
      const records = async (of: string, type: 'A' | 'AAAA' | 'MX' | 'TXT') =>
        (await resolver.query(of, type)).records;
      expect(await records('mx1.name.example', 'A')).toEqual(['192.0.2.1', '192.0.2.2']);
      expect(await records('mx1.name.example', 'AAAA')).toEqual(['2001:db8::1']);
      expect(await records(NAME, 'TXT')).toEqual(['v=one; two=æ']);
      expect(await records(NAME, 'MX')).toEqual([
        { exchange: 'mx1.name.example', preference: 10 },
        { exchange: 'mx2.name.example', preference: 20 },
      ]);
    });

    it('tells a name without such records from a name that does not exist', async () => {
      expect(await resolver.query(NAME, 'AAAA')).toMatchObject({ records: [], exists: true });
      expect(await resolver.query('nobody.example', 'AAAA')).toMatchObject({ records: [], exists: false });
    });

    it.each([
      `_mta-sts.${'a.'.repeat(121)}example`,
      `_25._tcp.${'a.'.repeat(122)}example`,
      `${'a'.repeat(64)}.example`,
      'a..example',
    ])('knows what can be no name, and asks nobody: %s', async (each) => {
      const before = server.asked.length;
      expect(await resolver.query(each, 'TXT')).toMatchObject({ records: [], exists: false });
      expect(server.asked.length).toBe(before);
    });

    it('asks for the longest of names', async () => {
      const longest = `${'a'.repeat(63)}.`.repeat(3) + `${'a'.repeat(53)}.example`;
      expect(longest.length).toBe(253);
      expect(await resolver.query(longest, 'TXT')).toMatchObject({ records: [], exists: false });
      expect(server.asked).toContain(`${longest} TXT udp`);
    });

    it('follows aliases', async () => {
      expect((await resolver.query('alias.example', 'AAAA')).records).toEqual(['2001:db8::1']);
    });

    it('asks again over TCP where an answer is too long', async () => {
      const { records } = await resolver.query('long.example', 'TXT');
      expect(records).toEqual(['x'.repeat(6_000)]);
      expect(server.asked).toContain('long.example TXT tcp');
    });

    it.each(['silent.example', 'broken.example'])('never takes a failure for an answer: %s', async (each) => {
      await expect(resolver.query(each, 'MX')).rejects.toBeInstanceOf(LookupFailedError);
    });

    it('never takes what does not fit the question', async () => {
      const answer = await resolver.query('forged.example', 'A').catch((error: unknown) => error);
      if (!(answer instanceof LookupFailedError))
        expect(answer).toMatchObject({ records: [], exists: false });
    });
  });
}
