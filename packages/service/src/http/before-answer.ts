import type { DomainError } from '@cabinet/kit/errors';
import { sendProblem } from '@cabinet/kit/http/problem';
import type { Request, RequestHandler, Response } from 'express';

/** What is about to be sent. */
export interface Ending {
  status: number;
  /** As the controller gave it; undefined where none gave an object. */
  value: unknown;
  /** Made when it is asked for: most answers are kept nowhere. */
  text(): string;
}

/** Runs when an answer is whole and before it is sent; never rejects. @returns a refusal to send in its place, if any */
export type BeforeAnswer = (ending: Ending) => Promise<DomainError | undefined>;

type Waiting = Response & { [steps]?: BeforeAnswer[] };
const steps = Symbol('before the answer');

/** Adds a step that whoever waits for the answer waits for too; all steps of a request run at the same time. */
export function beforeAnswer(res: Response, step: BeforeAnswer): void {
  const all = (res as Waiting)[steps];
  if (!all) throw new Error('answers are not held: mount holdAnswers first');
  all.push(step);
}

/**
 * Holds every answer back until its steps have run. Mounted once, before those that add steps.
 * @param look sees each answer first
 */
export const holdAnswers =
  (look: (req: Request, ending: Ending) => void): RequestHandler =>
  (req, res: Waiting, next) => {
    const all: BeforeAnswer[] = [];
    res[steps] = all;
    let value: unknown;
    const json = res.json.bind(res);
    res.json = (body) => {
      value = body;
      return json(body);
    };
    const end = res.end.bind(res);
    res.end = ((...args: Parameters<typeof end>) => {
      res.end = end;
      const [body] = args as unknown[];
      const text = () => (typeof body === 'string' || Buffer.isBuffer(body) ? body.toString() : '');
      const ending = { status: res.statusCode, value, text };
      look(req, ending);
      void Promise.all(all.map((step) => step(ending))).then((outcomes) => {
        const refusal = outcomes.find((outcome) => outcome !== undefined);
        if (!refusal) return end(...args);
        for (const name of ['Content-Length', 'ETag', 'Location', 'Link']) res.removeHeader(name);
        sendProblem(res, refusal);
      });
      return res;
    }) as typeof res.end;
    next();
  };
