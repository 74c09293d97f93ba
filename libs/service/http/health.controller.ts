// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { EventLogStrategy } from '@securemail/event-log';
import type { Response } from 'express';
import type { Platform } from '../platform.ts';
import { PLATFORM } from '../tokens.ts';
import { readinessOf, type Readiness } from './readiness.ts';

/** Probes: `live` fails when work waits and nothing moves, `ready` when the database does not answer. */
@Controller('health')
export class HealthController {
  readonly #readiness: () => Promise<Readiness>;

  constructor(
    @Inject(PLATFORM) platform: Platform,
    @Inject(EventLogStrategy) private readonly strategy: EventLogStrategy,
  ) {
    this.#readiness = readinessOf(platform.pool);
  }

  @Get('live')
  async live(@Res() response: Response): Promise<void> {
    const health = await this.strategy.health();
    response.status(health.alive ? 200 : 503).json(health);
  }

  @Get('ready')
  async ready(@Res() response: Response): Promise<void> {
    const readiness = await this.#readiness();
    response.status(readiness.ready ? 200 : 503).json(readiness);
  }
}
