import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorCode, errorMessage } from '../error-code.ts';
import type { Logger } from '../logging/logger.ts';
import { HttpError } from './http-error.ts';

interface Answer {
  readonly status: number;
  readonly sentence: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One form for every error that leaves the API. What was not foreseen is logged and answered without details. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const answer = answerFor(error);
    if (answer.status >= 500) this.logger.error({ err: error, requestId: request.id }, 'A request failed.');
    void reply.status(answer.status).headers(answer.headers).send({ error: answer.sentence });
  }
}

/** The answer for anything that a handler or the web framework may throw. */
export function answerFor(error: unknown): Answer {
  if (error instanceof HttpError)
    return { status: error.status, sentence: error.message, headers: error.headers };
  if (error instanceof HttpException) return plain(error.getStatus(), sentenceOf(error, error.getStatus()));
  const status = statusOf(error);
  if (status !== null && status < 500) return plain(status, sentenceOf(error, status));
  return plain(500, 'Something went wrong on our side; nothing was changed. Please try again.');
}

function plain(status: number, sentence: string): Answer {
  return { status, sentence, headers: {} };
}

function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}

/** Fastify's own refusals, said in our words. */
function sentenceOf(error: unknown, status: number): string {
  const code = errorCode(error);
  if (status === 413) return 'the request body is too large';
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') return 'could not parse request body';
  return errorMessage(error);
}
