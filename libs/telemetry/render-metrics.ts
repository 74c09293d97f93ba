// SPDX-License-Identifier: Apache-2.0
import { METRIC, type Metric } from './names.ts';
import { scraped } from './scraped.ts';

const row = (metric: Metric): string => {
  const { name, instrument, unit, description, attributes, boundaries } = metric;
  const by = attributes.map((attribute) => `\`${attribute}\``).join('<br>');
  const buckets = boundaries === undefined ? '' : ` Buckets: ${boundaries.join(', ')}.`;
  return `| \`${name}\`<br>\`${scraped(metric)}\` | ${instrument}, ${unit} | ${by} | ${description}${buckets} |`;
};

/** The page of docs/ with every metric. */
export const renderMetrics = (metrics: readonly Metric[] = Object.values(METRIC)): string => `# Metrics

Written by \`npm run docs\` from \`libs/telemetry/names.ts\`. Nothing here names a person, an email or an organisation; each attribute has few possible values. How they get out of a process is told under [Watch](../operations.md#watch), and what is wrong by them in [alerts.md](alerts.md). The second name is the one that Prometheus scrapes.

| metric | kind, unit (UCUM) | by | what |
| --- | --- | --- | --- |
${metrics.map(row).join('\n')}

Beside these, where metrics are exported, each process tells what Node knows of itself, by OpenTelemetry's instrumentation: \`nodejs.eventloop.delay.*\` (seconds), \`nodejs.eventloop.utilization\`, \`v8js.memory.*\`, \`v8js.gc.duration\`.

## How to read them

- **Three clocks.** \`promise\` is what a sender sees: from acceptance until the last recipient was sent to. \`own\` is what of that was up to us: no time in which a mail server was talked to, a retry was put off until its time, or others of the same domain outside were before it (\`delivery.perDomainConcurrency\` of them at a time), none in which a person was to decide. \`raw\` is all of it, however it ended. What is held is in no \`promises\`: a person has all the time that he wants. What is returned to its sender before its deadline is in none of the \`whole\` one: that it was told soon does not make it sent. Where much is returned, MuchIsReturned tells. What was sent to some of its recipients counts as kept where everybody was settled in time; MuchIsHeld and MuchIsReturned see those who were not reached. What is said later of mail that was settled once (a delivery report, a decision) changes nothing of what was counted. The overview of the console counts in the same way.
- **What is stuck is in no histogram**: look at \`securemail.email.oldest.age\`. Of \`protection\`, \`delivery\` and \`retry\` the age counts from acceptance or release, of \`attempt\` (a mail server is talked to for the first time) from when that began, of \`receipt\` from when the last recipient was settled, of \`receipt-mail\` (the receipt is on its way to the sender) from when it was issued, of \`decision\` from when it came to be held.
- **Of a gauge take the highest value among replicas** and never the sum: each tells the same, or 0 where another one does the work. A gauge that can not be read has no value, and no alert by it is told: \`securemail.gauges.unread\` counts that, and the alert WatchIsBlind tells it. \`/health/ready\` tells of the database, and the lag of \`relay\`, which is above 0 while the broker is away, of Kafka. Receipts can't know of mail that the relay of another service has not published: the lag of \`relay\` shows that too.
- **The lag of \`consumer\` and \`ledger\`** is all that their group has not kept as dealt with (over Kafka: not committed), whichever replica does the work, and also where none does: each replica tells it. Over Postgres more than 10,000 of a source are told by their positions, about right; so is the lag of \`relay\`.
- Certificates and keys are counted once a day, and each hour while some want attention, by one replica of crypto; the others tell 0.
- A process that is killed may lose the last it counted; the histories have it. Where the projection of receipts is built anew, mail from outside is counted again.
- **Exemplars.** Each bucket of a histogram names the trace of the last email, or piece of work, that was counted in it, where metrics are fetched as OpenMetrics: Prometheus does so by itself, and keeps them with \`--enable-feature=exemplar-storage\` (\`/api/v1/query_exemplars\`). Of the three clocks it is the trace of the acceptance, by which the console and \`GET /v1/emails?traceId=\` find the email. Over OTLP none leave: OpenTelemetry's SDK for JavaScript (3.1.0) keeps none.
- **Native histograms.** What is scraped has the buckets above: neither the text format nor OpenMetrics 1.0 can carry others. Over OTLP, \`OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION=base2_exponential_bucket_histogram\` makes them exponential; an OTLP endpoint of Prometheus (3, or 2.47 and newer with \`--enable-feature=otlp-write-receiver,native-histograms\`) keeps them as native ones. That they leave so is tested; what such a Prometheus makes of them is its own documentation's word.
`;
