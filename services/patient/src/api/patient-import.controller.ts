import type { ImportReport } from '@cabinet/import/import-lines';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Consumes,
  Controller,
  Example,
  Extension,
  Post,
  Query,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { ImportPatients } from '../domain/import-patients.js';

@Route('api/patients/import')
@Tags('Import')
export class PatientImportController extends Controller {
  constructor(private readonly importPatients: ImportPatients) {
    super();
  }

  /**
   * A CSV file with a header: comma, semicolon or tab; UTF-8, or what `charset` says, or UTF-16 with a byte order mark.
   * Columns: `familyName`, `givenNames` (several with `|` between), `birthDate`, and optionally `birthName`, `gender`,
   * `ins`, `insSystem`, `phone`, `email`, `addressLine`, `postalCode`, `city`, `country`. Spreadsheets' days (31/01/1980,
   * where they cannot be other days), M and F, and a line `sep=;` are understood. Good lines are taken, bad ones come back in
   * `refusedCsv` with all that is wrong. Who is known already, by identifier or by name and birth date, is left as they are.
   * @summary Import patients from a CSV file
   */
  @Post()
  @Consumes('text/csv')
  @Security('bearer')
  @Extension('x-access', { resource: 'patientImport', action: 'run', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(200, 'Read; the report says what became of each line')
  @Response<Problem>(413, 'More than 16 MiB or 50,000 lines')
  @Response<Problem>(415, 'Not text/csv, or a charset that is not known')
  @Example<ImportReport>({
    dryRun: false,
    lines: { total: 3, created: 1, unchanged: 1, refused: 1 },
    refused: [
      { line: 4, field: 'birthDate', code: 'NO_SUCH_DATE', reason: 'must be a date that exists, as YYYY-MM-DD' },
    ],
    warnings: [
      {
        line: 2,
        field: 'line',
        code: 'POSSIBLE_DUPLICATE',
        message: 'was taken, but somebody with a similar name was born on the same day; compare them',
      },
    ],
    refusedCsv:
      'familyName,givenNames,birthDate,problem\r\nMartin,Anna,1980-02-30,"birthDate: must be a date that exists, as YYYY-MM-DD"\r\n',
  })
  run(@Body() body: string, @Query() dryRun = false): Promise<ImportReport> {
    return this.importPatients.import(body, { dryRun });
  }
}
