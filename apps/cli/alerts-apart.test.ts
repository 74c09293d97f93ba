// SPDX-License-Identifier: Apache-2.0
import {
  clamdIsThere,
  freePort,
  missing,
  prometheusIsThere,
  startClamd,
  startKafka,
  type RunningKafka,
} from '@securemail/testing';
import { signIn } from './testing/mailbox-writer.ts';
import { startWatchedGateway, type WatchedGateway } from './testing/watched-gateway.ts';
import { PEOPLE } from './world/demo-files.ts';

const SITE = 'https://post.demo.example';

if (!prometheusIsThere()) missing('Prometheus', 'apt-get install prometheus');
else
  describe('alerts about what only some gateways have', () => {
    let kafka: RunningKafka;
    let watched: WatchedGateway;
    beforeAll(async () => {
      kafka = await startKafka();
      watched = await startWatchedGateway({ brokers: kafka.brokers, site: SITE });
    }, 600_000);
    afterAll(async () => {
      await watched.stop();
      await kafka.stop();
    });

    it('a broker that is gone: RelayStandsStill, until it is back', async () => {
      const { gateway } = watched;
      await kafka.kill();
      const emailId = await gateway.send({
        from: PEOPLE.anna,
        to: [PEOPLE.person],
        subject: 'Journal',
        text: 'Dear Bo',
      });
      await watched.untilTold('RelayStandsStill');
      await kafka.startBroker();
      expect((await gateway.settled(emailId)).state).toBe('sent');
      await watched.untilQuiet('RelayStandsStill');
    }, 240_000);

    if (!clamdIsThere()) missing('ClamAV', 'apt-get install clamav-daemon');
    else
      it('a scanner that is gone: FilesNotChecked, until it is back', async () => {
        const { gateway } = watched;
        const port = await freePort();
        await gateway.configure('mailbox', { clamav: { host: '127.0.0.1', port, retrySeconds: 0.5 } });
        const newcomer = await signIn(gateway, {
          site: SITE,
          address: PEOPLE.newcomer,
          claim: { organisation: 'demo', address: PEOPLE.newcomer, to: 'write', language: 'en' },
        });
        const writing = await newcomer.beginLetter('May I build one?');
        await watched.untilTold('FilesNotChecked');
        const clamd = await startClamd({ port });
        const emailId = await writing.send();
        await gateway.ownMailServer.waitFor(({ content }) => content.includes(emailId));
        await watched.untilQuiet('FilesNotChecked');
        await clamd.stop();
      }, 240_000);
  });
