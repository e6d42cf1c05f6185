import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { Public, Section, Refuses } from '#platform/http';
import { AdvanceClock, ClockTime } from './due.dto.js';
import { ClockStuck } from './due.errors.js';
import { TimeTraveller } from './time-traveller.js';

@Section('Sandbox')
@Public()
@Controller('v1/sandbox/clock')
export class ClockSandboxController {
  constructor(
    private readonly clock: Clock,
    private readonly traveller: TimeTraveller,
  ) {}

  /** What time it is in the sandbox */
  @Get()
  read(): ClockTime {
    return { now: this.clock.now().toISOString() };
  }

  /**
   * Move the clock of every replica forward
   *
   * Steps through all due times in order and answers when everything that was due has been done and every
   * event of it delivered.
   */
  @Post('advance')
  @HttpCode(200)
  @Refuses(ClockStuck)
  async advance(@Body() { seconds }: AdvanceClock): Promise<ClockTime> {
    await this.traveller.advance(seconds * 1000);
    return this.read();
  }
}
