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
import type { ImportPractitioners } from '../domain/import-practitioners.js';

@Route('api/practitioners/import')
@Tags('Import')
export class PractitionerImportController extends Controller {
  constructor(private readonly importPractitioners: ImportPractitioners) {
    super();
  }

  /**
   * A CSV file with a header: comma, semicolon or tab; UTF-8, or what `charset` says, or UTF-16 with a byte order mark.
   * Columns: `familyName`, `givenNames` (several with `|` between), and optionally `rpps`, `specialities` (codes of
   * TRE_R38 or names, `|` between), `phone`, `email`, `placeName`, `placeAddressLine`, `placePostalCode`, `placeCity`,
   * `placeZone` (Europe/Paris if empty), `appointmentTypes` (`Consultation:20|Suivi:15`). Good lines are taken, bad ones
   * come back in `refusedCsv`. Who is known already, by RPPS number or else by name, is left as they are.
   * @summary Import practitioners from a CSV file
   */
  @Post()
  @Consumes('text/csv')
  @Security('bearer')
  @Extension('x-access', { resource: 'practitionerImport', action: 'run', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(200, 'Read; the report says what became of each line')
  @Response<Problem>(413, 'More than 16 MiB or 50,000 lines')
  @Response<Problem>(415, 'Not text/csv, or a charset that is not known')
  @Example<ImportReport>({
    dryRun: true,
    lines: { total: 2, created: 1, unchanged: 0, refused: 1 },
    refused: [{ line: 3, field: 'rpps', code: 'NO_RPPS', reason: 'must be 11 digits' }],
    warnings: [
      {
        line: 2,
        field: 'rpps',
        code: 'CHECK_DIGIT',
        message: 'does not have the usual check digit; compare it with the card',
      },
    ],
    refusedCsv: 'familyName,givenNames,rpps,problem\r\nBernard,Alice,1010,rpps: must be 11 digits\r\n',
  })
  run(@Body() body: string, @Query() dryRun = false): Promise<ImportReport> {
    return this.importPractitioners.import(body, { dryRun });
  }
}
