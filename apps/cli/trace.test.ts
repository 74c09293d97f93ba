// SPDX-License-Identifier: Apache-2.0
import { startKafka, type RunningKafka } from '@securemail/testing';
import { startGatewayOfProcesses, type GatewayOfProcesses } from './testing/gateway-of-processes.ts';
import { startTraceCollector, type CollectedSpan } from './testing/trace-collector.ts';
import { PEOPLE } from './world/demo-files.ts';

type Collector = Awaited<ReturnType<typeof startTraceCollector>>;

let kafka: RunningKafka;
let collector: Collector;
let gateway: GatewayOfProcesses;

beforeAll(async () => {
  [kafka, collector] = await Promise.all([startKafka(), startTraceCollector()]);
  gateway = await startGatewayOfProcesses({
    brokers: kafka.brokers,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '200' },
  });
}, 600_000);
afterAll(async () => {
  await gateway.stop();
  await collector.stop();
  await kafka.stop();
});

/** Each span as `service: name` under its parent, children in the order of their words. */
function treeOf(spans: readonly CollectedSpan[], parent = ''): unknown[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .map((span) => {
      const label = `${span.service.replace('securemail-', '')}: ${span.name}`;
      const children = treeOf(spans, span.spanId);
      return children.length === 0 ? label : { [label]: children };
    })
    .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

const history = (name: string) => `receipts: process ${name}`;

it('is one tree from the request to the receipt, over Kafka, five processes and a retry', async () => {
  gateway.outside.misbehave({
    phase: 'rcpt-to',
    action: { reply: '450 4.2.1 Come back later' },
    times: 1,
  });
  const emailId = await gateway.send({
    from: PEOPLE.anna,
    to: [PEOPLE.person],
    subject: 'Journal',
    text: 'Dear Bo',
  });
  await gateway.settled(emailId);
  const [first] = await gateway.events(emailId);
  const [, traceId = ''] = first!.traceparent.split('-');
  const spans = await collector.trace(traceId, (found) => {
    const ids = new Set(['', ...found.map(({ spanId }) => spanId)]);
    const times = (of: string) => found.filter(({ name }) => name === `process ${of}`).length;
    // Of three services each gets to it when it does.
    const settled = times('Delivered') === 2 && times('EmailProtected') === 3;
    return settled && found.every(({ parentSpanId }) => ids.has(parentSpanId));
  });

  const tree = [
    {
      'intake: POST /v1/emails': [
        'intake: look into content',
        history('EmailAccepted'),
        {
          'crypto: process EmailAccepted': [
            'crypto: protect',
            'delivery: process EmailProtected',
            'mailbox: process EmailProtected',
            history('EmailProtected'),
            history('ProtectionPlanned'),
            {
              'delivery: deliver protected message': [
                'delivery: SMTP hand over',
                history('Deferred'),
                history('DeliveryAttemptStarted'),
              ],
            },
            {
              'delivery: deliver protected message': [
                'delivery: SMTP hand over',
                history('Delivered'),
                history('DeliveryAttemptStarted'),
                {
                  'receipts: issue receipt': [
                    'delivery: process ReceiptIssued',
                    history('ReceiptIssued'),
                    {
                      'delivery: deliver receipt': [
                        'delivery: SMTP hand over',
                        history('Delivered'),
                        history('DeliveryAttemptStarted'),
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ];
  expect(treeOf(spans)).toEqual(tree);
  expect(new Set(spans.map(({ attributes }) => attributes['securemail.email.id']).filter(Boolean))).toEqual(
    new Set([emailId]),
  );
});
