// SPDX-License-Identifier: Apache-2.0
import type { RunningService } from '@securemail/service';
import express, { type Router } from 'express';

type Probed = Pick<RunningService, 'live' | 'ready'>;

/** The probes of a process with several services: it is well only where each of them is. */
export function probesOf(services: Record<string, Probed>): Router {
  const router = express.Router();
  router.get('/health/live', async (_request, response) => {
    const health = await ofEach(services, (service) => service.live());
    const alive = Object.values(health).every((each) => each.alive);
    response.status(alive ? 200 : 503).json({ alive, services: health });
  });
  router.get('/health/ready', async (_request, response) => {
    const readiness = await ofEach(services, (service) => service.ready());
    const each = Object.values(readiness);
    const ready = each.every((service) => service.ready);
    const missing = [...new Set(each.flatMap((service) => service.missing))];
    const isReady: Record<string, boolean> = {};
    for (const [name, service] of Object.entries(readiness)) isReady[name] = service.ready;
    response.status(ready ? 200 : 503).json({ ready, missing, services: isReady });
  });
  return router;
}

async function ofEach<T>(
  services: Record<string, Probed>,
  ask: (service: Probed) => Promise<T>,
): Promise<Record<string, T>> {
  const asked = Object.entries(services).map(async ([name, service]) => [name, await ask(service)] as const);
  return Object.fromEntries(await Promise.all(asked));
}
