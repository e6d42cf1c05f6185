import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public, Unlimited } from '#platform/http';
import { NotReady, PartsDown } from '../observability.errors.js';
import { HealthRegistry } from './health.registry.js';

@Public()
@Unlimited()
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthRegistry) {}

  /** Asks nothing of anybody: a process that can answer this must not be killed because a database is away. */
  @Get('live')
  @Header('Cache-Control', 'no-store')
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready() {
    if (this.health.shuttingDown)
      throw new NotReady({ process: { status: 'down', reason: 'shutting_down' } });
    const { ok, parts } = await this.health.ready();
    if (!ok) throw new NotReady(parts);
    return { status: 'ok', parts };
  }

  @Get('deep')
  @Header('Cache-Control', 'no-store')
  async deep() {
    const { ok, parts } = await this.health.deep();
    if (!ok) throw new PartsDown(parts);
    return { status: 'ok', parts };
  }
}
