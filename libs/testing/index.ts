// SPDX-License-Identifier: Apache-2.0
export { chromiumIsThere, findChromium, startChromium } from './browser/chromium.ts';
export {
  createCertificateAuthority,
  expired,
  notYetValid,
  type CertificateAuthority,
  type Issued,
  type KeyUsage,
} from './certificates/certificate-authority.ts';
export type { Validity } from './certificates/issue.ts';
export {
  startDnsServer,
  type DnsFault,
  type DnsRecord,
  type DnsServerOptions,
  type RunningDnsServer,
} from './dns/dns-server.ts';
export { startUnbound, unboundIsThere, type RunningUnbound, type UnboundOptions } from './dns/unbound.ts';
export { createDatabase } from './jest/create-database.ts';
export { startPolicyHost, STS_POLICY, type PolicyHost, type PolicyHostOptions } from './https/policy-host.ts';
export { missing } from './jest/missing.ts';
export { shutDatabase } from './jest/shut-database.ts';
export { slapdIsThere, startSlapd, type RunningSlapd } from './ldap/slapd.ts';
export type { RunningKafka } from './kafka/running-kafka.ts';
export { mavenJars, type Jars } from './download/maven-jars.ts';
export { fetchedArchive } from './fetched-archive.ts';
export { startKafka, type KafkaOptions } from './kafka/start-kafka.ts';
export { cloneDatabase } from './postgres/clone-database.ts';
export type { RunningPostgres } from './postgres/running-postgres.ts';
export { startPostgres, type PostgresOptions } from './postgres/start-postgres.ts';
export { HSM_PIN, startSoftHsm, type SoftHsm } from './hsm/soft-hsm.ts';
export { CollectedMetrics, type MetricPoint } from './metrics/collected-metrics.ts';
export {
  prometheusIsThere,
  startPrometheus,
  type PrometheusAlert,
  type PrometheusExemplars,
  type PrometheusSeries,
  type RunningPrometheus,
} from './prometheus/prometheus.ts';
export { freePort } from './process/free-port.ts';
export { findJava, withoutJavaOptions } from './process/java.ts';
export { startJavaProgram, type JavaProgram, type JavaProgramSource } from './process/java-program.ts';
export { memoryInUse } from './process/memory-in-use.ts';
export { sayOnStderr, type Say } from './say.ts';
export type { ReceivedMail } from './smtp/inbox.ts';
export { postfixIsThere, startPostfix, type PostfixOptions, type RunningPostfix } from './smtp/postfix.ts';
export type { Action, Phase, Rule } from './smtp/rules.ts';
export { startSmtpSink, type SmtpSink, type SmtpSinkOptions } from './smtp/smtp-sink.ts';
export { clamdIsThere, EICAR, startClamd, type RunningClamd } from './clamav/clamd.ts';
export { pythonWithCryptography } from './python.ts';
