// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { EventLogStrategy } from '@securemail/event-log';
import type { Pool } from '@securemail/event-store';
import type { Response } from 'express';
import type { Platform } from '../platform.ts';
import { PLATFORM } from '../tokens.ts';

/** Probes: `live` fails when work waits and nothing moves, `ready` when the database does not answer. */
@Controller('health')
export class HealthController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(EventLogStrategy) private readonly strategy: EventLogStrategy,
  ) {}

  @Get('live')
  async live(@Res() response: Response): Promise<void> {
    const health = await this.strategy.health();
    response.status(health.alive ? 200 : 503).json(health);
  }

  @Get('ready')
  async ready(@Res() response: Response): Promise<void> {
    const ready = await databaseAnswers(this.platform.pool);
    response.status(ready ? 200 : 503).json({ ready });
  }
}

export const databaseAnswers = (pool: Pool): Promise<boolean> =>
  pool.query('select 1').then(
    () => true,
    () => false,
  );
