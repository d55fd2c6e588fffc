import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { assertMayAnswer, assertMayWatch } from './access.js';
import { existing } from './errors.js';
import type { Question, QuestionAnswer, Questions } from './ports.js';

/** Readings with something wrong with them rang nobody: somebody says what they are. */
export class AnswerQuestions {
  constructor(
    private readonly questions: Questions,
    private readonly clock: Clock,
  ) {}

  async list(limit: number, actor: Principal): Promise<Question[]> {
    return this.questions.list(assertMayWatch(actor), limit);
  }

  /** @throws NotFound (404) */
  async answer(id: string, answer: QuestionAnswer, actor: Principal): Promise<void> {
    const question = existing(await this.questions.find(id), 'QUESTION.NOT_FOUND');
    noteSubjects(question.patientId);
    assertMayAnswer(actor, question);
    await this.questions.answer(id, answer, this.clock.now(), actor.id);
  }
}
