// SPDX-License-Identifier: Apache-2.0
import { UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, EventName } from '@securemail/contracts';
import type { BatchContext, EventContext } from '../consumer/event-context.ts';
import { RethrowFilter } from './rethrow-filter.ts';

type Handler<Name extends EventName> = (event: DomainEvent<Name>, context: EventContext) => Promise<void>;

/**
 * Nest's `@EventPattern`, with `@Payload` and `@Ctx` in their places, and a compiler that knows which events they are:
 * the method takes `(event, context)` and nothing else. What it throws reaches the event log as it is.
 */
export const HandlesEvent =
  <Name extends EventName>(...names: Name[]) =>
  <Method extends Handler<Name>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    EventPattern<Name[]>(names)(target, key, descriptor);
    UseFilters(RethrowFilter)(target, key, descriptor);
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
  };

type BatchHandler<Name extends EventName> = (
  events: readonly DomainEvent<Name>[],
  context: BatchContext,
) => Promise<void>;

/** What tells the transport that a method takes batches, and which method it is. */
export const BATCH = 'securemail.batch';

/**
 * Like {@link HandlesEvent}, for a method that takes many events at once and commits what it made of them in one
 * transaction. Where that fails it is called again with each of them alone. A service that has such a method has no
 * other: the order within an email holds across all its events.
 */
export const HandlesEvents =
  <Name extends EventName>(...names: Name[]) =>
  <Method extends BatchHandler<Name>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    EventPattern<Name[]>(names, { [BATCH]: `${target.constructor.name}.${key}` })(target, key, descriptor);
    UseFilters(RethrowFilter)(target, key, descriptor);
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
  };
