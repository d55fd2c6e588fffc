import { Controller, Example, Extension, Get, Route, Security, Tags } from '@tsoa/runtime';
import type { ComingOfAge } from '../domain/coming-of-age.js';
import type { ComingOfAgeList } from './related-person.dto.js';

@Route('api/patients/ages')
@Tags('Families')
export class ComingOfAgeController extends Controller {
  constructor(private readonly comingOfAge: ComingOfAge) {
    super();
  }

  /**
   * Within thirty days, today included. The ages are those of the practice; `sections` is what becomes the minor's own with one of them,
   * in which guardians act no longer. With the last one that is all.
   * @summary List who soon reaches an age at which rights change
   */
  @Get('ahead')
  @Security('bearer')
  @Extension('x-access', { resource: 'comingOfAge', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.patientId'])
  @Example<ComingOfAgeList>({
    items: [
      {
        patientId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
        familyName: 'Lefèvre',
        givenNames: ['Tom'],
        birthDate: '2011-12-03',
        age: 15,
        day: '2026-12-03',
        sections: ['record', 'accesses'],
        guardians: ['019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d12'],
      },
    ],
  })
  async list(): Promise<ComingOfAgeList> {
    const ahead = await this.comingOfAge.ahead();
    return {
      items: ahead.map(({ person: { id, familyName, givenNames, birthDate }, sections, ...rest }) => {
        return { patientId: id, familyName, givenNames, birthDate, sections: [...sections], ...rest };
      }),
    };
  }
}
