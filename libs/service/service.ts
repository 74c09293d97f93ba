// SPDX-License-Identifier: Apache-2.0
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventLogStrategy, type Health } from '@securemail/event-log';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { answerClientErrors } from './http/client-errors.ts';
import { closeWithin, GRACE_MS } from './http/close-within.ts';
import { defaultHeaders } from './http/default-headers.ts';
import type { OpenApiPart } from './http/openapi.ts';
import { openApiPages } from './http/openapi-pages.ts';
import { limitSlowBodies } from './http/slow-bodies.ts';
import { deadLettersOf } from './http/dead-letters.controller.ts';
import { ErrorPagesController } from './http/error-pages.controller.ts';
import { HealthController } from './http/health.controller.ts';
import { readinessOf, type Readiness } from './http/readiness.ts';
import { personTokens } from './http/person-tokens.ts';
import { ProblemFilter } from './http/problem-filter.ts';
import type { Platform } from './platform.ts';
import type { HttpSettings } from './settings/platform.ts';
import { PLATFORM } from './tokens.ts';

export interface RunningService {
  /** Where HTTP is listened on; null where the service was not given a port. */
  url: string | null;
  /** The service's HTTP surface, for a process that puts several behind one port. */
  handler: NestExpressApplication;
  /** What the probes tell, for a process that answers for several. */
  live(): Promise<Health>;
  ready(): Promise<Readiness>;
  close(): Promise<void>;
}

export interface ServiceParts extends Pick<ModuleMetadata, 'controllers' | 'providers'> {
  /** Without it nothing is listened on. */
  http?: HttpSettings | undefined;
  /** Shown at /openapi.json and /docs. */
  openApi?: OpenApiPart;
  /** What was begun for the service: ended with it, also where it does not start. */
  owned?: Closable[];
  /** Begun after the event handlers run, ended before they stop: listeners. */
  workers?: (() => Promise<Closable>)[];
}

export interface Closable {
  close: () => Promise<void> | void;
}

@Module({})
class ServiceModule {
  static of(platform: Platform, strategy: EventLogStrategy, parts: ServiceParts): DynamicModule {
    return {
      module: ServiceModule,
      controllers: [
        HealthController,
        ErrorPagesController,
        deadLettersOf(platform.service),
        ...(parts.controllers ?? []),
      ],
      providers: [
        { provide: PLATFORM, useValue: platform },
        { provide: EventLogStrategy, useValue: strategy },
        ...(parts.providers ?? []),
      ],
    };
  }
}

/**
 * Starts a service: its HTTP surface, its `@EventPattern` methods on the event log, its workers. Closing goes the
 * other way round: nothing new is taken, what is in hand finishes, then connections end.
 */
export async function startService(platform: Platform, parts: ServiceParts): Promise<RunningService> {
  const { service, pool, store, log, logger } = platform;
  const strategy = new EventLogStrategy({ service, pool, store, log, logger });
  const application = await NestFactory.create<NestExpressApplication>(
    ServiceModule.of(platform, strategy, parts),
    {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    },
  );
  const running: Closable[] = [...(parts.owned ?? [])];
  const close = async () => {
    await Promise.all(running.map(async (each) => each.close()));
    await strategy.close();
    await closeWithin(GRACE_MS, application.getHttpServer(), () => application.close());
  };
  try {
    application.disable('x-powered-by');
    application.useGlobalFilters(new ProblemFilter(logger));
    application.use(defaultHeaders);
    const tokenKey = platform.settings.console?.tokenKey;
    if (tokenKey !== undefined) application.use(personTokens(tokenKey));
    if (parts.openApi !== undefined) application.use(openApiPages([parts.openApi]));
    application.connectMicroservice({ strategy }, { inheritAppConfig: false });
    await application.startAllMicroservices();
    await application.init();
    for (const start of parts.workers ?? []) running.push(await start());
    answerClientErrors(application.getHttpServer());
    limitSlowBodies(application.getHttpServer());
    if (parts.http !== undefined) await application.listen(parts.http.port, parts.http.host);
  } catch (error) {
    await close();
    throw error;
  }
  const url = parts.http === undefined ? null : urlOf(application.getHttpServer());
  logger.info({ url }, 'service started');
  return {
    url,
    handler: application,
    live: () => strategy.health(),
    ready: readinessOf(pool),
    async close() {
      await close();
      await platform.close();
      logger.info('service stopped');
    },
  };
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
