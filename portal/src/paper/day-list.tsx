import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { type DaySheet, type Density, dayColumns, densityOf } from './day-sheet.ts';

const looks: Record<Density, string> = {
  roomy: '',
  close: 'day-list-close',
  tight: 'day-list-tight',
  overflowing: 'day-list-tight',
};

/** In percent of the width, in the order of a line; what is left is for notes. */
const widths = { roomy: [8, 24, 13, 16, 15], close: [8, 24, 13, 16, 15], tight: [10, 30, 16, 19, 13] } as const;

/** The day of one practitioner or several as a sheet of paper. */
export function DayList({ title, sheets }: { title: string; sheets: readonly DaySheet[] }) {
  const { i18n } = useLingui();
  const density = densityOf(sheets);
  const columns = widths[density === 'overflowing' ? 'tight' : density];
  return (
    <section className={`paper day-list ${looks[density]}`} data-density={density}>
      <h2>{title}</h2>
      <div>
        {sheets.map(({ practitionerId, name, lines }) => (
          <table key={practitionerId}>
            <caption>
              {name}, <Plural value={lines.length} one="# patient" other="# patients" />
            </caption>
            <colgroup>
              {dayColumns.map(({ id }, nth) => (
                <col key={id} style={columns[nth] ? { width: `${columns[nth]}%` } : undefined} />
              ))}
            </colgroup>
            <thead>
              <tr>
                {dayColumns.map((each) => (
                  <th key={each.id} scope="col">
                    {i18n._(each)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.length === 0 && (
                <tr>
                  <td colSpan={dayColumns.length}>
                    <Trans>Nobody is booked.</Trans>
                  </td>
                </tr>
              )}
              {lines.map(({ id, time, patient, birthDate, phone, kind, note }) => (
                <tr key={id}>
                  <td>{time}</td>
                  <td>{patient}</td>
                  <td>{birthDate}</td>
                  <td>{phone}</td>
                  <td>{kind}</td>
                  <td>{note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </section>
  );
}
