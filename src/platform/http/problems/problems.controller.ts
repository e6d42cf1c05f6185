import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { cataloguedError, cataloguedErrors, type CataloguedError } from '#kernel/errors/catalogue';
import { titleOf } from '#kernel/errors/domain-error';
import { RouteNotFound } from '#kernel/errors/kernel.errors';
import { STATUS_OF } from '#kernel/errors/status';
import { Public } from '../agent.decorators.js';
import { sendJson } from '../answers/packed-answers.js';
import { writtenFor } from '../answers/shared-answers.js';
import { exampleProblemOf } from './problem.js';
import { PROBLEM_PAGE_POLICY, problemPage, problemsPage } from './problems.page.js';

/** The pages that `type` of a problem document leads to; programs get the same as JSON. */
@ApiExcludeController()
@Public()
@Controller('problems')
export class ProblemsController {
  @Get()
  all(@Req() request: Request, @Res() response: Response): void {
    const errors = cataloguedErrors();
    answer(request, response, () => problemsPage(errors), { data: errors.map(summary) });
  }

  @Get(':slug')
  one(@Param('slug') slug: string, @Req() request: Request, @Res() response: Response): void {
    const error = cataloguedError(slug);
    if (!error) throw new RouteNotFound('GET', request.path);
    answer(request, response, () => problemPage(error), {
      ...summary(error),
      example: exampleProblemOf(error),
    });
  }
}

function summary(error: CataloguedError): object {
  return {
    type: `/problems/${error.slug}`,
    title: titleOf(error.slug),
    status: STATUS_OF[error.kind],
    error: error.slug.replaceAll('-', '_'),
    ...(error.hint !== undefined && { hint: error.hint }),
  };
}

/** People get the page, also when they say nothing; programs ask for JSON. */
function answer(request: Request, response: Response, html: () => string, json: object): void {
  response.vary('Accept').setHeader('X-Content-Type-Options', 'nosniff');
  if (request.accepts(['html', 'json']) === 'json') return sendJson(response, writtenFor(json));
  response.setHeader('Content-Security-Policy', PROBLEM_PAGE_POLICY);
  response.type('html').send(html());
}
