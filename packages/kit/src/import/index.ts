export { type CsvColumns, type CsvRow, type CsvTable, problemColumn, readCsv, writeCsv } from './csv.js';
export { type CsvBodyOptions, csvBody } from './csv-body.js';
export { dayReader } from './day-reader.js';
export { decodeCsv } from './decode.js';
export {
  type ImportReport,
  type ImportSteps,
  importLines,
  type LineCounts,
  type LineOutcome,
  type LineWarning,
  type RefusedField,
} from './import-lines.js';
