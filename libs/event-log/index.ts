// SPDX-License-Identifier: Apache-2.0
export { waitAfter, pause } from './backoff.ts';
export type {
  Arrival,
  Deliver,
  Delivery,
  EventLog,
  Group,
  GroupReach,
  Progress,
  Reach,
  Running,
  Subscription,
} from './event-log.ts';
export {
  Consumer,
  type BatchHandler,
  type ConsumerOptions,
  type EventHandler,
  type Handlers,
} from './consumer/consumer.ts';
export {
  DEAD_LETTER_STATUSES,
  findDeadLetter,
  firstDeadLetterOf,
  listDeadLetters,
  replayDeadLetters,
  replaying,
  type DeadLetter,
} from './consumer/dead-letters.ts';
export { BatchContext, EventContext } from './consumer/event-context.ts';
export {
  AwayError,
  DEFAULT_RETRY_POLICY,
  PoisonEventError,
  reasonOf,
  type RetryPolicy,
} from './consumer/failure.ts';
export { startRetryWorker } from './consumer/retry-worker.ts';
export { kafkaEventLog, type KafkaEventLogOptions } from './kafka/kafka-event-log.ts';
export type { KafkaConnection } from './kafka/connection.ts';
export { migrateConsumer } from './migrate.ts';
export { EventLogStrategy, type EventLogStrategyOptions } from './nest/event-log-strategy.ts';
export { HandlesEvent, HandlesEvents } from './nest/handles-event.ts';
export { postgresEventLog, type PostgresEventLogOptions } from './postgres/postgres-event-log.ts';
export { settledWithin } from './settled-within.ts';
export { sleeper, type Sleeper } from './sleeper.ts';
export { whileLeader } from './postgres/leadership.ts';
export { signalAppended } from './postgres/wake-up.ts';
export { healthOf, type Health } from './watchdog.ts';
export { showLag } from './consumer/gauges.ts';
