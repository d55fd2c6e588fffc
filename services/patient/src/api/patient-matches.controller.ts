import { Body, Controller, Example, Extension, Post, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { MatchPerson } from '../domain/match-person.js';
import { aMatch } from './examples.js';
import { type MatchRequest, type PatientMatchList, toPatientMatchResponse } from './patient-match.dto.js';

@Route('api/patients/matches')
@Tags('Identity')
export class PatientMatchesController extends Controller {
  constructor(private readonly match: MatchPerson) {
    super();
  }

  /**
   * Patients born on that day with a similar name, and those reached at the same number or address, each with what agrees and what does
   * not. For somebody who registered themself at auth: the practice compares, and says who it is.
   * @summary Find who a person may be
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'patientMatch', action: 'find', channel: 'search' })
  @Extension('x-audit-subjects', ['answer.items.patientId'])
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Compared')
  @Example<PatientMatchList>({ items: [aMatch] })
  async find(@Body() body: MatchRequest): Promise<PatientMatchList> {
    return { items: (await this.match.find(body)).map(toPatientMatchResponse) };
  }
}
