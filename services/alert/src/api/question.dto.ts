import type { Question, QuestionAnswer } from '../domain/ports.js';
import { type Instant, instant, type Uuid } from './common.dto.js';

export interface QuestionAnswerRequest {
  /** Of an owner: mine or not-mine; of a value, unit or clock: right or wrong. */
  answer: QuestionAnswer;
}

export interface QuestionResponse {
  id: Uuid;
  patientId: Uuid;
  /**
   * LOINC.
   * @example "8867-4"
   */
  code: string;
  /** What is wrong: owner, value, unit or clock. */
  doubt: string;
  /** Of some of the readings. */
  readingIds: string[];
  /** @isInt */
  count: number;
  askedAt: Instant;
  lastAt: Instant;
}

export interface QuestionList {
  items: QuestionResponse[];
}

export const toQuestionResponse = ({ watchers: _, askedAt, lastAt, ...question }: Question): QuestionResponse => ({
  ...question,
  askedAt: instant(askedAt),
  lastAt: instant(lastAt),
});
