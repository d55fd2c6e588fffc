import type { ImportReport } from '@cabinet/import/import-lines';
import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Consumes,
  Controller,
  Extension,
  Post,
  Query,
  Request,
  Response,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import type { ImportAppointments } from '../../domain/booking/import-appointments.js';

@Route('api/appointments/import')
@Tags('Import')
export class ImportsController extends Controller {
  constructor(private readonly imports: ImportAppointments) {
    super();
  }

  /**
   * The body is a CSV file (text/csv, UTF-8; comma, semicolon or tab) with the columns `patientIns`, `practitionerRpps`,
   * `appointmentType` (its name) and `start`, and if wanted `patientInsSystem` and `reason`. Good lines are booked, bad
   * ones come back in `refusedCsv` with the reason; the same file again books nothing twice. Past times are taken.
   * @summary Import appointments
   * @param dryRun only say what would be done
   */
  @Post()
  @Consumes('text/csv')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointmentImport', action: 'run', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(413, 'The file is larger than 16 MiB, or has more than 50,000 lines')
  @Response<Problem>(415, 'The body is not text/csv in UTF-8')
  import(
    @Body() body: string,
    @Request() request: AuthenticatedRequest,
    @Query() dryRun = false,
  ): Promise<ImportReport> {
    return this.imports.import(body, { dryRun }, request.user);
  }
}
