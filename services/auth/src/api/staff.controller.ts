import { Controller, Example, Extension, Get, Route, Security, Tags } from '@tsoa/runtime';
import type { FindUsers } from '../domain/find-users.js';
import type { StaffList } from './staff.dto.js';

@Route('api/auth/staff')
@Tags('Users')
export class StaffController extends Controller {
  constructor(private readonly find: FindUsers) {
    super();
  }

  /**
   * Every active user with a role of the practice, for the service that looks whether somebody saw colleagues, relatives or neighbours.
   * Ids alone.
   * @summary List who works in the practice, and who of them is a patient too
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'staff', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Example<StaffList>({
    items: [
      { userId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11', practitionerId: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11' },
      { userId: '019a8f3e-3333-7c55-9b1c-3f1b8f5f2d11', patientId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11' },
    ],
  })
  async staff(): Promise<StaffList> {
    const staff = await this.find.staff();
    return { items: staff.map(({ id, ...links }) => ({ userId: id, ...links })) };
  }
}
