import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { toJson } from '#kernel/money';
import { Treasury } from '#modules/points';
import { stepAt, stepBeginsMs } from './domain/decay.js';
import { StepAlreadyDone, StepNotDue } from './economy.errors.js';

export interface DecayOutcome {
  agents: number;
  burnt: number;
}

/** Decay (rules §5.5): every 30 days a tenth of what nobody used for 90 is burnt. */
@Injectable()
export class Decay {
  private readonly logger = new Logger('Decay');

  constructor(
    private readonly treasury: Treasury,
    private readonly clock: Clock,
  ) {}

  async nextDue(): Promise<Date> {
    return new Date(stepBeginsMs(await this.nextStep()));
  }

  /** Every step that has begun and is not closed, in order: each needs the snapshot of its own moment. */
  async runUpTo(at: Date): Promise<void> {
    for (let step = await this.nextStep(); step <= stepAt(at); step++) await this.run(step, at);
  }

  /** Operators may run the step that is due, and no other. */
  async checkDue(step: number): Promise<void> {
    const next = await this.nextStep();
    if (step < next) throw new StepAlreadyDone(step);
    if (step > next || step > this.currentStep()) throw new StepNotDue(step, next);
  }

  /** What the step would burn, as things stand now. */
  async preview(step: number): Promise<DecayOutcome> {
    const { agents, amount } = await this.treasury.previewDecay(step);
    return { agents, burnt: toJson(amount) };
  }

  /** No account loses twice in one step, however often the step runs. */
  async run(step: number, at = this.clock.now()): Promise<DecayOutcome> {
    const { agents, amount } = await this.treasury.decay(step, new Date(stepBeginsMs(step)), at);
    this.logger.log({ msg: 'decay step done', step, agents, burnt: toJson(amount) });
    return { agents, burnt: toJson(amount) };
  }

  currentStep(): number {
    return stepAt(this.clock.now());
  }

  /** The first step ever is the one that has begun last: there is nothing older to burn. */
  private async nextStep(): Promise<number> {
    const steps = await this.treasury.decaySteps();
    const open = steps.filter(({ closed }) => !closed).map(({ step }) => step);
    if (open.length > 0) return Math.min(...open);
    const done = steps.map(({ step }) => step);
    return done.length > 0 ? Math.max(...done) + 1 : this.currentStep();
  }
}
